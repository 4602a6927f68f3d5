from __future__ import annotations

import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from gradwise.stages import Averaging
from gradwise.update import EMA, SWA, Lookahead


class Number(nn.Module):
    def __init__(self, value: float = 0.0) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor([value]))


def averaged(ema: EMA, values: list[float]) -> list[float | None]:
    """What the average is after each step."""
    model, found = Number(), list[float | None]()
    for step, value in enumerate(values):
        model.w.data.fill_(value)
        ema(model, step)
        found.append(float(ema.average["w"]) if ema.average else None)
    return found


def test_by_hand() -> None:
    # 1; then decay 2/11 and 3/12 while they are below 0.9
    second = 1 * 2 / 11 + 5 * 9 / 11
    assert averaged(EMA(0.9), [1, 5, -3]) == pytest.approx([1, second, second / 4 - 3 * 3 / 4])


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=30), st.floats(0, 0.99), st.integers(1, 4))
def test_as_a_loop_of_plain_numbers(values: list[float], decay: float, every: int) -> None:
    mean, count, expected = None, 0, list[float | None]()
    for step, value in enumerate(values):
        if step % every == every - 1:
            rate = min(decay, (1 + count) / (10 + count))
            mean = value if mean is None else rate * mean + (1 - rate) * value
            count += 1
        expected.append(mean)
    found = averaged(EMA(decay, every), values)
    assert [x is None for x in found] == [x is None for x in expected]
    assert [x for x in found if x is not None] == pytest.approx(
        [x for x in expected if x is not None], rel=1e-4, abs=1e-3
    )


def test_without_decay_it_is_the_weights() -> None:
    assert averaged(EMA(0), [1, 2, 3]) == [1, 2, 3]


def test_buffers_are_averaged_and_counters_are_not() -> None:
    model, ema = nn.BatchNorm1d(2), EMA(0.5)
    for step in range(3):
        model(torch.randn(8, 2) + 3)
        ema(model, step)
    assert set(ema.average) == {"weight", "bias", "running_mean", "running_var"}
    assert not torch.equal(ema.average["running_mean"], model.running_mean)  # type: ignore[arg-type]


def test_the_model_is_left_alone() -> None:
    model, ema = nn.Linear(2, 2), EMA()
    before = copy.deepcopy(model.state_dict())
    for step in range(3):
        ema(model, step)
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    assert not any(ema.average[name].data_ptr() == tensor.data_ptr() for name, tensor in model.state_dict().items())


def test_a_restart_goes_on_bit_for_bit() -> None:
    values = torch.randn(20).tolist()
    whole = EMA(0.9, every=3)
    averaged(whole, values)
    first, second, model = EMA(0.9, every=3), EMA(0.9, every=3), Number()
    second.average["w"] = torch.zeros(1)  # what a restart throws away
    for step, value in enumerate(values):
        if step == 10:
            second.average.restore(copy.deepcopy(first.average.state()))
        model.w.data.fill_(value)
        (first if step < 10 else second)(model, step)
    assert torch.equal(second.average["w"], whole.average["w"])


def test_two_runs_do_not_share_an_average() -> None:
    one, other = EMA(), EMA()
    one(Number(1.0), 0)
    assert other.average == {}
    assert one == other  # what it has seen is no setting
    assert copy.deepcopy(one).average["w"] is not one.average["w"]


# The plain mean.


def means(swa: SWA, values: list[float]) -> list[float | None]:
    model, found = Number(), list[float | None]()
    for step, value in enumerate(values):
        model.w.data.fill_(value)
        swa(model, step)
        found.append(float(swa.average["w"]) if swa.average else None)
    return found


def test_swa_by_hand() -> None:
    assert means(SWA(2), [9, 9, 1, 2, 6]) == [None, None, 1, 1.5, 3]
    assert means(SWA(1, every=2), [9, 1, 9, 3, 9, 8]) == [None, 1, 1, 2, 2, 4]


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=30), st.integers(0, 5), st.integers(1, 4))
def test_swa_is_the_mean(values: list[float], begin: int, every: int) -> None:
    taken = values[begin::every]
    found = means(SWA(begin, every), values)[-1]
    assert (found is None) == (not taken)
    if taken and found is not None:
        assert found == pytest.approx(sum(taken) / len(taken), rel=1e-4, abs=1e-3)


def test_swa_goes_on_bit_for_bit() -> None:
    values = torch.randn(20).tolist()
    whole = SWA(3, every=2)
    means(whole, values)
    first, second, model = SWA(3, every=2), SWA(3, every=2), Number()
    for step, value in enumerate(values):
        if step == 10:
            second.average.restore(copy.deepcopy(first.average.state()))
        model.w.data.fill_(value)
        (first if step < 10 else second)(model, step)
    assert torch.equal(second.average["w"], whole.average["w"])


# Slow weights.


def test_lookahead_by_hand() -> None:
    model, lookahead, found = Number(), Lookahead(0.5, every=2), list[float]()
    for step in range(4):
        model.w.data += 1
        lookahead(model, step)
        found.append(float(model.w.detach()))
    # slow 1; at 2 back to 1.5; at 3.5 back to 2.5
    assert found == [1, 1.5, 2.5, 2.5]
    assert float(lookahead.averaged(model)["w"]) == 2.5


def test_lookahead_that_keeps_all_changes_nothing() -> None:
    model, lookahead = Number(), Lookahead(1.0, every=2)
    for step, value in enumerate([1.0, -2.0, 3.0, 5.0]):
        model.w.data.fill_(value)
        lookahead(model, step)
        assert float(model.w.detach()) == value


def test_lookahead_goes_on_bit_for_bit() -> None:
    pushes = torch.randn(20)
    found: list[float] = []
    for stop in (None, 8):
        model, lookahead = Number(), Lookahead(0.3, every=3)
        for step, push in enumerate(pushes):
            if step == stop:
                kept = copy.deepcopy(lookahead.slow.state())
                lookahead = Lookahead(0.3, every=3)
                lookahead.slow.restore(kept)
            model.w.data += push
            lookahead(model, step)
        found.append(float(model.w.detach()))
    assert found[0] == found[1]


def test_all_can_be_evaluated_in_the_weights_place() -> None:
    tied = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Linear(2, 2))
    tied[2].weight = tied[0].weight
    for technique in (EMA(0.5), SWA(0), Lookahead()):
        assert isinstance(technique, Averaging)
        assert technique.averaged(tied) == {}
        for step in range(3):
            with torch.no_grad():
                tied[0].weight.add_(1)
            technique(tied, step)
        average = technique.averaged(tied)
        assert torch.equal(average["0.weight"], average["2.weight"])
        copy.deepcopy(tied).load_state_dict(tied.state_dict() | average)
