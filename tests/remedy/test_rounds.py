"""Rounds on top of the best remedy: each has to earn its place, and no more runs are spent than are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from gradwise.remedy.outside.catalogue import DECAY, EARLY, LADDERS, LOWER, neighbours
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.order import Order, onto, together
from gradwise.remedy.rounds import rounds
from gradwise.remedy.trying import Tried


@dataclass
class Ill:
    """A patient whose scores, and what may be tried further, are settled."""

    scores: dict[str, float]
    more: dict[str, list[str]]
    metric: str = "test accuracy"
    runs: int = 0

    def tried(self, options: Sequence[Order]) -> list[Tried[Order]]:
        self.runs += len(options)
        return [Tried(option, self.scores[option.label], ran=True) for option in options]

    def further(self, option: Order) -> list[Order]:
        return [named(label) for label in self.more.get(option.label, [])]


def named(label: str, *edits: Edit, loss: bool = False) -> Order:
    return Order((), label, edits, "", loss=loss)


SCORES = {"a": 0.7, "a, b": 0.8, "a, c": 0.75, "a, b, d": 0.8001, "spare": 0.6, "hides": 0.9}


@pytest.mark.parametrize(
    ("more", "left", "chosen", "runs"),
    [
        ({"a": ["a, b", "a, c"], "a, b": ["a, b, d"]}, 9, "a, b", 4),  # d is not worth its line; the spare one is tried
        ({"a": ["a, c", "a, b"]}, 1, "a, c", 1),
        ({"a": ["a, b"]}, 0, "a", 0),
        ({"a": ["a"]}, 9, "a", 1),
        ({"a": ["hides", "a, c"]}, 9, "a, c", 3),
    ],
)
def test_what_is_put_on_top_earns_its_place(more: dict[str, list[str]], left: int, chosen: str, runs: int) -> None:
    ill: Any = Ill(SCORES, more)
    (best,) = ill.tried([named("a")])
    ill.runs = 0
    won, tries = rounds(ill, [best], best, [named("spare")], left, lambda each: each.label != "hides")
    assert (won.label, ill.runs, len(tries)) == (chosen, runs, runs)


def test_where_nothing_can_be_better_nothing_is_tried() -> None:
    ill: Any = Ill({"a": 0.999, "a, b": 1.0}, {"a": ["a, b"]})
    (best,) = ill.tried([named("a")])
    assert rounds(ill, [best], best, [], 9, lambda _: True)[1] == []


def test_strengths_are_those_beside_it() -> None:
    assert [each.technique for each in neighbours(LOWER.technique)] == ["rate x 0.03", "rate x 0.3"]
    assert [each.technique for each in neighbours(DECAY.technique)] == ["decay 0.001", "decay 0.1"]
    assert [each.technique for each in neighbours(EARLY.technique)] == ["early stop x 0.5", "early stop x 1.5"]
    assert neighbours("Adam") == []
    names = [each.technique for ladder in LADDERS for each in ladder]
    assert len(names) == len(set(names))


def test_what_stands_in_one_place_is_changed_once() -> None:
    lower, decay = (named(each, Edit("optimizer", each)) for each in ("rate", "decay"))
    adam, sgd = (named(each, Edit("make", each)) for each in ("Adam", "SGD"))
    weights, batches = named("weights", Edit("call", "x"), loss=True), named("batches", Edit("sampler"), loss=True)
    assert together(lower, decay) is None  # at first only what lies apart
    both = onto(lower, decay)
    assert both is not None
    assert [edit.text for edit in both.edits] == ["rate", "decay"]
    assert onto(lower, lower) is None
    assert onto(adam, sgd) is None
    assert onto(lower, adam) is not None
    assert onto(weights, batches) is None
    relu, log = (named(n, Edit("call", n, names=("F.a", n))) for n in ("F.relu", "F.log"))
    assert onto(relu, log) is None
