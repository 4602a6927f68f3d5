"""The deep recipes, and how the vanishing-gradient study judges what it measured: on rows that are made up."""

from __future__ import annotations

import itertools
import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gradwise
from gradwise import recipefile
from gradwise.experiment import Outcome
from gradwise.recipe import Recipe

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import deep  # noqa: E402  # pyright: ignore[reportMissingImports]
import deep_page  # noqa: E402  # pyright: ignore[reportMissingImports]
from deep_cases import ACTIVATIONS, NAMED, TECHNIQUES, recipe_of  # noqa: E402  # pyright: ignore
from deep_rows import Row, claim, goes_on, judge, keep, reach, read  # noqa: E402  # pyright: ignore

SMALL: dict[str, Any] = {"data": {"name": "Digits", "valid": 0.1, "test": 0.1}, "epochs": 2.0, "compile": "never"}


def small(activation: str, depth: int = 30, **stages: Any) -> Recipe:
    """A deep recipe on scikit-learn's digits, 16 wide."""
    written = recipefile.to_dict(recipefile.load(f"deep-{activation}"))
    model = written["model"] | {"widths": [64, *[16] * depth, 10]}
    return recipefile.from_dict(written | SMALL | {"model": model} | stages)


def row(technique: str, depth: int, *accuracy: float | None, activation: str = "tanh", **changes: Any) -> Row:
    made = Row(technique, activation, depth, 0.2, {"0.2": 0.5}, list(accuracy), [1e-3, 1e-4, 1e-2, 0.1], 0.5, [[]], 1.0)
    return replace(made, **changes)


PLAIN = (0.10, 0.11, 0.10, 0.11, 0.10)


# Recipes.


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_deep_recipe_shows_the_vanishing_gradient(activation: str) -> None:
    assert len(recipefile.to_dict(recipefile.load(f"deep-{activation}"))["model"]["widths"]) == 32
    trained = gradwise.train(small(activation), show=lambda event: None)
    codes = [finding.code for finding in gradwise.diagnose(trained.trace).findings]
    assert "vanishing-gradient" in codes
    cured = small(activation, 8, surgery=["Normalisation", "Residual"])
    trained = gradwise.train(cured, show=lambda event: None)
    assert trained.finished.test["test_accuracy"] > 0.5
    assert "vanishing-gradient" not in [finding.code for finding in gradwise.diagnose(trained.trace).findings]


def test_every_technique_makes_a_recipe() -> None:
    for technique in TECHNIQUES:
        for activation in technique.stages:
            grid = technique.grid(activation, 3)
            assert len(grid) == 3
            assert technique.grid(activation, 30)[1:] == grid
            recipe = recipe_of(technique, activation, 3, grid[0], 7, Path("none.npz"), watch=False)
            assert recipe.seed == 7
            assert recipe.optimizer.lr == grid[0]
            assert recipe.model.widths == (784, 64, 64, 64, 10)


# Measuring.


def test_the_gradient_at_the_start_is_exact_where_float32_has_none() -> None:
    sizes = deep.gradient_at_start(small("sigmoid", 60))
    assert len(sizes) == 61
    hidden = sizes[1:-1]
    assert all(0 < a < b for a, b in itertools.pairwise(hidden))
    assert hidden[0] < 1e-30


def test_the_gradient_at_the_start_is_the_optimizer_s() -> None:
    sizes = deep.gradient_at_start(small("sigmoid", 6, gradient=["Sign"]))
    assert sizes[1:] == pytest.approx([1.0] * 6)  # the first has inputs that are always 0


def test_sigmoids_make_all_images_alike_on_the_way_forward() -> None:
    apart = deep.spreads(small("sigmoid", 6))
    assert len(apart) == 7
    assert apart[-1][0] < 1e-3 * apart[0][0]
    assert apart[-1][1] > 0.1 * apart[0][1]


def test_the_rate_is_chosen_on_the_validation_set() -> None:
    def outcome(accuracy: float, loss: float = 1.0, failed: str = "") -> Outcome:
        return Outcome("any", 100, "key", {"valid_accuracy": accuracy, "valid_loss": loss}, failed=failed)

    assert deep.best({0.1: outcome(0.5), 0.2: outcome(0.7), 0.3: outcome(0.9, failed="NaN")}) == 0.2
    assert deep.best({0.1: outcome(0.5, 2.0), 0.2: outcome(0.5, 1.0)}) == 0.2
    assert deep.best({0.1: outcome(0, failed="NaN"), 0.2: outcome(0, failed="NaN")}) == 0.1


# Judging.


def words(*rows: Row) -> dict[tuple[str, int], str]:
    return {(j.row.technique, j.row.depth): j.word for j in judge(rows)}


def test_a_technique_treats_where_the_network_learns_with_it() -> None:
    found = words(
        row("plain", 10, *PLAIN),
        row("he", 10, 0.90, 0.91, 0.90, 0.92, 0.90),
        row("adam", 10, 0.40, 0.41, 0.42, 0.40, 0.43),
        row("zeros", 10, *PLAIN),
        row("l1", 10, 0.13, 0.14, 0.13, 0.14, 0.13),  # for certain, and of no use
        row("lion", 10, 0.9, 0.1, 0.1, 0.1, 0.1),  # one lucky seed proves nothing
        row("sign", 10, 0.9, None, 0.9, 0.9, 0.9),
    )
    assert found == {
        ("plain", 10): "", ("he", 10): "treats", ("adam", 10): "eases", ("zeros", 10): "no", ("l1", 10): "no",
        ("lion", 10): "no", ("sign", 10): "worse",
    }  # fmt: skip


