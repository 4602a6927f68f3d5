"""Planted faults on the digits: each is named, and its remedy wins; nothing is done to what is healthy."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gradwise import recipefile
from gradwise.cli import main
from gradwise.errors import RecipeError
from gradwise.experiment import paired
from gradwise.experiment.compare import Comparison, Verdict
from gradwise.experiment.trials import Outcome
from gradwise.recipe import Recipe
from gradwise.remedy import prescribe, record, treat
from gradwise.remedy.patient import Examination, examine
from gradwise.remedy.proof import beats, promises, rescued, told
from gradwise.remedy.trying import misfit
from gradwise.report import operation

MODULE = sys.modules["gradwise.remedy.treat"]  # the package bears its function under that name
HIGH = "optimizer.lr=0.3"
DEEP = ("model.activation=sigmoid", f"model.widths=[64, {', '.join(['32'] * 12)}, 10]", "surgery=[]")


def digits(*changes: str) -> Recipe:
    return recipefile.load("digits", ["epochs=4", *changes])


FAULTS = {
    "learning-rate-too-high": ((HIGH,), "rate x 0.1"),
    "vanishing-gradient": (DEEP, "ReLU"),
    "symmetric-initialisation": (("surgery=[Zeros]",), "He or Xavier"),
    "over-regularised": (("optimizer.weight_decay=10",), "decay x 0.0001"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_planted_fault_is_named_and_its_remedy_removes_it(code: str) -> None:
    fault, remedy = FAULTS[code]
    sick = examine(digits(*fault))
    assert sick.findings[0].code == code
    prescribed = prescribe(sick.findings, digits(*fault))
    assert prescribed[0].codes == (code,)
    cured = examine(next(each for each in prescribed if each.label == remedy).recipe)
    assert code not in cured.codes()
    assert cured.figures["valid_accuracy"] > sick.figures["valid_accuracy"] + 0.3


def test_nothing_is_done_to_what_is_healthy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["treat", "digits", "epochs=8", "--out", str(tmp_path), "--json", str(tmp_path / "all.json")]) == 0
    assert "nothing to treat" in capsys.readouterr().out
    found = json.loads((tmp_path / "all.json").read_text())
    assert (found["verdict"], found["tried"], found["proof"], found["treated"]) == ("healthy", [], None, None)


def test_the_right_remedy_wins(tmp_path: Path) -> None:
    said: list[str] = []
    recipe = digits(HIGH, "batch_size=64")
    found = treat(recipe, 3, budget=2, folder=tmp_path, jobs=1, show=said.append)
    assert found.word == "cured"
    assert found.winner is not None
    assert found.winner.label in ("rate x 0.1", "rate x 0.01")
    assert found.stands[found.winner.label] == ()
    assert found.tried[0].prescription.label == "doing nothing"
    assert sum(each.prescription.label.startswith("random ") for each in found.tried) == 2  # an equal budget
    assert found.proof is not None
    assert found.proof.seeds == 3
    assert list(found.proof.outcomes) == ["doing nothing", found.winner.label, "blind recipe", "random search"]
    assert set(found.proof.outcomes["doing nothing"]) == {1, 2, 3}  # not the seed that chose
    assert any(line.startswith("proof 12/12") for line in said)

    path = record(found, tmp_path)
    text = path.read_text()
    treated = recipefile.load(str(path))
    assert treated.optimizer == found.winner.recipe.optimizer
    assert treated.name == "digits-treated"
    above = [line for line in text.splitlines() if line.startswith("#")]
    assert "learning-rate-too-high" in text
    assert any("proof: " in line for line in above)
    assert any("blind recipe" in line for line in above)


def test_what_hides_the_fault_is_no_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    sick = examine(digits(HIGH))
    monkeypatch.setattr(MODULE, "examine", lambda _: Examination(sick.findings, {"train_loss": 0.1}))
    monkeypatch.setattr(MODULE, "compare", lambda recipes, seeds, **_: proof(list(recipes), "better"))
    found = treat(digits(HIGH, "epochs=2"), 2, budget=1, jobs=1)
    assert found.word == "hidden"
    assert found.winner is None
    assert "no cure" in found.says
    assert found.stands["rate x 0.1"] == ("learning-rate-too-high",)
    with pytest.raises(RecipeError, match="no treated recipe"):
        record(found, ".")


def test_what_is_not_better_is_no_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "compare", lambda recipes, seeds, **_: proof(list(recipes), "undecided"))
    found = treat(digits(HIGH, "epochs=3"), 2, budget=1, jobs=1)
    assert (found.word, found.winner) == ("uncured", None)


@pytest.mark.parametrize(("left", "word"), [(False, "cured"), (True, "hidden")])
def test_notes_are_treated_where_there_is_nothing_else(left: bool, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sick = examine(digits(HIGH))
    note = replace(sick.findings[0], severity="note")
    assert prescribe([note], digits(HIGH))
    seen = iter([Examination((note,), {"train_loss": 2.0})])
    again = Examination((note,) if left else (), {"train_loss": 0.1})
    monkeypatch.setattr(MODULE, "examine", lambda _: next(seen, again))
    monkeypatch.setattr(MODULE, "compare", lambda recipes, seeds, **_: proof(list(recipes), "better"))
    assert treat(digits(HIGH, "epochs=2"), 2, budget=1, jobs=1).word == word


def test_a_note_without_a_better_remedy_is_no_illness(monkeypatch: pytest.MonkeyPatch) -> None:
    note = replace(examine(digits(HIGH)).findings[0], severity="note")
    monkeypatch.setattr(MODULE, "examine", lambda _: Examination((note,), {"train_loss": 2.0}))
    monkeypatch.setattr(MODULE, "compare", lambda recipes, seeds, **_: proof(list(recipes), "undecided"))
    found = treat(digits(HIGH, "epochs=3"), 2, budget=1, jobs=1)
    assert (found.word, found.winner) == ("healthy", None)
    assert "nothing but a note" in found.says


def proof(labels: list[str], word: str) -> Comparison:
    outcomes = {label: {1: Outcome(label, 1, "", {"test_accuracy": 0.5})} for label in labels}
    verdicts = [Verdict(label, word, word, None, 0.01, 1.0, 1.0, 0) for label in labels[1:]]  # pyright: ignore[reportArgumentType]
    return Comparison("test_accuracy", labels[0], "fixed", 1, outcomes=outcomes, verdicts=verdicts)


def test_a_remedy_that_promises_is_given_as_many_seeds_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    gain = paired([0.1, 0.7, 0.4, 0.1, 0.1])

    def compare(recipes: dict[str, Recipe], seeds: int, **_: object) -> Comparison:
        found = proof(list(recipes), "undecided" if not asked else "better")
        verdicts = [replace(verdict, gain=gain, p=0.06 if not asked else 0.01) for verdict in found.verdicts]
        asked.append(seeds)
        return replace(found, verdicts=verdicts)

    monkeypatch.setattr(MODULE, "compare", compare)
    found = treat(digits(HIGH, "epochs=3"), 5, budget=2, jobs=1)
    assert found.word == "cured"
    assert asked == [5, 10]


def test_a_rival_has_to_be_proved_better() -> None:
    def runs(label: str, *values: float) -> dict[int, Outcome]:
        return {seed: Outcome(label, seed, "", {"test_accuracy": value}) for seed, value in enumerate(values)}

    outcomes = {
        "reasoned": runs("reasoned", 0.95, 0.96, 0.94, 0.95, 0.96),
        "luckier": runs("luckier", 0.96, 0.95, 0.96, 0.95, 0.96),
        "better": runs("better", 0.97, 0.98, 0.97, 0.97, 0.98),
    }
    proof = Comparison("test_accuracy", "nothing", "fixed", 5, outcomes=outcomes)
    assert not beats(proof, "luckier", "reasoned")
    assert beats(proof, "better", "reasoned")
    assert not beats(proof, "reasoned", "better")


def test_a_run_that_ends_where_none_did_is_rescued() -> None:
    found = proof(["doing nothing", "rate x 0.1"], "failed")
    assert rescued(found.verdicts[0], found) == ""
    found.outcomes["doing nothing"] = {1: Outcome("doing nothing", 1, "", failed="NaN")}
    assert rescued(found.verdicts[0], found) == "1 of 1 runs fail without it, none with it"


def test_runs_that_fail_too_often_to_be_chance_are_rescued() -> None:
    def of(failing: int, seeds: int) -> Comparison:
        found = proof(["doing nothing", "one output more"], "undecided")
        ends = {seed: Outcome("doing nothing", seed, "", failed="x" * (seed < failing)) for seed in range(seeds)}
        found.outcomes["doing nothing"] = ends
        return found

    few, many = of(4, 5), of(8, 10)
    assert rescued(few.verdicts[0], few) == ""
    assert promises(few.verdicts[0], few)  # as many seeds again decide
    assert rescued(many.verdicts[0], many) == "8 of 10 runs fail without it, none with it"
    assert not promises(many.verdicts[0], many)
    assert rescued(replace(many.verdicts[0], failures=1), many) == ""


def test_a_run_that_meets_nan_is_examined_too() -> None:
    seen = examine(digits("optimizer={name: SGD, lr: 1e30}"))
    assert seen.failed
    assert "non-finite" in seen.codes()
    assert prescribe(seen.findings, digits("optimizer={name: SGD, lr: 1e30}"))


def test_a_remedy_that_does_not_fit_the_network_says_why() -> None:
    (residual,) = [
        p
        for p in prescribe(examine(digits(*DEEP)).findings, digits("model.widths=[64, 20, 10]"))
        if p.label == "Residual"
    ]
    assert "Residual finds no place" in misfit(residual)
    assert misfit(prescribe(examine(digits(HIGH)).findings, digits())[0]) == ""


def test_what_can_be_treated(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="at least 2 seeds"):
        treat(digits(), 1)
    with pytest.raises(RecipeError, match="a budget of 1"):
        treat(digits(), budget=0)
    assert main(["treat", "train.py"]) == 2
    told = capsys.readouterr().err
    assert "There is no file train.py" in told
    assert len(told.splitlines()) <= 5
    assert main(["treat", "digits", "--out", str(tmp_path), "--json", str(tmp_path / "no" / "x.json")]) == 2


@pytest.mark.parametrize(
    ("changes", "treated"), [(["optimizer={name: SGD, lr: 1e30}", "epochs=1"], True), (["epochs=8"], False)]
)
def test_a_run_that_turns_out_ill_is_treated(
    changes: list[str],
    treated: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[tuple[Recipe, Path]] = []
    monkeypatch.setattr(operation, "cure", lambda recipe, seeds, budget, out, *_: asked.append((recipe, out)))
    assert main(["train", "digits", *changes, "--run", str(tmp_path / "run"), "--treat"]) == 0
    assert [out for _, out in asked] == ([tmp_path / "run" / "treatment"] if treated else [])
    assert ("nothing to treat" in capsys.readouterr().out) != treated


@pytest.mark.parametrize(
    ("metric", "score", "expected"),
    [
        ("test accuracy", 0.91, "test accuracy 0.91"),
        ("loss", 36.0, "loss -36"),  # a log-likelihood's
        ("minus reward", -2.5, "reward -2.5"),
        ("1 - r2", -0.2, "1 - r2 0.2"),
    ],
)
def test_a_figure_is_told_as_the_program_gives_it(metric: str, score: float, expected: str) -> None:
    assert told(metric, score) == expected
