"""Optimizers: what they hold, how often they step, at which rate; and two against each other."""

from __future__ import annotations

from typing import Literal

import pytest
import torch
from tests.doctor.senses.program import X, Y, loss_of, network, values, watched
from torch import nn
from torch.optim import SGD, Adam
from torch.optim.lr_scheduler import ReduceLROnPlateau, StepLR

from gradwise.watch.facts import Optimizer


def step(optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def only(found: list[Optimizer]) -> Optimizer:
    (one,) = found
    return one


def test_what_it_is_and_how_it_goes() -> None:
    def program() -> None:
        model = network(5, 6, 3)
        optimizer = SGD(model.parameters(), 0.5, momentum=0.9, weight_decay=0.01)
        schedule = StepLR(optimizer, 2, 0.1)
        for _ in range(6):
            step(optimizer, loss_of(model))
            schedule.step()

    trace = watched(program)
    found = only(trace.facts.optimizers)
    assert (found.kind, found.steps, found.rate, found.scheduler) == ("SGD", 6, 0.5, "StepLR")
    assert (found.arguments["momentum"], found.arguments["weight_decay"], found.maximize) == (0.9, 0.01, False)
    assert values(trace, "rate", found.source, "value") == pytest.approx([0.5, 0.5, 0.05, 0.05, 0.005, 0.005])
    assert "test_optimizers.py:" in found.source
    assert "test_optimizers.py:" in found.scheduler_source
    assert found.step_source.endswith(str(step.__code__.co_firstlineno + 3))
    assert not trace.facts.manual_updates


def test_one_that_never_steps() -> None:
    def program() -> None:
        model = network(5, 6, 3)
        optimizer = Adam(model.parameters())
        for _ in range(4):
            optimizer.zero_grad()
            loss_of(model).backward()

    trace = watched(program)
    found = only(trace.facts.optimizers)
    assert (found.kind, found.steps) == ("Adam", 0)
    assert not trace.facts.manual_updates
    assert all(p.held and p.reached and not p.changed for p in trace.facts.parameters)
    assert len(trace.facts.parameters) == 4
    assert values(trace, "gradient", "0.weight", "norm")


def test_one_that_another_steps_for_is_left_out() -> None:
    def program() -> None:
        model = network(5, 6, 3)
        SGD(model.parameters(), 1.0)  # replaced by
        optimizer = Adam(model.parameters())
        for _ in range(4):
            step(optimizer, loss_of(model))

    assert only(watched(program).facts.optimizers).kind == "Adam"


def test_trainings_at_one_place_are_one_optimizer() -> None:
    def program() -> None:
        for _ in range(3):
            model = network(5, 6, 3)
            optimizer = SGD(model.parameters(), 0.1)
            for _ in range(4):
                step(optimizer, loss_of(model))
            del optimizer

    assert only(watched(program).facts.optimizers).steps == 12


def test_stale_and_frozen() -> None:
    def program() -> None:
        model = network(5, 6, 3)
        optimizer = Adam(model.parameters(), 0.1)
        for _ in range(4):
            step(optimizer, loss_of(model))
        model[0].requires_grad_(False)
        model[2] = nn.Linear(6, 3)
        for _ in range(4):
            step(optimizer, loss_of(model))

    facts = watched(program).facts
    found = only(facts.optimizers)
    assert (found.stale, found.frozen) == (2, 2)
    head = [p for p in facts.parameters if not p.held]
    assert [p.shape for p in head] == [[3, 6], [3]]
    assert all(p.reached and not p.changed for p in head)


def test_a_new_optimizer_for_a_new_head() -> None:
    def program() -> None:
        model = network(5, 6, 3)
        optimizer = Adam(model.parameters(), 0.1)
        for _ in range(4):
            step(optimizer, loss_of(model))
        model[2] = nn.Linear(6, 3)
        after = SGD(model[2].parameters(), 0.1)
        for _ in range(4):
            step(after, loss_of(model))

    trace = watched(program)
    assert [(each.stale, each.frozen) for each in trace.facts.optimizers] == [(0, 0), (0, 0)]
    assert all(p.held for p in trace.facts.parameters)
    assert not trace.facts.adversarial


def test_a_plain_tensor_is_not_stale() -> None:
    def program() -> None:
        w = torch.zeros(5, 3, requires_grad=True)
        optimizer = SGD([w], 0.1)
        for _ in range(4):
            step(optimizer, nn.functional.cross_entropy(X @ w, Y))

    trace = watched(program)
    assert only(trace.facts.optimizers).stale == 0
    assert [(p.name, p.held, p.changed) for p in trace.facts.parameters] == [("w", True, True)]


def test_clipping() -> None:
    def program() -> None:
        model = network(5, 6, 3)
        optimizer = SGD(model.parameters(), 0.1)
        for i in range(4):
            optimizer.zero_grad()
            (loss_of(model) * (1000 if i == 3 else 1)).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 50.0)
            optimizer.step()

    trace = watched(program)
    found = only(trace.facts.optimizers)
    assert (found.clip, found.clipped) == (50.0, 0.25)
    before, after = values(trace, "clip", found.source, "norm"), values(trace, "gradient", "", "norm")
    assert before[:3] == pytest.approx(after[:3], rel=1e-4)
    assert before[3] > 100
    assert after[3] == pytest.approx(50, rel=1e-4)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("kind", [SGD, Adam])