def test_what_learns_by_itself_needs_no_treatment() -> None:
    found = words(
        row("plain", 10, 0.90, 0.91, 0.90, 0.91, 0.90),
        row("he", 10, 0.91, 0.91, 0.90, 0.91, 0.90),
        row("zeros", 10, *PLAIN),
    )
    assert found["he", 10] == "learns anyway"
    assert found["zeros", 10] == "worse"


def test_many_techniques_are_corrected_for_being_many() -> None:
    weak = row("he", 10, 0.20, 0.11, 0.25, 0.21, 0.12)
    alone = judge([row("plain", 10, *PLAIN), weak])[1]
    names = [name for name in NAMED if name not in ("plain", "he")]
    among = judge([row("plain", 10, *PLAIN), weak, *(row(name, 10, *PLAIN) for name in names)])[1]
    assert alone.gain is not None
    assert alone.p == pytest.approx(alone.gain.p)
    assert among.p == pytest.approx(min(1, alone.p * (len(names) + 1)))


def test_a_claim_is_true_in_part() -> None:
    good = (0.90, 0.91, 0.90, 0.92, 0.90)
    rows = [row("plain", depth, *PLAIN, activation=a) for depth in (10, 30) for a in ACTIVATIONS]
    rows += [row("he", 10, *good, activation=a) for a in ("tanh", "relu")]
    rows += [row("he", 30, *good, activation="relu"), row("he", 10, *PLAIN, activation="sigmoid")]
    rows += [row("batch-norm", depth, *good, activation=a) for depth in (10, 30) for a in ACTIVATIONS]
    rows += [row("zeros", 10, *PLAIN, activation=a) for a in ACTIVATIONS]
    rows += [
        row("adam", 10, *((0.5, 0.5, 0.51, 0.5, 0.5) if a == "relu" else PLAIN), activation=a) for a in ACTIVATIONS
    ]
    rows += [row("lion", 10, *((0.9, 0.1, 0.1, 0.1, 0.1) if a == "tanh" else PLAIN), activation=a) for a in ACTIVATIONS]
    found = judge(rows)
    assert [reach("he", a, found) for a in ACTIVATIONS] == [0, 10, 30]
    assert claim("he", found, 30) == "in part: ReLU to 30 layers, tanh to 10 layers"
    assert claim("batch-norm", found, 30) == "true"
    assert claim("zeros", found, 30) == "false"
    assert claim("adam", found, 30) == "false (eases ReLU)"
    assert claim("lion", found, 30) == "false (tanh unclear)"
    table = deep_page.claims(found)
    assert "| He | – | **10** | **30** | in part: ReLU to 30 layers, tanh to 10 layers |" in table
    assert "| zeros | – | – | – | false |" in table
    assert "| Adam | – | – | (10) | false (eases ReLU) |" in table
    assert "| Lion | – | ? | – | false (tanh unclear) |" in table


def test_what_failed_is_not_tried_with_more_layers() -> None:
    rows = [row("plain", 10, *PLAIN), row("he", 10, *PLAIN), row("lsuv", 10, 0.8, 0.9), row("lsuv", 30, 0.7, 0.7)]
    assert goes_on(NAMED["he"], "tanh", 10, rows) == "done"
    assert goes_on(NAMED["he"], "tanh", 30, rows) == "failed with 10 layers"
    assert goes_on(NAMED["he"], "relu", 10, rows) == ""
    assert goes_on(NAMED["lsuv"], "tanh", 100, rows) == "failed with 30 layers"
    assert goes_on(NAMED["adam"], "tanh", 30, rows) == "not known with 10 layers"
    assert goes_on(NAMED["plain"], "tanh", 100, rows) == ""


# Rows and the page.


def test_rows_are_kept_in_order_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    for one in (row("he", 30, 0.5), row("plain", 30, 0.1, None), row("he", 10, 0.7), row("he", 30, 0.6)):
        keep(one, file)
    assert read(file) == [row("he", 10, 0.7), row("plain", 30, 0.1, None), row("he", 30, 0.6)]
    assert read(tmp_path / "none.jsonl") == []


def test_what_is_left_of_the_gradient() -> None:
    assert row("he", 3, 0.1).share == pytest.approx(1e-2)
    assert math.isnan(row("zeros", 3, 0.1, gradient=[0.0, 0.0, 0.0, 0.1]).share)
    assert row("he", 3, 0.2, None).mean == pytest.approx(0.15)


def test_blocks_of_the_page_are_replaced() -> None:
    page = "before\n<!-- begin one -->\nold\n<!-- end one -->\nafter\n"
    assert deep_page.replaced(page, "one", "new \\1") == page.replace("old", "new \\1")
    with pytest.raises(ValueError, match="0 blocks two"):
        deep_page.replaced(page, "two", "new")


def test_the_doctor_s_table_counts_runs() -> None:
    sick = row("plain", 10, *PLAIN, found=[["vanishing-gradient:error"], ["dead-units:error"], []])
    table = deep_page.doctor(judge([sick, row("he", 10, *(0.9,) * 5), row("adam", 10, *(0.5,) * 5)]))
    assert "| 10 |  | 1 of 3 |  |" in table
    assert "| it learns (80 % or more) | 1 | 0 | 0 | 1 |" in table
    assert "| it learns a little | 1 | 0 | 0 | 1 |" in table
    assert "| it guesses (15 % or less) | 3 | 1 | 1 | 1 |" in table


def test_the_committed_rows_are_whole() -> None:
    rows = read()
    for one in rows:
        assert one.technique in NAMED
        assert len(one.accuracy) == deep.SEEDS
        assert len(one.gradient) == one.depth + 1
        assert np.isfinite([value for value in one.accuracy if value is not None]).all()
    assert len({(r.technique, r.activation, r.depth) for r in rows}) == len(rows)
