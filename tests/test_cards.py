"""Cards: every technique tells what a card asks for, and it is read as it was meant."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from annotated_types import Ge, Gt, Le, Len, Lt

from gradwise import recipefile
from gradwise.cards import Argument, card_of, cards, find
from gradwise.diagnose import CODES
from gradwise.errors import GradwiseError
from gradwise.gradient import AdaptiveClip
from gradwise.loss import CrossEntropy
from gradwise.stages import Objective, technique

NO_EQUATION = {"ChannelsLast": "no number changes, only where it lies in memory"}
NO_SOURCE = {
    "Accumulate": "the sum of a mean's parts",
    "ChannelsLast": "a setting of torch's",
    "Budget": "a comparison with a number",
    "ClipValue": "older than any paper on it",
    "Constant": "no technique at all",
    "Exponential": "older than any paper on it",
    "Normal": "what was usual before the papers",
    "ReduceOnPlateau": "older than any paper on it",
    "Target": "a comparison with a number",
    "Zeros": "the bad example",
}
KNOWN = {name: card for name, card in cards().items() if card.stage not in ("data", "model")}
each = pytest.mark.parametrize("name", KNOWN)


@each
def test_a_card_is_whole(name: str) -> None:
    card = KNOWN[name]
    assert len(card.does) > 15
    assert card.does.endswith(".")
    assert bool(card.equation) == (name not in NO_EQUATION)
    assert bool(card.source) == (name not in NO_SOURCE)
    assert set(card.treats) <= set(CODES)
    assert [argument.name for argument in card.arguments if not argument.what and not argument.good] == []


@each
def test_nothing_of_a_docstring_is_lost(name: str) -> None:
    """A section's name that is left in a text was not seen as one."""
    card = KNOWN[name]
    texts = [
        card.does,
        card.equation,
        card.order,
        card.conflicts,
        card.notes,
        *(a.what + a.good for a in card.arguments),
    ]
    for word in ("stage: ", "treats: ", "equation: ", "Args: ", "order: ", "conflicts: ", "Source: ", "good: "):
        assert not any(word in text for text in texts), word


@each
def test_the_stage_that_is_told_is_the_one_it_has(name: str) -> None:
    kind = recipefile.techniques()[KNOWN[name].stage][name]
    assert f"stage: {KNOWN[name].stage}." in (kind.__doc__ or "")


def test_every_technique_has_a_card() -> None:
    assert list(cards()) == [name for kinds in recipefile.techniques().values() for name in kinds]
    assert all(card.does for card in cards().values())


def test_one_card_read_by_hand() -> None:
    card = find("AdaptiveClip")
    assert card.does == "Shorten each unit's gradient to a share of its weights' length."
    assert card.source == "Brock et al. 2021, arXiv:2102.06171, equation 3"
    assert card.equation == "per unit g <- g min(1, share max(|w|, floor) / |g|)"
    assert card.treats == ("exploding-gradient", "loss-spike")
    what = "longest gradient per length of the weights, above 0"
    good = "0.01 to 0.16, smaller for larger batches"
    assert card.arguments[0] == Argument("share", what, "a number, above 0", good, "0.01")
    assert card.arguments[2].domain == "a whole number, at least 0"
    assert card.order == "after what adds to the gradient, before noise."
    assert card == card_of(AdaptiveClip, "gradient")


def test_arguments_of_every_kind() -> None:
    @technique
    class Example:
        """Do a thing (Somebody 1901) well.

        A note. Source: a book.
        stage: surgery.
        Args: first, second: shared; first of all; good: 1; kind: which; share: of it; sizes: as
            many; inner: what is learnt; flag: whether.
        Shapes: (B,).
        """

        first: Annotated[float, Gt(0), Le(2)]
        second: Annotated[int, Ge(1), Lt(9)] = 3
        kind: Literal["one", "two"] = "one"
        share: float | None = None
        sizes: Annotated[tuple[Annotated[int, Ge(1)], ...], Len(1)] = (1,)
        inner: Objective = CrossEntropy()
        flag: bool = False

    card = card_of(Example, "surgery")
    assert card.does == "Do a thing well."
    assert (card.source, card.notes) == ("Somebody 1901; a book", "A note. Shapes: (B,).")
    assert card.treats == ()
    several = "any number of values, each a whole number, at least 1, at least 1 of them"
    assert card.arguments == (
        Argument("first", "shared; first of all", "a number, above 0, at most 2", "1", None),
        Argument("second", "shared; first of all", "a whole number, at least 1, below 9", "1", "3"),
        Argument("kind", "which", "'one' or 'two'", "", "'one'"),
        Argument("share", "of it", "", "", "None"),
        Argument("sizes", "as many", several, "", "(1,)"),
        Argument("inner", "what is learnt", "", "", "CrossEntropy"),
        Argument("flag", "whether", "true or false", "", "False"),
    )


def test_a_source_that_stands_in_the_notes() -> None:
    assert find("UnitNorm").source.startswith("Over all parameters: Hazan et al. 2015, arXiv:1507.02030")
    assert find("Normalisation").source.startswith("Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 1; Ba et al.")
    assert find("SGD").source == "Polyak 1964; Sutskever et al. 2013"


@pytest.mark.parametrize(("name", "fix"), [("clip-norm", "mean 'ClipNorm'?"), ("Q", "techniques lists")])
def test_a_name_that_is_not_there(name: str, fix: str) -> None:
    with pytest.raises(GradwiseError, match="There is no technique") as caught:
        find(name)
    assert fix in str(caught.value)


def test_what_became_the_source_is_no_note() -> None:
    assert find("Activation").notes == ""
    assert find("DataDependent").notes.startswith("What batch normalisation does at every step is done once")
    assert find("Normalisation").notes.startswith("It normalises over the batch (Ioffe & Szegedy 2015")