def test_downhill_or_uphill(kind: type[torch.optim.Optimizer], sign: int) -> None:
    def program() -> None:
        model = network(5, 6, 3)
        optimizer = kind(model.parameters(), lr=0.01, maximize=sign < 0)
        for _ in range(6):
            step(optimizer, loss_of(model))

    found = only(watched(program).facts.optimizers)
    assert found.maximize is (sign < 0)
    assert found.uphill == (1.0 if sign < 0 else 0.0)


def test_uphill_by_hand() -> None:
    def program() -> None:
        w = torch.randn(5, 3).requires_grad_()
        for _ in range(6):
            nn.functional.cross_entropy(X @ w, Y).backward()
            assert w.grad is not None
            w.data += 0.1 * w.grad
            w.grad = None

    facts = watched(program).facts
    assert only(facts.optimizers).uphill == 1.0
    assert facts.manual_updates
    assert [(p.name, p.held, p.changed) for p in facts.parameters] == [("w", True, True)]


def test_updates_and_agreement_have_the_right_size() -> None:
    def program() -> None:
        w = torch.full((2000,), 2.0).requires_grad_()
        optimizer = SGD([w], 0.1)
        for _ in range(4):
            step(optimizer, w.sum())

    trace = watched(program)
    assert values(trace, "update", "w", "ratio")[0] == pytest.approx(0.05)
    assert values(trace, "gradient", "", "agreement") == pytest.approx([1.0] * 3)
    assert values(trace, "gradient", "w", "norm") == pytest.approx([2000**0.5] * 4)
    assert values(trace, "weight", "w", "norm")[0] == pytest.approx(2 * 2000**0.5)


def test_gradients_that_turn_round_disagree() -> None:
    def program() -> None:
        w = torch.ones(50, requires_grad=True)
        optimizer = SGD([w], 2.0)
        for _ in range(4):
            step(optimizer, w.square().sum() / 2)

    assert values(watched(program), "gradient", "", "agreement") == pytest.approx([-1.0] * 3)


def adversaries(steps: int = 4) -> None:
    generator, critic = network(5, 6, 4), network(4, 6, 1)
    for_generator, for_critic = Adam(generator.parameters(), 0.01), Adam(critic.parameters(), 0.01)
    for _ in range(steps):
        step(for_critic, critic(generator(X).detach()).mean() - critic(torch.ones(8, 4)).mean())
        step(for_generator, -critic(generator(X)).mean())


def joint(steps: int = 6) -> None:
    model = network(5, 6, 3)
    both = [Adam(model[0].parameters()), SGD(model[2].parameters(), 0.1)]
    for _ in range(steps):
        for optimizer in both:
            optimizer.zero_grad()
        loss_of(model).backward()
        for optimizer in both:
            optimizer.step()


def in_turn(steps: int = 6) -> None:
    """First the one, then the other: a fine-tuning whose trunk is left as it is."""
    model = network(5, 6, 3)
    for part in (model, model[2]):
        optimizer = Adam(part.parameters())
        for _ in range(steps):
            step(optimizer, loss_of(model))


def apart(steps: int = 6) -> None:
    models = [network(5, 3), network(5, 3)]
    both = [Adam(model.parameters()) for model in models]
    for _ in range(steps):
        for model, optimizer in zip(models, both, strict=True):
            step(optimizer, loss_of(model))


def frozen_in_between(steps: int = 6) -> None:
    """A discriminator that is frozen for the generator's loss."""
    generator, discriminator = network(5, 5), network(5, 2)
    both = [Adam(generator.parameters()), Adam(discriminator.parameters())]
    for _ in range(steps):
        step(both[1], discriminator(generator(X).detach()).square().mean() + discriminator(X).mean())
        discriminator.requires_grad_(False)
        step(both[0], -discriminator(generator(X)).square().mean())
        discriminator.requires_grad_(True)


@pytest.mark.parametrize("program", [adversaries, frozen_in_between])
def test_two_against_each_other(program: object) -> None:
    assert callable(program)
    assert watched(program).facts.adversarial


@pytest.mark.parametrize("program", [joint, in_turn, apart])
def test_two_that_are_not(program: object) -> None:
    assert callable(program)
    assert not watched(program).facts.adversarial


def test_a_plateau_schedule_is_one_too() -> None:
    def program() -> None:
        optimizer = SGD(network(5, 6, 3).parameters(), 0.5)
        ReduceLROnPlateau(optimizer, patience=2)

    found = only(watched(program).facts.optimizers)
    assert found.scheduler == "ReduceLROnPlateau"


@pytest.mark.parametrize(("mode", "awaited"), [("max", 3.0), ("min", None)])
def test_a_schedule_that_waits_for_something_to_grow(mode: Literal["min", "max"], awaited: float | None) -> None:
    def program() -> None:
        model = network(5, 6, 3)
        optimizer = SGD(model.parameters(), 0.5)
        schedule = ReduceLROnPlateau(optimizer, mode)
        for error in (2.0, 3.0, 1.0):
            loss_of(model).backward()
            optimizer.step()
            schedule.step(error)
        loss_of(model).backward()
        optimizer.step()

    assert only(watched(program).facts.optimizers).awaited == awaited


def test_an_optimizer_that_never_steps_has_a_turn_per_backward_pass() -> None:
    def program() -> None:
        model = network(5, 6, 3)
        SGD(model.parameters(), 0.5)
        for _ in range(100):
            loss_of(model).backward()

    facts = watched(program).facts
    assert facts.backwards == 100
    assert facts.steps >= 60
