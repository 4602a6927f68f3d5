"""Sleep: what it leaves of a program's turns, and what is counted as spent."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from gradwise.doctor import costs, pace
from gradwise.doctor.costs import Costs
from gradwise.doctor.observer import Observer


def test_what_whole_turns_take_longer_counts_as_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(costs.time, "thread_time", lambda: now)
    told, spent = Costs(), 0.0
    for _ in range(20):
        for _ in range(4):  # 2 ms each, of which nothing is ours
            now += 0.002
            assert told.turn("deep", True, spent) == 0.0
        now += 0.002
        told.turn("deep", False, spent)
        now, spent = now + 0.005, spent + 0.002  # 2 ms by our clock, and 1 ms more
        unseen = told.turn("look", False, spent)
    assert unseen == pytest.approx(0.001)  # pyright: ignore[reportPossiblyUnboundVariable]
    assert told.share("look") == pytest.approx(1.5)
    assert told.share("count") == 0.0


def test_what_is_tried_at_the_end_is_paid_from_the_budget_where_the_program_learns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr(pace.time, "thread_time", lambda: now)
    told = pace.Pace(0.05)
    now = 10.0
    assert told.afterwards(5.0, learns=False) == 5.0
    assert told.afterwards(5.0, learns=True) == pace.AFTER
    now = 60.0
    assert told.afterwards(5.0, learns=True) == pytest.approx(3.0)
    told.spent = pace.START_SECONDS + 1.5
    assert told.afterwards(5.0, learns=True) == pytest.approx(1.5)


def _train(steps: int, broken: int) -> list[float]:
    """A loss of so many steps; from one of them on the gradient alone is NaN."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.randn(16, 4), torch.randint(0, 3, (16,))
    values: list[float] = []
    for step in range(steps):
        optimizer.zero_grad()
        z = model(x)
        if step == broken:
            z.register_hook(_spoil)
        loss = nn.functional.cross_entropy(z, y)
        loss.backward()
        optimizer.step()
        values.append(loss.item())
    return values


def _spoil(gradient: Tensor) -> Tensor:
    return gradient * math.nan


@pytest.fixture
def sleepy(monkeypatch: pytest.MonkeyPatch) -> Observer:
    """Never awake after the first turns, and soon in long sleep."""
    monkeypatch.setattr(pace, "START_SECONDS", 0.0)
    monkeypatch.setattr(pace, "LONG", 100)
    return Observer(Path.cwd(), 1e-12)


def test_every_step_counts_and_one_loss_in_five_is_kept(sleepy: Observer) -> None:
    with sleepy:
        values = _train(400, -1)
    trace = sleepy.finish()
    assert sleepy.step == trace.facts.optimizers[0].steps == trace.facts.backwards == 400
    assert trace.facts.looks < 30
    steps, losses = trace.series("loss", trace.facts.losses[0].source, "value")
    assert [*steps[steps > 150]] == [*range(155, 400, 5)]
    assert [*losses] == [values[step] for step in steps]


def test_a_gradient_that_is_nan_wakes_everybody_at_its_step(sleepy: Observer) -> None:
    with sleepy:
        _train(330, 321)
    found = sleepy.finish().facts.nonfinite
    assert found is not None
    assert (found.step, found.what) == (321, "gradient")
