"""Every problem has its remedies or its sentence; findings become recipes."""

from __future__ import annotations

import torch

from gradwise import recipefile
from gradwise.data import Tensors
from gradwise.diagnose import CODES, Finding
from gradwise.model import MLP
from gradwise.recipe import Recipe
from gradwise.remedy import BEYOND, CATALOGUE, prescribe
from gradwise.remedy.catalogue import beyond
from gradwise.remedy.prescribe import Prescription, together
from gradwise.remedy.rivals import blind, randomly

DIGITS = recipefile.load("digits", ["optimizer.lr=0.3"])


def finding(code: str, severity: str = "error", cause: str = "") -> Finding:
    return Finding(code, severity, 0.9, "", (), consequence_of=cause)  # pyright: ignore[reportArgumentType]


def labels(found: list[Prescription]) -> list[str]:
    return [prescription.label for prescription in found]


def test_every_problem_has_its_remedies_or_its_sentence() -> None:
    assert set(CATALOGUE) | set(BEYOND) == set(CODES)
    assert not set(CATALOGUE) & set(BEYOND)
    assert all(beyond(code) and "{" not in beyond(code) for code in BEYOND)
    assert beyond("dead-units") == ""


def test_the_first_findings_remedies_come_first_consequences_last() -> None:
    high, dead = finding("learning-rate-too-high"), finding("dead-units", cause="learning-rate-too-high")
    found = prescribe([dead, high], DIGITS)
    assert labels(found)[:2] == ["rate x 0.1", "rate x 0.01"]
    assert found[0].changes == ("optimizer.lr=0.03",)
    assert found[0].recipe.optimizer.lr == 0.03  # pyright: ignore[reportAttributeAccessIssue]
    assert found[0].codes == ("learning-rate-too-high",)
    leaky = next(prescription for prescription in found if prescription.label == "leaky ReLU")
    assert leaky.codes == ("dead-units", "learning-rate-too-high")  # the cause must go too
    assert labels(found).count("rate x 0.1") == 1


def test_what_has_no_place_is_not_prescribed() -> None:
    assert "WarmUp" not in labels(prescribe([finding("learning-rate-too-high")], DIGITS))  # it has it
    found = prescribe([finding("overfitting", "note"), finding("learning-rate-too-high")], DIGITS)
    assert found
    assert all(each.codes == ("learning-rate-too-high",) for each in found)  # notes wait where there is worse
    assert prescribe([finding("labels-unrelated")], DIGITS) == []


def test_stages_that_are_not_changed_may_be_anything() -> None:
    x, y = torch.randn(20, 3), torch.arange(20) % 2
    recipe = Recipe(data=Tensors(x, y), model=MLP(widths=(3, 2)), batch=(lambda batch, rng: batch,))
    found = prescribe([finding("learning-rate-too-high")], recipe)
    assert found[0].recipe.data is recipe.data
    assert found[0].recipe.batch == recipe.batch
    assert prescribe([finding("overfitting")], recipe)


def test_two_together() -> None:
    first, second, clip = prescribe([finding("learning-rate-too-high")], DIGITS)
    assert together(first, second) is None  # the same stage
    both = together(first, clip)
    assert both is not None
    assert both.changes == first.changes + clip.changes
    assert both.hides
    assert len(both.recipe.gradient) == 1
    assert both.recipe.optimizer == first.recipe.optimizer


def test_rivals() -> None:
    usual = blind(DIGITS, ["plateau"])
    assert usual.recipe.epochs == 4 * DIGITS.epochs
    assert usual.recipe.data == DIGITS.data
    draws = list(randomly(DIGITS, ["plateau"], 6))
    assert [draw.changes for draw in draws] == [draw.changes for draw in randomly(DIGITS, ["plateau"], 6)]
    assert len({draw.changes for draw in draws}) == 6
    assert all(draw.recipe.epochs == DIGITS.epochs for draw in draws)
