"""How a run ended: as JSON for programs, and read back from the run folder for `ls` and `resume`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gradwise.events import Finished, recorded
from gradwise.report.figures import count, figure, figures

SCHEMA = 1


def as_json(recipe: str, finished: Finished) -> str:
    """The verdict as one JSON object. Fields are added under the same schema; one that changes raises it."""
    verdict = {
        "schema": SCHEMA,
        "recipe": recipe,
        "run": str(finished.run) if finished.run else None,
        "reason": finished.reason,
        "exit": finished.exit_code,
        "steps": finished.steps,
        "epochs": finished.epochs,
        "seconds": round(finished.seconds, 3),
        "metric": finished.metric,
        "best": finished.best,
        "best_epoch": finished.best_epoch,
        "test": finished.test,
    }
    return json.dumps(verdict, indent=2) + "\n"


def last(run: Path) -> Finished | None:
    """The verdict of a run as it stands; None where it is going on, or was killed, or failed."""
    verdict: dict[str, Any] = {}
    for event in recorded(run):
        if event["kind"] in ("started", "finished", "error"):
            verdict = event
    try:
        known = {name: verdict[name] for name in Finished.__dataclass_fields__ if name != "run"}
        return Finished(**known, run=run) if verdict["kind"] == "finished" else None
    except KeyError:
        return None


def in_words(finished: Finished) -> str:
    """One line: steps, the best, the test."""
    parts = [f"{finished.reason} after {count(finished.steps, 'step')}", *best(finished)]
    return ", ".join([*parts, figures(finished.test)] if finished.test else parts)


def best(finished: Finished) -> list[str]:
    """The best metric and its epoch; nothing where none was measured."""
    if finished.best is None:
        return []
    return [f"best {finished.metric} {figure(finished.metric, finished.best)} in epoch {finished.best_epoch}"]


def state(run: Path) -> str:
    """Some words for `ls`, also of a run that has no verdict."""
    finished = last(run)
    if finished is not None:
        return ", ".join([finished.reason, *best(finished)])
    kinds = [event for event in recorded(run) if event["kind"] in ("started", "epoch", "error")]
    if kinds and kinds[-1]["kind"] == "error":
        return "failed: " + str(kinds[-1].get("text", "")).partition("\n")[0]
    epochs = [event["epoch"] for event in kinds if event["kind"] == "epoch" and "epoch" in event]
    return f"unfinished, {count(epochs[-1], 'epoch')} done" if epochs else "unfinished, in its first epoch"


def runs(root: Path) -> list[Path]:
    """The run folders in `root`, the newest last."""
    return [path.parent for path in sorted(root.glob("*/config.yaml"), key=lambda path: path.stat().st_mtime)]
