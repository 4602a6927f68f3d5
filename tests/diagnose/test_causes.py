"""Which finding is told first, which is a consequence, and which is not told."""

from __future__ import annotations

import pytest

from gradwise.diagnose.case import Case
from gradwise.diagnose.causes import EXPLAINS, SAME, SHOWN, explains, in_order
from gradwise.diagnose.codes import CODES
from gradwise.diagnose.finding import Finding, Severity
from gradwise.watch import Trace


def finding(
    code: str, severity: Severity = "warning", certainty: float = 0.8, since: int = 0, last: int = 99
) -> Finding:
    return Finding(code, severity, certainty, "", (), steps=(since, last))


def told(*findings: Finding) -> list[tuple[str, str]]:
    return [(each.code, each.consequence_of) for each in in_order(list(findings), Case(Trace()))]


def test_the_tables_know_codes_only() -> None:
    for table in (EXPLAINS, SAME):
        for cause, effects in table.items():
            assert {cause, *effects} <= set(CODES)
            assert len(set(effects)) == len(effects)
            assert cause not in effects
    assert not [code for code in SAME if any(code in SAME.get(other, ()) for other in SAME[code])]


def test_a_cause_comes_before_a_surer_consequence() -> None:
    assert told(
        finding("non-finite", "error", 0.99, since=40), finding("missing-zero-grad", "error", 0.9)
    ) == [("missing-zero-grad", ""), ("non-finite", "missing-zero-grad")]  # fmt: skip


def test_steps_too_small_whatever_the_gradient() -> None:
    """Adam's steps do not shrink with the gradient: what vanishes is not why they are small."""
    low = finding("learning-rate-too-low", "warning", 0.8)
    vanishing = finding("vanishing-gradient", "error", 0.9)
    assert told(low, vanishing)[0][0] == "vanishing-gradient"
    low.evidence["by_itself"] = True
    assert told(low, vanishing) == [
        ("learning-rate-too-low", ""),
        ("vanishing-gradient", "learning-rate-too-low"),
    ]
    assert told(low, finding("missing-step", "error"))[0][0] == "missing-step"


def test_a_chain_is_marked_with_its_beginning() -> None:
    assert told(
        finding("vanishing-gradient", since=5),
        finding("dead-units", since=5),
        finding("learning-rate-too-high", certainty=0.6, since=2),
    ) == [
        ("learning-rate-too-high", ""),
        ("vanishing-gradient", "learning-rate-too-high"),
        ("dead-units", "learning-rate-too-high"),
    ]


@pytest.mark.parametrize(
    ("rate", "explosion", "first"), [(1, 9, "learning-rate-too-high"), (9, 1, "exploding-gradient")]
)
def test_of_two_that_explain_each_other_the_earlier_is_the_cause(rate: int, explosion: int, first: str) -> None:
    found = told(finding("learning-rate-too-high", since=rate), finding("exploding-gradient", since=explosion))
    assert found[0] == (first, "")
    assert found[1][1] == first


def test_the_surer_one_where_they_begin_together() -> None:
    assert told(
        finding("learning-rate-too-high", certainty=0.6, since=1), finding("exploding-gradient", certainty=0.9, since=1)
    )[0] == ("exploding-gradient", "")


def test_a_cause_does_not_begin_when_all_is_over() -> None:
    spike = finding("loss-spike", since=10, last=20)
    assert not explains(finding("learning-rate-too-high", since=50), spike)
    assert explains(finding("learning-rate-too-high", since=5), spike)
    assert explains(finding("missing-zero-grad", since=50), spike)  # it was so from the start, whenever it was seen


def test_a_note_explains_no_warning() -> None:
    assert told(finding("small-batch-norm", "note"), finding("oscillating-loss")) == [
        ("oscillating-loss", ""),
        ("small-batch-norm", ""),
    ]
    assert told(finding("small-batch-norm", "note"), finding("overfitting", "note"))[1][1] == "small-batch-norm"


