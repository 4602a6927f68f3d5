"""How a run ended, as JSON and read back from its folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

from gradwise.events import Finished
from gradwise.report import verdict

FINISHED = Finished("finished", 0, 2, 78, 1.23456, "valid_accuracy", 0.9, 2, {"test_accuracy": 0.875}, Path("runs/a"))


def write(run: Path, *events: dict[str, object]) -> Path:
    run.mkdir(parents=True, exist_ok=True)
    (run / "config.yaml").touch()
    (run / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    return run


def ended(**changed: object) -> dict[str, object]:
    fields = {name: getattr(FINISHED, name) for name in Finished.__dataclass_fields__ if name != "run"}
    return {"kind": "finished", **fields, **changed}


def test_json_is_frozen() -> None:
    assert json.loads(verdict.as_json("digits", FINISHED)) == {
        "schema": 1, "recipe": "digits", "run": "runs/a", "reason": "finished", "exit": 0, "steps": 78, "epochs": 2,
        "seconds": 1.235, "metric": "valid_accuracy", "best": 0.9, "best_epoch": 2, "test": {"test_accuracy": 0.875},
    }  # fmt: skip


def test_the_last_verdict_counts(tmp_path: Path) -> None:
    begun: dict[str, object] = {"kind": "started"}
    run = write(tmp_path / "a", begun, ended(exit_code=130), begun, ended())
    found = verdict.last(run)
    assert found is not None
    assert (found.exit_code, found.test, found.run) == (0, FINISHED.test, run)
    assert (
        verdict.in_words(found)
        == "finished after 78 steps, best valid_accuracy 90.00% in epoch 2, test_accuracy 87.50%"
    )
    assert verdict.last(write(run, ended(), begun)) is None
    assert verdict.last(write(run, ended(), begun, {"kind": "error", "text": "no"})) is None
    assert verdict.last(tmp_path / "nowhere") is None


def test_a_state_for_every_run(tmp_path: Path) -> None:
    begun: dict[str, object] = {"kind": "started"}
    states = {
        "unfinished, in its first epoch": [begun],
        "unfinished, 3 epochs done": [begun, {"kind": "epoch", "epoch": 3}],
        "failed: The loss is NaN.": [begun, {"kind": "error", "text": "The loss is NaN.\n  where: step 3"}],
        "finished, best valid_accuracy 90.00% in epoch 2": [begun, ended()],
        "interrupted by SIGINT": [begun, ended(reason="interrupted by SIGINT", exit_code=130, best=None)],
    }
    for number, (words, events) in enumerate(states.items()):
        run = write(tmp_path / f"run-{number}", *events)
        os.utime(run / "config.yaml", (number, number))
        assert verdict.state(run) == words
    assert [run.name for run in verdict.runs(tmp_path)] == [f"run-{number}" for number in range(5)]
    assert verdict.runs(tmp_path / "nowhere") == []


def test_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    run = write(tmp_path / "a", ended())
    with (run / "events.jsonl").open("ab") as file:
        file.write(b'{"kind": 3}\n[1]\n\xff\n{"kind": "sta')
    assert verdict.last(run) is not None
    assert verdict.state(write(run, {"kind": "finished"})) == "unfinished, in its first epoch"  # of another version
