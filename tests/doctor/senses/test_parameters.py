"""Parameters: held, reached, changed, and how they start."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest
import torch
from tests.doctor.senses.program import X, Y, asleep_from, loss_of, network, values, watched
from torch import Tensor, nn
from torch.optim import SGD, Adam

from gradwise.doctor import pace
from gradwise.watch.facts import Parameter


def parameters(program: Callable[[], object]) -> dict[str, Parameter]:
    return {p.name: p for p in watched(program).facts.parameters}


def train(model: nn.Module, held: list[Tensor] | None = None, steps: int = 12, **arguments: float) -> None:
    optimizer = SGD(list(model.parameters()) if held is None else held, lr=0.1, **arguments)
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(model).backward()
        optimizer.step()


def test_a_healthy_network() -> None:
    found = parameters(lambda: train(network(5, 6, 3), weight_decay=0.01))
    assert list(found) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    for p in found.values():
        assert p.requires_grad
        assert (p.held, p.in_model, p.reached, p.changed, p.zero_gradient) == (True, True, True, True, False)
        assert (p.decay, bool(p.source)) == (0.01, True)
    weight = found["0.weight"]
    assert (weight.shape, weight.fan_in, weight.equal_rows, weight.start_equal_rows) == ([6, 5], 5, False, False)
    assert weight.start_spread == pytest.approx(1 / (3 * 5) ** 0.5, rel=0.3)


def test_one_that_no_optimizer_holds() -> None:
    model = network(5, 6, 3)
    found = parameters(lambda: train(model, list(model[2].parameters())))
    assert [(p.held, p.reached, p.changed) for p in found.values()] == [(False, True, False)] * 2 + [(True,) * 3] * 2


def test_layers_in_a_list_are_reached_though_in_no_module() -> None:
    class Hidden(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.rest = nn.Linear(5, 3), [nn.Linear(3, 3)]

        def forward(self, x: Tensor) -> Tensor:
            return self.rest[0](torch.relu(self.first(x)))

    found = list(parameters(lambda: train(Hidden())).values())
    assert sorted((p.shape, p.held, p.reached, p.in_model) for p in found) == [
        ([3], False, True, True),
        ([3], True, True, True),
        ([3, 3], False, True, True),
        ([3, 5], True, True, True),
    ]


def test_the_loss_does_not_reach_what_is_detached() -> None:
    one, two = nn.Linear(5, 4), nn.Linear(4, 3)

    def program() -> None:
        optimizer = Adam([*one.parameters(), *two.parameters()])
        for _ in range(4):
            optimizer.zero_grad()
            nn.functional.cross_entropy(two(one(X).detach()), Y).backward()
            optimizer.step()

    found = parameters(program)
    assert [(p.held, p.in_model, p.reached, p.changed) for p in found.values()] == [
        (True, True, False, False),
        (True, True, False, False),
        (True, True, True, True),
        (True, True, True, True),
    ]


def test_a_gradient_that_is_always_zero() -> None:
    model = nn.Sequential(nn.Linear(5, 4), nn.Linear(4, 3))

    def program() -> None:
        optimizer = SGD(model.parameters(), 0.1)
        for _ in range(4):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model[1](torch.sign(model[0](X))), Y).backward()
            optimizer.step()

    found = list(parameters(program).values())
    assert [(p.reached, p.zero_gradient, p.changed) for p in found] == [(True, True, False)] * 2 + [
        (True, False, True)
    ] * 2


def test_a_teacher_is_no_part_of_the_training() -> None:
    model = network(5, 6, 3)
    teacher = deepcopy(model)

    def program() -> None:
        optimizer = SGD(model.parameters(), 0.1)
        for _ in range(4):
            with torch.no_grad():
                goal = teacher(X)
            optimizer.zero_grad()
            nn.functional.mse_loss(model(X), goal + 1).backward()
            optimizer.step()

    assert len(parameters(program)) == 4


def test_an_input_that_requires_a_gradient_is_no_parameter() -> None:
    def physics() -> None:
        model = network(5, 6, 1)
        x = X.clone().requires_grad_()
        optimizer = SGD(model.parameters(), 0.1)
        for _ in range(6):
            optimizer.zero_grad()
            (slope,) = torch.autograd.grad(model(x).sum(), x, create_graph=True)
            slope.square().mean().backward()
            optimizer.step()

    found = [(p.shape, p.reached) for p in parameters(physics).values()]
    assert found == [([6, 5], True), ([6], True), ([1, 6], True), ([1], False)]  # a constant has no slope


def test_passes_that_check_a_gradient_are_no_training() -> None:
    def program() -> None:
        checked = torch.randn(4, 3, dtype=torch.double, requires_grad=True)
        assert torch.autograd.gradcheck(lambda x: x / (1 + x.abs()), checked)
        train(network(5, 6, 3))

    trace = watched(program)
    assert [p.name for p in trace.facts.parameters] == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert trace.facts.backwards == 12


def test_a_tensor_that_was_forgotten() -> None:
    def program() -> None:
        w, b = torch.randn(5, 3).requires_grad_(), torch.zeros(3, requires_grad=True)
        optimizer = SGD([w], 0.1)
        for _ in range(4):
            optimizer.zero_grad()
            nn.functional.cross_entropy(X @ w + b, Y).backward()
            optimizer.step()

    found = parameters(program)
    assert {name: (p.held, p.reached, p.changed) for name, p in found.items()} == {
        "w": (True, True, True),
        "b": (False, True, False),
    }
    assert found["w"].fan_in == 5


def constant(*modules: nn.Module) -> None:
    for module in modules:
        for p in module.parameters():
            nn.init.constant_(p, 0.1)


def test_equal_units_stay_equal() -> None:
    model = network(5, 6, 3)
    constant(model)
    found = parameters(lambda: train(model))
    assert (found["0.weight"].start_equal_rows, found["0.weight"].equal_rows) == (True, True)
    assert (found["2.weight"].start_equal_rows, found["2.weight"].equal_rows) == (True, False)
    assert found["0.weight"].start_spread == pytest.approx(0, abs=1e-6)


def test_a_last_layer_that_starts_at_zero_comes_apart() -> None:
    model = network(5, 6, 3)
    constant(model[2])
    found = parameters(lambda: train(model))
    assert (found["2.weight"].start_equal_rows, found["2.weight"].equal_rows) == (True, False)
    assert found["0.weight"].equal_rows is False


def test_equal_columns_of_a_plain_matrix() -> None:
    def program() -> None:
        w, v = torch.full((5, 4), 0.1, requires_grad=True), torch.full((4, 3), 0.2, requires_grad=True)
        for _ in range(12):
            nn.functional.cross_entropy(torch.tanh(X @ w) @ v, Y).backward()
            for p in (w, v):
                assert p.grad is not None
                p.data -= 0.1 * p.grad
                p.grad = None

    found = parameters(program)
    assert (found["w"].start_equal_rows, found["w"].equal_rows) == (True, True)
    assert found["w"].fan_in == 5


def test_norms_of_gradients_and_weights() -> None:
    model = network(5, 6, 3)
    trace = watched(lambda: train(model, steps=3))
    together = values(trace, "gradient", "", "norm")
    parts = [values(trace, "gradient", p.name, "norm") for p in trace.facts.parameters]
    assert together == pytest.approx([sum(x * x for x in at) ** 0.5 for at in zip(*parts, strict=True)])
    assert len(together) == len(values(trace, "weight", "0.weight", "norm")) == 3


def test_parameters_of_a_network_that_is_gone_have_changed() -> None:
    def program() -> None:
        train(network(5, 6, 3))

    assert all(p.changed for p in parameters(program).values())


def test_what_is_only_used_while_the_doctor_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing bad is said of a head that is made, trained and dropped after the looks at the start."""

    def program() -> None:
        trunk, heads = network(5, 6, 6), nn.ModuleList([nn.Linear(6, 3), nn.Linear(6, 3)])
        for head in heads:
            both = nn.ModuleList([trunk, heads])
            optimizer = SGD(both.parameters(), 0.1)
            for _ in range(60):
                optimizer.zero_grad()
                nn.functional.cross_entropy(head(trunk(X)), Y).backward()
                optimizer.step()

    full = watched(program).facts
    monkeypatch.setattr(pace, "START_SECONDS", 0.0)
    short = watched(program, budget=1e-9).facts
    for facts in (full, short):
        assert all(p.held and p.reached and p.changed for p in facts.parameters)
        assert 110 <= sum(each.steps for each in facts.optimizers) <= 120  # the last ones of one that is gone are lost
    assert full.looks > 100
    assert short.looks < 40


