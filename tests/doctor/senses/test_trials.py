"""Programs under the observer: what is tried on copies when they end, and what it finds."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from gradwise.doctor import probes as tried
from gradwise.doctor.observer import Observer
from gradwise.doctor.senses import trials
from gradwise.doctor.senses.losses import Losses
from gradwise.doctor.senses.trials import Trials
from gradwise.watch.facts import Probes


@pytest.fixture(autouse=True)
def _in_no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many steps as ever, however slow the machine is; the same weights every time."""
    monkeypatch.setattr(trials, "SECONDS", 600.0)
    monkeypatch.setattr(tried, "SECONDS", 600.0)
    torch.manual_seed(0)


def probes(program: Callable[[], object], steps: int = 0) -> Probes:
    observer = Observer(Path(__file__).parent, steps=steps, senses=(Losses, Trials))
    with observer:
        program()
    observer.finish()
    assert observer.facts.not_seen == {}
    return observer.facts.probes


def blobs(n: int = 256, related: bool = True) -> tuple[Tensor, Tensor]:
    y = torch.arange(n) % 3
    x = torch.randn(n, 6)
    return x + (2 * torch.eye(6)[y] if related else 0), y


def network(last: int = 3) -> nn.Sequential:
    return nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, last))


def train(
    model: nn.Module, x: Tensor, y: Tensor, lr: float, epochs: int = 4, loss: Callable[..., Tensor] | None = None
) -> nn.Module:
    optimizer = torch.optim.SGD(model.parameters(), lr, momentum=0.5)
    for _ in range(epochs):
        for a, b in DataLoader(TensorDataset(x, y), 32, shuffle=True):
            optimizer.zero_grad()
            (loss or F.cross_entropy)(model(a), b).backward()
            optimizer.step()
    return model


def test_a_network_that_learns_is_only_looked_at() -> None:
    x, y = blobs()
    found = probes(lambda: train(network(), x + 3 * torch.eye(6)[y], y, lr=0.1, epochs=10))
    assert found.zeroed is not None
    assert found.as_is is not None
    assert found.as_is < 0.5 < found.zeroed
    assert found.batch_sensitivity == pytest.approx(1, abs=1e-4)
    assert (found.train_mode, found.start, found.learnable, found.why_not) == (None, None, None, "")


def test_a_rate_that_is_too_low() -> None:
    found = probes(lambda: train(network(), *blobs(), lr=1e-5))
    assert found.start is not None
    assert found.same == pytest.approx(found.start, rel=0.01)
    assert found.rates["100"] < found.rates["10"] < found.start - 1e-4
    assert found.adam is not None
    assert found.adam < 0.8 * found.start
    assert found.sixteen is not None
    assert found.sixteen < 0.2
    assert found.learnable is not None
    assert found.learnable > 0.5


def test_a_rate_that_is_too_high() -> None:
    found = probes(lambda: train(network(), *blobs(), lr=300.0))
    assert found.same is not None
    assert found.same > 1
    assert found.rates["0.01"] < 1 < found.rates["100"]


def test_labels_that_have_nothing_to_do_with_the_inputs() -> None:
    found = probes(lambda: train(network(), *blobs(512, related=False), lr=0.01))
    assert found.learnable is not None
    assert found.learnable < 0.15
    assert found.learnable_p is not None
    assert found.learnable_p > 0.02
    assert found.probe_samples == 512
    assert found.fitted is not None
    assert found.fitted < 0.4


def test_running_statistics_that_do_not_fit() -> None:
    def program(momentum: float) -> None:
        model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8, momentum=momentum), nn.ReLU(), nn.Linear(8, 3))
        x, y = blobs()
        train(model, x * 10 + 5, y, lr=0.1)

    bad, good = probes(lambda: program(1e-4)), probes(lambda: program(0.1))
    assert bad.train_mode is not None
    assert bad.eval_mode is not None
    assert good.train_mode is not None
    assert good.eval_mode is not None
    assert bad.eval_mode > 2 * bad.train_mode
    assert good.eval_mode < 1.5 * good.train_mode


def test_statistics_are_those_of_the_last_evaluation() -> None:
    """Passes over something else in training mode, between the last step and the evaluation; then all is gone."""

    def program(other: float) -> None:
        model, (x, y) = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3)), blobs()
        train(model, x, y, lr=0.1)
        with torch.no_grad():
            for _ in range(30):
                model(other * x)
            model.eval()(x)

    bad, good = probes(lambda: program(20.0)), probes(lambda: program(1.0))
    assert bad.train_mode is not None
    assert bad.eval_mode is not None
    assert good.train_mode is not None
    assert good.eval_mode is not None
    assert bad.eval_mode > 2 * bad.train_mode
    assert good.eval_mode < 1.5 * good.train_mode


def test_a_loss_that_grows_with_the_batch() -> None:
    found = probes(
        lambda: train(network(), *blobs(), lr=0.01, loss=lambda a, b: F.cross_entropy(a, b, reduction="sum"))
    )
    assert found.batch_sensitivity == pytest.approx(2, rel=1e-3)
    unreduced = probes(
        lambda: train(network(), *blobs(), lr=0.01, loss=lambda a, b: F.cross_entropy(a, b, reduction="none").sum())
    )
    assert unreduced.batch_sensitivity == pytest.approx(2, rel=1e-3)


