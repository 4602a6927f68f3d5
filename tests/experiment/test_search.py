"""Searches: what is tried, what is left out, what goes on after a stop, and what the winner has to show."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gradwise import recipefile
from gradwise.cli import main
from gradwise.errors import MissingExtra, RecipeError, RunError
from gradwise.experiment import space
from gradwise.experiment.attempt import Question
from gradwise.experiment.search import Searched, search
from gradwise.experiment.study import Study
from gradwise.experiment.trials import Trial, run

QUICK = ["epochs=1", "watch.on=false", "batch_size=128"]
LR = ["optimizer.lr=log:1e-5..0.1"]


def found_in(folder: Path, domains: list[str] = LR, **settings: Any) -> Searched:
    usual: dict[str, Any] = {"method": "random", "trials": 3, "changes": QUICK, "confirm": 0, "jobs": 1}
    return search("digits", domains, folder=folder, **usual | settings)


def test_the_best_is_confirmed_with_other_seeds(tmp_path: Path) -> None:
    shown: list[tuple[int, int]] = []
    found = found_in(tmp_path, confirm=2, show=lambda tried, done, most: shown.append((done, most)))
    assert shown == [(1, 3), (2, 3), (3, 3)]
    assert found.metric == "valid_accuracy"
    assert found.best.value == max(tried.value or 0 for tried in found.tried)
    made = recipefile.load("digits", [*QUICK, *found.changes])
    assert found.best.value == run(Trial("again", made)).figures["valid_accuracy"]  # the recipe that it says
    assert recipefile.load(str(found.file), ["name=digits"]) == made
    assert found.comparison is not None
    assert found.comparison.metric == "test_accuracy"
    assert set(found.comparison.outcomes["digits"]) == {1, 2}  # seed 0 has chosen
    assert found.comparison.verdicts[0].says in found.file.read_text()
    assert (found.mattered, found.unknown) == ({}, "10 whole trials are needed, 3 there are")


@pytest.mark.parametrize("method", ["random", "tpe"])
def test_a_search_goes_on_as_if_it_had_not_stopped(
    tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_in(tmp_path / "twice", method=method, trials=2)
    values = [tried.values for tried in found_in(tmp_path / "twice", method=method, trials=3).tried]
    assert values == [tried.values for tried in found_in(tmp_path / "once", method=method, trials=3).tried]
    monkeypatch.setattr(sys.modules["gradwise.experiment.search"], "attempt", lambda *_: pytest.fail("it was done"))
    assert [tried.values for tried in found_in(tmp_path / "twice", method=method, trials=3).tried] == values


def test_another_search_is_not_mixed_in(tmp_path: Path) -> None:
    found_in(tmp_path, trials=1)
    with pytest.raises(RunError, match="holds another search"):
        found_in(tmp_path, ["optimizer.lr=log:1e-3..0.1"], trials=1)


def test_a_run_that_diverges_is_the_worst(tmp_path: Path) -> None:
    found = found_in(tmp_path, ["optimizer={name: SGD, lr: 1.0e+30},Adam"], method="grid")
    assert [tried.state for tried in found.tried] == ["failed", "whole"]  # two points, though three trials were allowed
    assert "NaN" in found.tried[0].says or "finite" in found.tried[0].says
    assert found.best.values == {"optimizer": "Adam"}
    with pytest.raises(RunError, match="No trial came to its end"):
        found_in(tmp_path / "all", ["optimizer.lr=1.0e+30..1.0e+31"], changes=[*QUICK, "optimizer=SGD"], trials=1)


def test_asha_stops_the_bad_ones(tmp_path: Path) -> None:
    changes = ["epochs=3", *QUICK[1:]]
    found = found_in(tmp_path, ["optimizer.lr=0.01,0.00001"], method="asha", trials=6, changes=changes)
    stopped = [tried for tried in found.tried if tried.state == "stopped"]
    assert stopped
    assert {tried.epochs for tried in stopped} == {1}
    assert all(tried.epochs == 3 for tried in found.ranked())
    assert found.best.values == {"optimizer.lr": "0.01"}


def test_a_grid_grows(tmp_path: Path) -> None:
    domains = ["optimizer.lr=0.01,0.001", "model.activation=relu,tanh"]
    first = [tried.values for tried in found_in(tmp_path, domains, method="grid", trials=2).tried]
    whole = [tried.values for tried in found_in(tmp_path, domains, method="grid", trials=9).tried]
    assert whole[:2] == first
    assert len({tuple(values.items()) for values in whole}) == len(whole) == 4


def test_what_a_killed_process_left_is_tried_again(tmp_path: Path) -> None:
    question = Question("digits", space.parse(LR), tuple(QUICK), "random")
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    trial = question.study(tmp_path).take(3, question.space)
    trial.set_user_attr("process", f"{socket.gethostname()}:{dead.pid}")
    found = found_in(tmp_path, trials=2)
    assert len(found.tried) == 2
    assert trial.params in [tried.values for tried in found.tried]


def test_of_two_processes_one_gets_the_last(tmp_path: Path) -> None:
    question = Question("digits", space.parse(LR), tuple(QUICK), "random")
    one, other = question.study(tmp_path), question.study(tmp_path)
    taken = [study.take(3, question.space) for study in (one, other, one, other)]
    assert [trial.number for trial in taken[:3]] == [0, 1, 2]
    assert taken[3] is None
    assert len({trial.params["optimizer.lr"] for trial in taken[:3]}) == 3


def test_processes_share_the_trials(tmp_path: Path) -> None:
    apart = found_in(tmp_path / "two", jobs=2, trials=3).tried
    assert sorted(t.values["optimizer.lr"] for t in apart) == sorted(
        t.values["optimizer.lr"] for t in found_in(tmp_path / "one", trials=3).tried
    )


def test_what_mattered(tmp_path: Path) -> None:
    domains = space.parse(["optimizer.lr=log:1e-4..1", "model.activation=relu,tanh"])
    study = Study(tmp_path, "random", 0, "invented")
    for _ in range(20):
        trial = study.take(20, domains)
        value = domains[0].share(trial.params["optimizer.lr"])
        study.tell(trial, "valid_accuracy", None if value > 0.9 else value, 1, stopped=False)
    mattered, unknown = study.mattered()
    assert mattered["optimizer.lr"] > 0.8
    assert sum(mattered.values()) == pytest.approx(1)
    assert unknown == ""


def test_folds_judge_a_trial(tmp_path: Path) -> None:
    found = found_in(tmp_path, ["optimizer.lr=0.01,0.003"], method="grid", folds=2, trials=1)
    (tried,) = found.tried
    changes = [*QUICK, f"optimizer.lr={tried.values['optimizer.lr']}"]
    halves = [run(Trial("half", recipefile.load("digits", [*changes, f"data.valid={i}/2"]))) for i in (1, 2)]
    assert tried.value == pytest.approx(sum(half.figures["valid_accuracy"] for half in halves) / 2)
    assert tried.epochs == 2


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"metric": "test_accuracy"}, "validation set"),
        ({"metric": "valid_acuracy"}, "did you mean 'valid_accuracy'"),
        ({"changes": [*QUICK, "data.valid=0"]}, "no validation set"),
        ({"method": "tp"}, "did you mean 'tpe'"),
        ({"folds": 1}, "2 folds"),
        ({"confirm": 1}, "2 seeds"),
    ],
)
def test_what_cannot_be_searched(tmp_path: Path, settings: dict[str, Any], says: str) -> None:
    with pytest.raises(RecipeError, match=says):
        found_in(tmp_path, **{"trials": 1} | settings)


def test_without_optuna(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingExtra, match=r"gradwise\[search\]"):
        found_in(tmp_path)


def test_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["search", "digits", *QUICK, "--space", LR[0], "--method", "random", "--trials", "2", "--jobs", "1"]
    assert main([*command, "--seeds-confirm", "2", "--json", "search.json"]) == 0
    out = capsys.readouterr().out
    assert "2 trials: 2 whole" in out
    assert "over 2 seeds that the search did not use, on the test set" in out
    (folder,) = (tmp_path / "searches").iterdir()
    assert f"Next: gradwise train {folder.relative_to(tmp_path)}/best.yaml" in out
    assert (folder / "search.svg").read_text().startswith("<svg")
    written = json.loads((tmp_path / "search.json").read_text())
    assert (written["schema"], written["metric"], len(written["trials"])) == (1, "valid_accuracy", 2)
    assert written["confirmed"]["metric"] == "test_accuracy"
    assert main(["search", "digits"]) == 2
    assert "something to change" in capsys.readouterr().err


def test_of_a_large_grid_some_points_are_drawn(tmp_path: Path) -> None:
    found = found_in(tmp_path, ["optimizer.lr=log:1e-3..0.1", "model.dropout=0..0.4"], method="grid", trials=3)
    points = [tuple(tried.values.values()) for tried in found.tried]
    assert len(set(points)) == 3
    assert all(round(dropout * 10) == pytest.approx(dropout * 10) for _, dropout in points)  # 0, 0.1, ... 0.4
    assert len({lr for lr, _ in points}) > 1  # not the first three in a row


def test_a_network_that_is_pruned_is_judged_once_it_is(tmp_path: Path) -> None:
    prune = "after={name: Prune, sparsity: 0.98, begin: 20, end: 100, every: 10}"
    changes = ["epochs=4", "watch.on=false", prune]
    found = found_in(tmp_path, ["optimizer.lr=0.003,0.002"], method="grid", trials=1, changes=changes)
    again = run(Trial("again", recipefile.load("digits", [*changes, *found.changes])))
    assert found.best.value == again.figures["valid_accuracy"]