def test_an_optimizer_whose_steps_were_all_slept_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its parameters were not seen to be reached: nothing speaks against it."""
    asleep_from(monkeypatch, 8)

    class Heads(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.heads, self.now = nn.ModuleList([nn.Linear(5, 3), nn.Linear(5, 3)]), 0

        def forward(self, x: Tensor) -> Tensor:
            return self.heads[self.now](x)

    def program() -> None:
        model = Heads()
        for model.now in (0, 1):
            train(model, list(model.heads[model.now].parameters()), steps=8)

    assert [(p.held, p.reached, p.changed) for p in parameters(program).values()] == [(True, True, True)] * 4


def test_torch_func_has_nothing_to_say() -> None:
    model = network(5, 6, 3)

    def program() -> None:
        weights = {name: p.detach() for name, p in model.named_parameters()}

        def loss(weights: dict[str, Tensor]) -> Tensor:
            return nn.functional.cross_entropy(torch.func.functional_call(model, weights, (X,)), Y)

        for _ in range(4):
            gradients = torch.func.grad(loss)(weights)
            weights = {name: p - 0.1 * gradients[name] for name, p in weights.items()}

    assert parameters(program) == {}


def test_the_program_is_left_as_it_was() -> None:
    def program() -> tuple[dict[str, Tensor], Tensor]:
        torch.manual_seed(3)
        model = nn.Sequential(nn.Linear(5, 6), nn.Dropout(), nn.Linear(6, 3))
        optimizer = Adam(model.parameters(), 0.01)
        for _ in range(30):
            optimizer.zero_grad(set_to_none=False)
            loss_of(model).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        deepcopy(model)
        return model.state_dict(), torch.rand(1)

    plain, drawn = program()
    kept: list[tuple[dict[str, Tensor], Tensor]] = []
    watched(lambda: kept.append(program()))
    assert drawn.equal(kept[0][1])
    assert all(plain[name].equal(kept[0][0][name]) for name in plain)