@pytest.mark.parametrize("effect", ["learning-rate-too-high", "exploding-gradient", "overfitting"])
@pytest.mark.parametrize("surer", [0.6, 0.95])
def test_units_at_their_limits_before_the_first_step_are_the_cause(effect: str, surer: float) -> None:
    begun = Finding("saturated-units", "warning", 0.72, "", (), steps=(0, 99), evidence={"before_steps": True})
    assert told(begun, finding(effect, certainty=surer)) == [
        ("saturated-units", ""),
        (effect, "saturated-units"),
    ]


def test_a_gradient_that_explodes_before_the_first_step_is_the_cause() -> None:
    begun = Finding("exploding-gradient", "error", 0.85, "", (), steps=(0, 99), evidence={"before_steps": True})
    broken = finding("non-finite", "error", 0.97, since=9)
    assert told(begun, finding("learning-rate-too-high", "error", 0.95), broken)[0] == ("exploding-gradient", "")
    later = Finding("exploding-gradient", "error", 0.85, "", (), steps=(0, 99), evidence={})
    assert told(later, finding("learning-rate-too-high", "error", 0.95))[0] == ("learning-rate-too-high", "")


def test_units_that_steps_have_driven_to_their_limits_are_not() -> None:
    driven = finding("saturated-units", since=1)
    assert told(driven, finding("learning-rate-too-high"))[0] == ("learning-rate-too-high", "")
    assert ("overfitting", "") in told(driven, finding("overfitting"))


@pytest.mark.parametrize("reason", ["vanishing-gradient", "probabilities-as-logits", "symmetric-initialisation"])
def test_a_plateau_is_not_told_beside_a_reason(reason: str) -> None:
    assert told(finding("plateau", "warning", 0.4), finding(reason)) == [(reason, "")]


@pytest.mark.parametrize("other", ["train-valid-overlap", "train-mode-in-evaluation"])
def test_a_plateau_is_told_beside_what_is_no_reason(other: str) -> None:
    assert ("plateau", "") in told(finding("plateau"), finding(other))


def test_a_plateau_is_told_alone_and_beside_notes() -> None:
    assert told(finding("plateau")) == [("plateau", "")]
    assert ("plateau", "") in told(finding("plateau"), finding("class-imbalance", "note"))


@pytest.mark.parametrize(
    ("kept", "dropped"),
    [
        ("constant-label", "class-imbalance"),
        ("missing-step", "not-optimised"),
        ("probabilities-as-logits", "output-activation"),
        ("over-regularised", "underfitting"),
    ],
)
def test_the_same_in_other_words_is_told_once(kept: str, dropped: str) -> None:
    assert told(finding(dropped, "error", 0.99), finding(kept)) == [(kept, "")]


def test_severity_then_certainty_then_facts_about_the_program() -> None:
    assert [code for code, _ in told(
        finding("train-valid-overlap", "warning", 0.9),
        finding("graph-leak", "warning", 0.9),
        finding("repeated-batches", "warning", 0.96),
        finding("wrong-loss", "error", 0.5),
    )] == ["wrong-loss", "repeated-batches", "graph-leak", "train-valid-overlap"]  # fmt: skip


def test_no_more_than_a_reader_takes_in() -> None:
    codes = ["vanishing-gradient", "dead-units", "saturated-units", "loss-spike", "oscillating-loss", "noisy-gradient"]
    found = told(finding("initialisation-scale"), *(finding(code) for code in codes))
    assert len(found) == SHOWN
    assert found[0] == ("initialisation-scale", "")
    assert all(cause == "initialisation-scale" for _, cause in found[1:])


def test_errors_that_nothing_explains_are_all_told() -> None:
    codes = [
        "missing-zero-grad",
        "loss-shape-broadcast",
        "train-valid-overlap",
        "no-nonlinearity",
        "small-batch-norm",
        "graph-leak",
    ]
    assert len(told(*(finding(code, "error") for code in codes))) == len(codes)


def test_one_problem_in_many_layers_is_told_twice_at_most() -> None:
    assert len(told(*(finding("dead-units") for _ in range(4)))) == 2


def test_nothing() -> None:
    assert told() == []
