from __future__ import annotations

import ast
import dataclasses
import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import gradwise.cycle
from gradwise.cycle import Tick, cycle
from gradwise.data import XOR, Noise
from gradwise.gradient import Backprop, ClipValue, Guard
from gradwise.loss import CrossEntropy
from gradwise.model import MLP
from gradwise.recipe import Recipe
from gradwise.stages import Batch
from gradwise.update import SGD, Cosine

MODEL = MLP((2, 4, 2))


def recipe(**settings: Any) -> Recipe:
    return Recipe(**{"data": XOR(), "model": MODEL, "optimizer": SGD(0.5)} | settings)


def batches(count: int) -> list[Batch]:
    generator = torch.Generator().manual_seed(3)
    return [
        Batch(torch.randn(4, 2, generator=generator), torch.randint(2, (4,), generator=generator), torch.arange(4))
        for _ in range(count)
    ]


def ready(of: Recipe) -> tuple[nn.Module, torch.optim.Optimizer, Guard]:
    torch.manual_seed(0)
    model = of.model()
    optimizer = of.optimizer(list(model.parameters()))
    return model, optimizer, Guard(list(model.parameters()), optimizer)


def turned(
    of: Recipe, given: list[Batch], *, start: int = 0, steps: int = 0, epoch: int = 0
) -> tuple[nn.Module, list[Tick]]:
    model, optimizer, guard = ready(of)
    ticks = list(cycle(of, model, optimizer, guard, given, start=start, steps=steps or len(given), epoch=epoch))
    return model, ticks


def vector(model: nn.Module) -> Tensor:
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def test_a_turn_is_a_step_of_plain_torch() -> None:
    given = batches(5)
    model, ticks = turned(recipe(schedule=Cosine()), given)
    torch.manual_seed(0)
    plain = MODEL()
    optimizer = torch.optim.SGD(plain.parameters(), 0.5)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: Cosine()(step / 5))
    losses: list[float] = []
    for batch in given:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(plain(batch.x), batch.y)
        loss.backward()
        optimizer.step()
        scheduler.step()
        losses.append(float(loss.detach()))
    torch.testing.assert_close(vector(model), vector(plain), rtol=1e-5, atol=1e-6)
    assert [float(tick.loss) for tick in ticks] == pytest.approx(losses, rel=1e-5)
    assert [tick.step for tick in ticks] == list(range(5))
    assert all(tick.finite is True for tick in ticks)


def test_stages_in_the_order_of_their_work() -> None:
    done: list[str] = []

    def note(name: str, result: Any = None) -> Any:
        done.append(name)
        return result

    class Step(torch.optim.SGD):
        def step(self, closure: Any = None) -> None:  # type: ignore[override]
            note("update")

    of = recipe(
        batch=(lambda batch, rng: note("edit 1", batch), lambda batch, rng: note("edit 2", batch)),
        objective=lambda model, batch: note("objective", CrossEntropy()(model, batch)),
        backward=lambda objective, model, batch: note("backward", Backprop()(objective, model, batch)),
        gradient=(lambda params: note("gradient 1"), lambda params: note("gradient 2")),
        optimizer=lambda params: Step(params, 0.1),
        schedule=lambda progress: note("schedule", 1.0),
        after=(lambda model, step: note(f"after {step}"),),
    )
    turned(of, batches(1), start=7, steps=10)
    assert done == [
        "schedule",
        "edit 1",
        "edit 2",
        "objective",
        "backward",
        "gradient 1",
        "gradient 2",
        "update",
        "after 7",
    ]


def test_a_generator_waits_for_its_caller() -> None:
    drawn: list[int] = []

    def source() -> Iterator[Batch]:
        for number, batch in enumerate(batches(3)):
            drawn.append(number)
            yield batch

    of = recipe()
    model, optimizer, guard = ready(of)
    turns = cycle(of, model, optimizer, guard, source(), start=0, steps=3, epoch=0)
    assert drawn == []
    next(turns)
    before = vector(model)
    assert drawn == [0]
    turns.close()  # leaving is `break`
    assert torch.equal(vector(model), before)


