"""Modes: in which one networks are trained and evaluated, and over how many values batch norms average."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import update_bn

from gradwise.doctor.observer import Observer
from gradwise.doctor.senses.modes import Modes
from gradwise.watch.facts import Network

from .fake import Program

X = torch.randn(8, 4, generator=torch.Generator().manual_seed(0))


def dropped() -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 6), nn.Dropout(0.3), nn.Linear(6, 2))


def normed() -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6, momentum=0.02), nn.Linear(6, 2))


def train(program: Program, model: nn.Module, x: Tensor = X) -> None:
    program.train(program.call(model, x, "train.py:4").sum())


def evaluate(program: Program, model: nn.Module, x: Tensor = X) -> None:
    program.call(model, x, "train.py:9", "train.py:20", gradient=False)


def counts(network: Network) -> tuple[int, int, int, int]:
    return (
        network.training_calls,
        network.training_in_eval,
        network.evaluation_calls,
        network.evaluation_in_train,
    )


@pytest.mark.parametrize(
    ("training", "evaluating", "expected"),
    [
        (True, False, (3, 0, 2, 0)),
        (False, False, (3, 3, 2, 0)),
        (True, True, (3, 0, 2, 2)),
    ],
)
def test_calls_in_each_mode(training: bool, evaluating: bool, expected: tuple[int, ...]) -> None:
    program, model = Program(Modes), dropped()
    for _ in range(3):
        train(program, model.train(training))
    for _ in range(2):
        evaluate(program, model.train(evaluating))
    (network,) = program.end().networks
    assert counts(network) == expected
    assert (network.source, network.evaluation_source) == ("train.py:4", "train.py:9")
    assert (network.mode_matters, network.dropout) == (["Dropout"], 0.3)


@pytest.mark.parametrize(("model", "passes", "wrong"), [(dropped(), 8, 0), (dropped(), 2, 6), (normed(), 8, 24)])
def test_many_passes_of_one_input_in_a_row_are_draws(model: nn.Module, passes: int, wrong: int) -> None:
    """Monte Carlo dropout. The same samples once after every step are an evaluation; batch norms draw nothing."""
    program = Program(Modes)
    for _ in range(3):
        train(program, model)
        for _ in range(passes):
            evaluate(program, model)
    assert program.end().networks[0].evaluation_in_train == wrong


def test_turns_that_are_not_looked_at_are_counted_too() -> None:
    program, model = Program(Modes), dropped()
    train(program, model)
    program.look = False
    for _ in range(4):
        train(program, model)
    evaluate(program, model)
    assert counts(program.end().networks[0]) == (5, 0, 1, 1)


def test_validation_without_no_grad() -> None:
    program, model = Program(Modes), dropped()
    for _ in range(3):
        program.call(model, X, "train.py:9")
        train(program, model)
    assert counts(program.end().networks[0]) == (3, 0, 3, 3)


def test_phases_that_share_their_lines() -> None:
    program, model = Program(Modes), dropped()
    for _ in range(3):
        train(program, model.train())
        program.call(model.eval(), X, "train.py:4")
    train(program, model.train())
    assert counts(program.end().networks[0]) == (4, 0, 3, 0)


def test_frozen_batch_norms_in_a_network_that_trains() -> None:
    program, model = Program(Modes), nn.Sequential(normed(), dropped()[1])
    model.train()
    model[0].eval()
    train(program, model)
    assert counts(program.end().networks[0]) == (1, 0, 0, 0)


def test_dropout_left_on_in_a_network_in_evaluation_mode() -> None:
    program, model = Program(Modes), dropped()
    train(program, model)
    model.eval()
    model[1].train()
    evaluate(program, model)
    assert counts(program.end().networks[0]) == (1, 0, 1, 1)


@pytest.mark.parametrize("gradient", [True, False])
def test_a_generator_is_not_evaluated_when_it_feeds_the_discriminator(gradient: bool) -> None:
    program, generator, discriminator = Program(Modes), normed(), nn.Linear(2, 1)
    for _ in range(3):
        fake = program.call(generator, X, "gan.py:5", gradient=gradient).detach()
        program.train(program.call(discriminator, fake, "gan.py:6").sum())
        fake = program.call(generator, X, "gan.py:9")
        program.train(program.call(discriminator, fake, "gan.py:10").sum())
    found = {network.name: counts(network) for network in program.end().networks}
    assert found == {"Sequential": (3, 0, 0, 0), "Linear": (6, 0, 0, 0)}


def test_a_generator_that_runs_once_for_both_is_trained() -> None:
    program, generator, discriminator = Program(Modes), normed(), nn.Linear(2, 1)
    for _ in range(3):
        fake = program.call(generator, X, "gan.py:5")
        program.train(program.call(discriminator, fake.detach(), "gan.py:6").sum())
        program.train(program.call(discriminator, fake, "gan.py:10").sum())
    assert counts(program.end().networks[0]) == (3, 0, 0, 0)


def test_running_statistics_computed_anew_are_no_evaluation() -> None:
    program, model = Program(Modes), normed()
    train(program, model)

    class Told(nn.Module):
        """As the patched torch would tell of it."""

        def forward(self, x: Tensor) -> Any:
            return program.call(model, x, "train.py:30", gradient=False)

    told = Told()
    told.inner = model  # type: ignore[assignment]
    update_bn([X, X], told)
    assert counts(program.end().networks[0]) == (1, 0, 0, 0)


def test_what_a_batch_norm_averages_over() -> None:
    program = Program(Modes)
    model = nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(48, 2))
    for size in (6, 6, 2):
        train(program, model, torch.randn(size, 1, 4, 4))
    evaluate(program, model.eval(), torch.randn(1, 1, 4, 4))
    (network,) = program.end().networks
    assert (network.batch_norm_values, network.batch_norm_batch, network.batch_norm_usual) == (32, 2, 96)
    assert network.mode_matters == ["BatchNorm2d"]
    assert network.batch_norm_momentum == 0.1


def test_the_smallest_batch_counts_where_nobody_looked() -> None:
    program, model = Program(Modes), normed()
    train(program, model)
    program.look = False
    train(program, model, X[:3])
    (network,) = program.end().networks
    assert (network.batch_norm_values, network.batch_norm_batch, network.batch_norm_usual) == (3, 3, 8)
    assert network.batch_norm_momentum == 0.02


class Pieces(nn.Module):
    """A batch norm that is called on so many samples at a time."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size, self.norm, self.last = size, nn.BatchNorm1d(4), nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(torch.cat([self.norm(part) for part in x.split(self.size)]))


