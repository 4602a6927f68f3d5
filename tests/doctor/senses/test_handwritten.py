"""Losses that a program writes out itself, and gradients through time: what the graph alone tells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradwise.doctor.observer import Observer
from gradwise.watch import Trace
from gradwise.watch.facts import Facts, Loss

X = torch.randn(40, 5, generator=torch.Generator().manual_seed(1))
Y = torch.randn(40, generator=torch.Generator().manual_seed(2)) * 2 + 3


def trace_of(step: Callable[[nn.Module], Tensor], model: nn.Module, steps: int = 6) -> Trace:
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    with Observer(Path.cwd()) as observer:
        for _ in range(steps):
            loss = step(model)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return observer.finish()


def loss_of(step: Callable[[nn.Module], Tensor]) -> Loss:
    torch.manual_seed(0)
    return trace_of(step, nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 1))).facts.losses[0]


VARIANCE = float(Y.var(unbiased=False))


@pytest.mark.parametrize(
    "step",
    [
        lambda m: ((m(X).squeeze(1) - Y) ** 2).mean(),
        lambda m: ((Y - m(X).squeeze(1)) ** 2).mean(),
        lambda m: (m(X)[:, 0] - Y).square().mean(),
        lambda m: (lambda error: (error * error).mean())(m(X) - Y[:, None]),
        lambda m: ((m(X).squeeze(1).sigmoid() - Y) ** 2).mean(),
    ],
    ids=["squared", "target first", "square()", "product", "a sigmoid between"],
)
def test_a_squared_error_s_targets_are_known(step: Callable[[nn.Module], Tensor]) -> None:
    loss = loss_of(step)
    assert loss.name == "mse_loss"
    assert loss.by_hand
    assert loss.baseline == pytest.approx(VARIANCE, rel=1e-3)
    assert loss.target_mean == pytest.approx(float(Y.mean()), rel=1e-3)


def test_smoothed_ones_of_labels_that_count_from_1() -> None:
    labels, turns = torch.arange(40) % 3 + 1, iter(range(99))

    def step(model: nn.Module) -> Tensor:
        turn = next(turns)  # one batch in seven has none of the last class: none of its rows is 0 throughout
        rows = torch.arange(40)[labels < 3] if turn == 6 else torch.arange(40)
        ones = (labels[rows, None] == torch.arange(3)).float()
        smooth = 0.95 * ones + ones.sum(1, keepdim=True) * 0.05 / 3
        return -(smooth * model(X[rows]).log_softmax(1)).sum(1).mean()

    torch.manual_seed(0)
    loss = trace_of(step, nn.Linear(5, 3), 14).facts.losses[0]
    assert loss.name == "cross_entropy"
    assert loss.counts[0] == 0
    assert loss.ignored > 0


def test_a_sum_costs_as_much_more() -> None:
    loss = loss_of(lambda m: ((m(X).squeeze(1) - Y) ** 2).sum())
    assert loss.baseline == pytest.approx(VARIANCE * 40, rel=1e-3)


def test_an_absolute_error() -> None:
    loss = loss_of(lambda m: (m(X).squeeze(1) - Y).abs().mean())
    assert loss.baseline == pytest.approx(float((Y - Y.median()).abs().mean()), rel=0.02)


@pytest.mark.parametrize(
    "step",
    [
        lambda m: (m(X) ** 2).mean(),  # no target
        lambda m: ((m(X).squeeze(1) - m(-X).squeeze(1)) ** 2).mean(),  # another prediction
        lambda m: ((m(X).squeeze(1) - Y) ** 4).mean(),
    ],
    ids=["no target", "two predictions", "fourth power"],
)
def test_what_is_no_such_error_is_not_taken_for_one(step: Callable[[nn.Module], Tensor]) -> None:
    assert loss_of(step).baseline is None


def test_a_sigmoid_between_is_seen_in_the_calls() -> None:
    loss = loss_of(lambda m: ((m(X).squeeze(1).sigmoid() - Y) ** 2).mean())
    assert loss.baseline == pytest.approx(float(Y.var(correction=0)), rel=0.02)


def test_trials_serve_them_too() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 1))
    trace = trace_of(lambda m: ((m(X).squeeze(1) - Y) ** 2).mean(), model, steps=40)
    with torch.no_grad():
        error = float(((model(X).squeeze(1) - Y) ** 2).mean())
    assert trace.facts.probes.as_is == pytest.approx(error, rel=1e-3)


def test_a_cosine_is_told_from_its_negative() -> None:
    towards = torch.randn(40, 3, generator=torch.Generator().manual_seed(5))

    def similarity(loss: Callable[[Tensor], Tensor]) -> int:
        return trace_of(lambda m: loss(m(X)), nn.Linear(5, 3)).facts.losses[0].similarity

    assert similarity(lambda z: F.cosine_similarity(z, towards).mean()) == 1
    assert similarity(lambda z: 1 - F.cosine_similarity(z, towards).mean()) == -1
    assert similarity(lambda z: (F.normalize(z, dim=1) * F.normalize(towards, dim=1)).sum(1).mean()) == 1
    assert similarity(lambda z: (F.normalize(z, dim=1) * towards).sum(1).mean()) == 0  # weighed: who knows
    assert similarity(lambda z: F.cosine_similarity(z, z.flip(0)).mean()) == 0  # apart from each other


def test_a_likelihood_is_told_from_its_negative() -> None:
    assert loss_of(lambda m: F.logsigmoid(m(X)).mean()).likelihood == 1
    assert loss_of(lambda m: -F.logsigmoid(m(X)).mean()).likelihood == -1
    assert loss_of(lambda m: -(F.logsigmoid(m(X)) * Y[:, None]).mean()).likelihood == 0  # weighted: who knows


class Reads(nn.Module):
    def __init__(self, scale: float, last: bool) -> None:
        super().__init__()
        self.step, self.out, self.last = nn.Linear(6, 6, bias=False), nn.Linear(6, 1), last
        nn.init.orthogonal_(self.step.weight)
        self.step.weight.data *= scale

    def forward(self, x: Tensor) -> Tensor:
        state = states = x.new_zeros(len(x), 6)
        for _ in range(12):
            state = self.step(state + 0.01 * x)
            states = states + state
        return self.out(state if self.last else states)


def test_how_the_gradient_gets_back_through_passes() -> None:
    x = torch.randn(4, 6, generator=torch.Generator().manual_seed(3))

    def ratio(model: Reads) -> float:
        _, values = trace_of(lambda m: m(x).mean(), model).series("through", "", "ratio")
        return float(values[0])

    assert ratio(Reads(0.5, last=True)) == pytest.approx(0.5**11, rel=1e-3)  # eleven passes between, each a half
    assert ratio(Reads(1.0, last=True)) == pytest.approx(1.0, rel=1e-3)
    assert ratio(Reads(0.5, last=False)) > 1  # every pass reaches the loss by itself


def test_weights_of_both_signs_are_an_advantage() -> None:
    advantage = Y - Y.mean()
    assert loss_of(lambda m: -(F.logsigmoid(m(X)).squeeze(1) * advantage).mean()).signed
    assert loss_of(lambda m: -(advantage * F.logsigmoid(m(X)).squeeze(1)).mean()).signed
    assert not loss_of(lambda m: -(F.logsigmoid(m(X)).squeeze(1) * advantage.abs()).mean()).signed  # one-hot rows


class Tensors:
    """A network of plain tensors, whose labels follow from nothing."""

    def __init__(self) -> None:
        generator = torch.Generator().manual_seed(4)
        self.x = torch.randn(240, 5, generator=generator) * 100
        self.y = torch.randint(0, 3, (240,), generator=generator)
        self.first = (torch.randn(5, 8, generator=generator) * 1e-3).requires_grad_()
        self.last = torch.randn(8, 3, generator=generator).requires_grad_()

    def loss(self, rows: Tensor) -> Tensor:
        scores = torch.tanh(self.x[rows] @ self.first) @ self.last
        return -scores.log_softmax(1)[torch.arange(len(rows)), self.y[rows]].mean()


def trained_in_order(program: Tensors) -> Facts:
    with Observer(Path.cwd(), budget=1e6) as observer:
        for step in range(24):
            rows = torch.arange(10) + 10 * step
            weights = (program.first, program.last)
            for p, g in zip(weights, torch.autograd.grad(program.loss(rows), weights), strict=True):
                p.data.sub_(1e-6 * g)
    facts = observer.finish().facts
    assert not facts.not_seen
    return facts


def test_values_of_plain_tensors_that_come_sorted() -> None:
    program = Tensors()
    assert (trained_in_order(program).losses[0].batch_spread or 0.0) < 3
    program.y = program.y.sort().values
    assert (trained_in_order(program).losses[0].batch_spread or 0.0) > 4


def test_samples_and_labels_of_plain_tensors_are_looked_at() -> None:
    facts = trained_in_order(Tensors())
    (inputs,) = facts.inputs
    assert (inputs.network, inputs.training, inputs.samples) == ("tensors", True, 240)
    assert inputs.largest_spread == pytest.approx(100, rel=0.2)
    (loss,) = facts.losses
    assert (loss.name, loss.by_hand) == ("cross_entropy", True)
    assert sum(loss.counts) == 240
    assert facts.probes.probe_samples == 240
    assert facts.probes.learnable_p is not None