def test_the_rate_is_the_optimizer_s_times_the_schedule_s_and_does_not_add_up() -> None:
    rates: list[list[float]] = []
    of = recipe(
        optimizer=lambda params: torch.optim.SGD([{"params": params[:1], "lr": 1.0}, {"params": params[1:]}], lr=0.1),
        schedule=lambda progress: 0.5 + progress,
    )
    model, optimizer, guard = ready(of)
    for start in (0, 2):  # a second epoch
        for _ in cycle(of, model, optimizer, guard, batches(2), start=start, steps=4, epoch=start // 2):
            rates.append([group["lr"] for group in optimizer.param_groups])
    assert rates == [pytest.approx([s, s / 10]) for s in (0.5, 0.75, 1.0, 1.25)]


def test_edits_draw_from_seed_epoch_and_step() -> None:
    given = batches(1) * 2

    def seen(seed: int = 0, start: int = 0, epoch: int = 0) -> list[Tensor]:
        xs: list[Tensor] = []
        of = recipe(seed=seed, batch=(Noise(1), lambda batch, rng: (xs.append(batch.x), batch)[1]))
        turned(of, given, start=start, steps=10, epoch=epoch)
        return xs

    one = seen()
    assert torch.equal(one[0], one[1])  # the same samples in the same epoch
    assert torch.equal(one[0], seen()[0])
    assert not torch.equal(one[0], seen(epoch=1)[0])
    assert not torch.equal(one[0], seen(seed=1)[0])


def test_a_step_that_is_not_finite_is_not_applied_and_is_told() -> None:
    given = batches(3)
    given[1].x[0, 0] = math.nan
    followed: list[int] = []
    of = recipe(gradient=(ClipValue(1),), after=(lambda model, step: followed.append(step),))
    model, optimizer, guard = ready(of)
    weights: list[Tensor] = [vector(model)]
    finite: list[Any] = []
    for tick in cycle(of, model, optimizer, guard, given, start=0, steps=3, epoch=0):
        weights.append(vector(model))
        finite.append(tick.finite)
    assert finite == [True, False, True]
    assert followed == [0, 2]  # an average does not move where the weights did not
    assert [torch.equal(a, b) for a, b in itertools.pairwise(weights)] == [False, True, False]


def test_gradients_do_not_last_from_turn_to_turn() -> None:
    of = recipe()
    model, optimizer, guard = ready(of)
    for _ in cycle(of, model, optimizer, guard, batches(2), start=0, steps=2, epoch=0):
        assert all(p.grad is None for p in model.parameters())


def test_what_follows_is_handed_the_network_not_its_compiled_wrapper() -> None:  # an average goes by its names
    class Wrapper(nn.Module):
        def __init__(self, model: nn.Module) -> None:
            super().__init__()
            self._orig_mod = model

        def forward(self, x: Tensor) -> Tensor:
            return self._orig_mod(x)

    seen: list[nn.Module] = []
    of = recipe(after=(lambda model, step: seen.append(model),))
    model, optimizer, guard = ready(of)
    list(cycle(of, Wrapper(model), optimizer, guard, batches(1), start=0, steps=1, epoch=0))
    assert seen == [model]


def test_the_hot_loop_stays_short_and_never_waits() -> None:
    text = Path(gradwise.cycle.__file__).read_text()
    assert len(text.splitlines()) <= 80
    called = {node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
              for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)}  # fmt: skip
    assert not called & {"item", "float", "bool", "int", "print", "cpu", "numpy", "tolist", "synchronize"}


def test_a_recipe_may_be_changed_between_epochs() -> None:
    of = recipe()
    model, optimizer, guard = ready(of)
    list(cycle(of, model, optimizer, guard, batches(1), start=0, steps=2, epoch=0))
    still = dataclasses.replace(of, schedule=lambda progress: 0.0)
    before = vector(model)
    list(cycle(still, model, optimizer, guard, batches(1), start=1, steps=2, epoch=1))
    assert torch.equal(vector(model), before)