@pytest.mark.parametrize(("size", "averaged"), [(2, 2), (8, 8), (7, 7)])
def test_a_batch_norm_that_is_given_pieces_of_a_batch(size: int, averaged: int) -> None:
    program = Program(Modes)
    train(program, Pieces(size), torch.randn(16, 4))
    (network,) = program.end().networks
    assert (network.batch_norm_usual, network.batch_norm_samples) == (averaged, averaged)


def test_a_batch_norm_over_all_the_steps_of_sequences() -> None:
    program = Program(Modes)
    model = nn.Sequential(nn.Flatten(0, 1), nn.BatchNorm1d(4), nn.Linear(4, 2))
    train(program, model, torch.randn(6, 5, 4))
    (network,) = program.end().networks
    assert (network.batch_norm_usual, network.batch_norm_samples) == (30, 6)


def test_without_batch_norm_there_is_none() -> None:
    program, model = Program(Modes), nn.Linear(4, 2)
    train(program, model)
    (network,) = program.end().networks
    assert (network.batch_norm_values, network.mode_matters, network.dropout) == (None, [], 0.0)


@pytest.mark.parametrize(
    ("module", "matters"),
    [
        (nn.LSTM(4, 4, num_layers=2, dropout=0.5), ["LSTM"]),
        (nn.LSTM(4, 4, num_layers=2), []),
        (nn.BatchNorm1d(4, track_running_stats=False), []),
        (nn.Dropout(0.0), []),
        (nn.LayerNorm(4), []),
    ],
)
def test_what_the_mode_switches(module: nn.Module, matters: list[str]) -> None:
    program = Program(Modes)
    evaluate(program, nn.Sequential(nn.Linear(4, 4), module))
    assert program.end().networks[0].mode_matters == matters


def test_training_within_torch_func() -> None:
    program, model = Program(Modes), dropped()
    torch.func.grad(lambda w: program.call(model, X * w).sum())(torch.ones(()))
    assert counts(program.end().networks[0]) == (1, 0, 0, 0)


class ByFunction(nn.Module):
    def __init__(self, always: bool) -> None:
        super().__init__()
        self.layer, self.always = nn.Linear(4, 2), always

    def forward(self, x: Tensor) -> Tensor:
        return F.dropout(self.layer(x), 0.4, self.always or self.training)


@pytest.mark.parametrize(("always", "expected"), [(True, (3, 0, 2, 2)), (False, (3, 0, 2, 0))])
def test_dropout_by_function_counts_as_a_layer_does(always: bool, expected: tuple[int, ...]) -> None:
    model = ByFunction(always)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    with Observer(Path.cwd(), budget=1e6, senses=(Modes,)) as observer:
        for _ in range(3):
            model.train()(X).sum().backward()
            optimizer.step()
        for _ in range(2):
            with torch.no_grad():
                model.eval()(X)
    (network,) = observer.finish().facts.networks
    assert counts(network) == expected
    assert (network.mode_matters, network.dropout) == (["Dropout by function"], 0.4)