def test_a_sum_that_the_program_divides_says_nothing() -> None:
    found = probes(
        lambda: train(network(), *blobs(), 0.01, loss=lambda a, b: F.cross_entropy(a, b, reduction="sum") / len(a))
    )
    assert found.batch_sensitivity is None


def test_samples_that_the_program_weighs_by_itself() -> None:
    def focal(a: Tensor, b: Tensor) -> Tensor:
        each = F.cross_entropy(a, b, reduction="none")
        return ((1 - (-each).exp()) ** 2 * each).mean()

    found = probes(lambda: train(network(), *blobs(), lr=1e-6, loss=focal))
    assert "weighs" in found.why_not
    assert found.as_is is None


def test_one_output() -> None:
    x, y = blobs()
    hit = (y == 1).float()
    found = probes(
        lambda: train(network(1), x, hit, 1e-6, loss=lambda a, b: F.binary_cross_entropy_with_logits(a[:, 0], b))
    )
    assert found.why_not == ""
    assert found.learnable is not None
    assert found.learnable > 0.3
    assert found.fitted is not None
    assert found.sixteen is not None
    assert found.sixteen < 0.3


@pytest.mark.parametrize(
    ("loss", "why"),
    [
        (lambda a, b: F.cross_entropy(a, b) + a.square().mean() * torch.rand(()), "added"),
        (lambda a, b: F.cross_entropy(a[:, :2], b % 2) + F.cross_entropy(a, b), "several losses"),
        (lambda a, b: a.log_softmax(1).amax(1).mean().neg(), "no network's output"),
    ],
)
def test_a_step_of_the_programs_own_is_not_repeated(loss: Callable[..., Tensor], why: str) -> None:
    found = probes(lambda: train(network(), *blobs(), lr=1e-6, loss=loss))
    assert why in found.why_not
    assert found.start is None


def test_several_networks_are_not_trained() -> None:
    def program() -> None:
        one, other = network(), network()
        optimizer = torch.optim.SGD([*one.parameters(), *other.parameters()], 1e-6)
        x, y = blobs()
        for _ in range(20):
            optimizer.zero_grad()
            F.cross_entropy(one(x), y).backward()
            F.cross_entropy(other(x), y).backward()
            optimizer.step()

    found = probes(program)
    assert found.why_not == "several networks are trained"
    assert found.as_is is not None


def test_what_cannot_be_copied_is_said_so() -> None:
    class Holding(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last = nn.Linear(6, 3)
            self.data = torch.zeros(1_000_000)

        def forward(self, x: Tensor) -> Tensor:
            return self.last(x)

    assert "it holds Tensor data" in probes(lambda: train(Holding(), *blobs(), lr=0.1)).why_not


def test_a_forward_pass_that_fails_on_copies_harms_nobody() -> None:
    class Counting(nn.Sequential):
        def forward(self, x: Tensor) -> Tensor:
            if len(calls) > 32:
                raise RuntimeError("enough")
            calls.append(1)
            return super().forward(x)

    calls: list[int] = []
    assert "RuntimeError" in probes(lambda: train(Counting(*network()), *blobs(), lr=0.1)).why_not


def test_an_interrupted_program_is_left_at_once() -> None:
    observer = Observer(Path(__file__).parent, senses=(Losses, Trials))
    with observer:
        train(network(), *blobs(), lr=1e-6)
    observer.finish(finished=False)
    assert "end" in observer.facts.probes.why_not
    assert observer.facts.probes.as_is is None


def test_nothing_of_the_programs_changes(capsys: pytest.CaptureFixture[str]) -> None:
    class Talking(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.Dropout(), nn.Linear(16, 3))

        def forward(self, x: Tensor) -> Tensor:
            print("forward")
            return self.body(x)

    def program() -> None:
        torch.manual_seed(1)
        kept.append(train(Talking(), *blobs(), lr=1e-6))

    kept: list[nn.Module] = []
    program()
    alone = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist(), capsys.readouterr().out
    assert probes(program).same is not None
    beside = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist(), capsys.readouterr().out
    assert torch.equal(alone[0], beside[0])
    assert alone[1:] == beside[1:]
    first, second = (module.state_dict() for module in kept)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert kept[0].training is kept[1].training
    assert all(torch.equal(a.grad, b.grad) for a, b in zip(*(m.parameters() for m in kept), strict=True))  # type: ignore


def test_a_network_that_is_gone_is_tried_with_its_last_weights() -> None:
    def program() -> None:  # nothing of it is left behind
        train(network(), *blobs(), lr=0.3)

    found = probes(program)
    assert found.as_is is not None
    assert found.as_is < 0.7


def test_one_sample_that_is_a_number() -> None:
    """Without an axis of samples there is no batch to keep, and nothing fails."""

    def program() -> None:
        model = nn.Embedding(3, 1)
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        for step in range(30):
            optimizer.zero_grad()
            score = model(torch.tensor(step % 3)).squeeze()
            F.binary_cross_entropy_with_logits(score, torch.tensor(float(step % 2))).backward()
            optimizer.step()

    with Observer(Path.cwd(), 1e6, senses=(Losses, Trials)) as observer:
        program()
    facts = observer.finish().facts
    assert not facts.not_seen
    assert "no tensors" in facts.probes.why_not
