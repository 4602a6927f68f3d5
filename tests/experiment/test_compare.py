"""Recipes against each other, and where the verdicts come from."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from gradwise import recipefile
from gradwise.cli import main
from gradwise.errors import GradwiseError, RecipeError
from gradwise.experiment import Outcome, Paired, Trial, compare
from gradwise.experiment.compare import judge, judged
from gradwise.experiment.trials import Store, perform, run
from gradwise.recipe import Recipe, replaced

QUICK = ["epochs=2", "watch.on=false"]


def digits(*changes: str) -> Recipe:
    return recipefile.load("digits", [*QUICK, *changes])


def test_worse_is_told(tmp_path: Path) -> None:
    seen: list[Outcome] = []
    slow = digits("optimizer.lr=0.00001")
    found = compare({"usual": digits(), "slow": slow}, 3, folder=tmp_path, show=lambda o, done, most: seen.append(o))
    assert found.metric == "test_accuracy"
    (verdict,) = found.verdicts
    assert verdict.word == "worse"
    assert verdict.gain is not None
    assert verdict.gain.high < 0
    assert len(seen) == 6
    assert all(o.cpu > 0 and o.memory > 0 and o.steps == 78 for o in seen)
    usual, slow_ones = found.values("usual"), found.values("slow")
    gains = [b - a for a, b in zip(usual, slow_ones, strict=True)]
    assert verdict.gain.mean == pytest.approx(sum(gains) / 3)


def test_what_is_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipes = {"one": digits(), "two": digits("batch_size=64")}
    first = compare(recipes, 2, folder=tmp_path)
    monkeypatch.setattr("gradwise.experiment.trials.run", lambda *_: pytest.fail("it was done"))
    again = compare({"uno": recipes["one"], "due": recipes["two"]}, 2, folder=tmp_path)  # other names, same recipes
    assert again.values("uno") == first.values("one")


def test_a_trial_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    trial = Trial("one", digits())
    whole = run(trial)
    (tmp_path / "results.jsonl").write_text('{"label": "one", "se')  # killed while it wrote
    (outcome,) = perform([trial], tmp_path)
    assert outcome.figures == whole.figures
    assert Store(tmp_path).read()[trial.key].figures == whole.figures


def test_processes_compute_the_same(tmp_path: Path) -> None:
    trials = [Trial("one", replaced(digits(), seed=seed)) for seed in range(2)]
    apart = {o.seed: o.figures for o in perform(trials, tmp_path / "two", 2)}
    assert apart == {o.seed: o.figures for o in perform(trials, tmp_path / "one", 1)}


def test_a_run_that_diverges_is_a_result() -> None:
    broken = digits("optimizer={name: SGD, lr: 1e30}")
    found = compare({"usual": digits(), "broken": broken}, 2)
    (verdict,) = found.verdicts
    assert (verdict.word, verdict.failures) == ("failed", 2)
    assert "2 of 2 runs failed" in verdict.says


def test_a_recipe_that_cannot_begin_is_an_error() -> None:
    with pytest.raises(GradwiseError):
        compare({"usual": digits(), "broken": digits("model.widths=[7, 3]")}, 2)


def test_what_can_be_compared() -> None:
    with pytest.raises(RecipeError, match="two recipes"):
        compare({"usual": digits()})
    with pytest.raises(RecipeError, match="2 seeds"):
        compare({"usual": digits(), "same": digits()}, 1)
    with pytest.raises(RecipeError, match="did you mean 'test_accuracy'"):
        compare({"usual": digits(), "same": digits()}, 2, metric="test_acuracy")


def test_the_same_recipe_twice_is_no_difference() -> None:
    found = compare({"one": digits(), "two": digits()}, 2)
    assert found.verdicts[0].word == "same"
    assert found.values("one") == found.values("two")


def test_anytime_stops_what_is_decided(tmp_path: Path) -> None:
    recipes = {"usual": digits(), "slow": digits("optimizer.lr=0.00001"), "same": digits("optimizer.eps=1.1e-8")}
    found = compare(recipes, 8, folder=tmp_path, design="anytime", jobs=1)
    assert found.verdicts[0].word == "worse"
    assert len(found.outcomes["slow"]) < 8
    assert len(found.outcomes["same"]) == 8


def gain(mean: float, half: float, n: int = 10, p: float = 0.001) -> Any:
    return Paired(n, mean, mean - half, mean + half, p, 1.0, half)


@pytest.mark.parametrize(
    ("given", "p", "failures", "word"),
    [
        (gain(0.02, 0.01), 0.001, 0, "better"),
        (gain(0.02, 0.01), 0.06, 0, "undecided"),  # corrected for several
        (gain(-0.02, 0.01), 0.001, 0, "worse"),
        (gain(0.001, 0.01), 0.5, 0, "undecided"),
        (gain(0.0001, 0.001), 0.5, 0, "same"),
        (gain(0.02, 0.01), 0.001, 1, "failed"),  # better where it ends is not better
        (None, math.nan, 10, "failed"),
    ],
)
def test_verdicts(given: Any, p: float, failures: int, word: str) -> None:
    assert judged(given, p, 0.002, "test_accuracy", failures, 10)[0] == word


def test_more_seeds_are_counted() -> None:
    _, says = judged(gain(0.001, 0.01), 0.5, 0.002, "test_accuracy")
    assert says == "no difference found at this size: 189 more seeds would see 0.2 points"


def outcomes(label: str, values: list[float]) -> list[Outcome]:
    return [Outcome(label, seed, "", {"test_loss": value}, 1, 1.0, 1.0, 1.0, "") for seed, value in enumerate(values)]


def test_a_loss_over_decades_is_judged_by_its_logarithm() -> None:
    wild, tame = [6.3e8, 2.8e6, 1.7e5, 5.3e4, 6.8e7], [0.03, 0.07, 0.05, 0.04, 0.06]
    both = [*outcomes("as it is", wild), *outcomes("clipped", tame)]
    (verdict,) = judge(both, ["as it is", "clipped"], 5, "test_loss").verdicts
    assert (verdict.word, verdict.says) == ("better", "better by 7.9 decades")
    assert verdict.gain is not None
    assert verdict.gain.mean == pytest.approx(sum(math.log10(a / b) for a, b in zip(wild, tame, strict=True)) / 5)
    (verdict,) = judge(both, ["clipped", "as it is"], 5, "test_loss").verdicts
    assert (verdict.word, verdict.says) == ("worse", "worse by 7.9 decades")
    (verdict,) = judge([*outcomes("a", wild), *outcomes("b", wild)], ["a", "b"], 5, "test_loss").verdicts
    assert verdict.word == "same"


def test_ten_pairs_that_agree_are_enough_where_one_is_wild() -> None:
    sick = [0.92, 0.97, 0.92, 0.98, 0.95, 0.4, 0.94, 0.95, 0.98, 0.93]
    runs = [
        Outcome(label, seed, "", {"test_accuracy": value}, 1, 1.0, 1.0, 1.0, "")
        for label, values in (("sick", sick), ("treated", [1.0] * 10))
        for seed, value in enumerate(values)
    ]
    exact, usual = (
        judge(runs, ["sick", "treated"], 10, "test_accuracy", exact=way).verdicts[0] for way in (True, False)
    )
    assert exact.p == 2 / 1024
    assert usual.p > exact.p
    few, same = (
        judge(runs, ["sick", "treated"], 10, "test_accuracy", exact=way).verdicts[0].gain for way in (True, False)
    )
    assert few is not None
    assert same is not None
    assert (few.low, few.high) == (same.low, same.high)  # the interval stays Student's and the bootstrap's


def test_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = " ".join(["digits", *QUICK])
    command = ["compare", settings, f"{settings} optimizer.lr=0.00001", "--seeds", "2", "--jobs", "1"]
    assert main([*command, "--json", "verdict.json"]) == 0
    out = capsys.readouterr().out
    assert "2 paired seeds; a fixed design" in out
    assert "optimizer.lr=0.00001" in out
    verdict = json.loads((tmp_path / "verdict.json").read_text())
    assert (verdict["schema"], verdict["metric"], len(verdict["outcomes"])) == (1, "test_accuracy", 4)
    assert (tmp_path / "comparisons" / "digits" / "results.jsonl").exists()
    assert main(["compare", "digits"]) == 2
    assert "needs two recipes" in capsys.readouterr().err
