"""Graphs that are kept, and programs that keep none."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest
import torch
from tests.doctor.senses.program import X, loss_of, network, watched
from torch import Tensor, nn
from torch.optim import SGD

from gradwise.watch.facts import Facts

STEPS = 40


def train(keep: Callable[[Tensor], object]) -> Facts:
    """What is found where the program does so with its loss."""

    def program() -> None:
        model = network(5, 6, 3)
        optimizer = SGD(model.parameters(), 0.1)
        for _ in range(STEPS):
            loss = loss_of(model)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            keep(loss)

    return watched(program).facts


def test_nothing_is_kept() -> None:
    found = train(lambda loss: None)
    assert found.alive_graphs == [0] * 5  # at steps 2, 4, 8, 16, 32
    assert len(set(found.graph_nodes)) == 1
    assert found.alive_source == ""


def test_numbers_are_kept() -> None:
    kept: list[object] = []
    assert max(train(lambda loss: kept.extend([loss.item(), loss.detach()])).alive_graphs) == 0


def test_losses_are_added_up() -> None:
    def program() -> None:
        model, total = network(5, 6, 3), torch.zeros(())
        optimizer = SGD(model.parameters(), 0.1)
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss = loss_of(model)
            loss.backward()
            optimizer.step()
            total += loss

    facts = watched(program).facts
    assert facts.alive_graphs == [2, 4, 8, 16, 32]
    assert facts.alive_source.endswith(f":{program.__code__.co_firstlineno + 8}")


class History:
    def __init__(self) -> None:
        self.losses: list[Tensor] = []

    def train(self) -> None:
        model = network(5, 6, 3)
        optimizer = SGD(model.parameters(), 0.1)
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss = loss_of(model)
            loss.backward()
            optimizer.step()
            self.losses.append(loss)


def test_losses_are_collected() -> None:
    facts = watched(History().train).facts
    assert facts.alive_graphs == [2, 4, 8, 16, 32]
    assert facts.alive_source.endswith(f":{History.train.__code__.co_firstlineno + 8}")


def test_outputs_that_nothing_uses_are_collected() -> None:
    model, kept = network(5, 6, 3), []
    found = train(lambda loss: kept.append(model(X)))
    assert found.alive_graphs == [1, 3, 7, 15, 31]


def test_only_the_last_few_are_kept() -> None:
    kept: list[Tensor] = []

    def last(loss: Tensor) -> None:
        kept.append(loss)
        del kept[:-3]

    assert train(last).alive_graphs == [2, 3, 3, 3, 3]


@pytest.mark.parametrize("cut", [True, False])
def test_a_state_that_goes_on(cut: bool) -> None:
    def program() -> None:
        cell, state = nn.GRUCell(5, 4), torch.zeros(8, 4)
        for _ in range(STEPS):
            state = state.detach() if cut else state
            state = cell(X, state)
            state.square().mean().backward(retain_graph=True)
            with torch.no_grad():
                for p in cell.parameters():
                    assert p.grad is not None
                    p.data -= 0.01 * p.grad
                    p.grad = None

    facts = watched(program).facts
    if cut:
        assert max(facts.alive_graphs) <= 1
        assert len(set(facts.graph_nodes)) == 1
    else:
        assert facts.alive_graphs == [3, 5, 9, 17, 33]
        assert facts.graph_nodes[-1] > 8 * facts.graph_nodes[0]
        assert facts.alive_source


def test_a_network_can_be_pickled_and_its_loader_is_not_touched() -> None:
    class Touchy(list[int]):
        def __iter__(self) -> None:  # type: ignore[override]
            raise AssertionError("it was iterated over")

    def program() -> None:
        model, kept, loader = network(5, 6, 3), [], Touchy([1])
        optimizer = SGD(model.parameters(), 0.1)
        for _ in range(STEPS):
            loss = loss_of(model)
            kept.append(loss)
            loss.backward()
            optimizer.step()
            pickle.dumps(model)
        assert len(loader) == 1

    assert watched(program).facts.alive_graphs[-1] == 32


def test_an_evaluation_s_losses_in_a_list() -> None:
    def program() -> None:
        model, history = network(5, 6, 3), []
        optimizer = SGD(model.parameters(), 0.1)
        for step in range(STEPS):
            loss = loss_of(model)
            loss.backward()
            optimizer.step()
            if step % 4 == 3:
                history.append(loss_of(model))

    facts = watched(program).facts
    assert facts.listed_graphs[-3:] == [1, 3, 7]
    assert facts.alive_source.endswith(f":{program.__code__.co_firstlineno + 8}")


def test_an_evaluation_s_losses_in_a_list_that_has_a_name() -> None:
    def program() -> None:
        model, history = network(5, 6, 3), {"valid": []}
        optimizer = SGD(model.parameters(), 0.1)
        for step in range(STEPS):
            loss = loss_of(model)
            loss.backward()
            optimizer.step()
            if step % 4 == 3:
                history["valid"].append(loss_of(model))

    facts = watched(program).facts
    assert facts.listed_graphs[-3:] == [1, 3, 7]
    assert facts.alive_source.endswith(f":{program.__code__.co_firstlineno + 8}")


@pytest.mark.parametrize("detached", [False, True])
def test_passes_of_one_step_that_go_through_those_before(detached: bool) -> None:
    """The parts of a sequence, with one step for all of them."""

    def program() -> None:
        cell, out = nn.RNNCell(5, 6), nn.Linear(6, 1)
        optimizer = SGD([*cell.parameters(), *out.parameters()], 0.01)
        for _ in range(4):
            state = torch.zeros(len(X), 6)
            optimizer.zero_grad()
            for _ in range(12):
                state = cell(X, state)
                out(state).square().mean().backward(retain_graph=not detached)
                state = state.detach() if detached else state
            optimizer.step()

    assert watched(program).facts.passed_again == (0 if detached else 11)


def test_losses_that_share_a_trunk() -> None:
    def program() -> None:
        trunk, heads = nn.Linear(5, 6), nn.ModuleList(nn.Linear(6, 1) for _ in range(12))
        optimizer = SGD([*trunk.parameters(), *heads.parameters()], 0.01)
        for _ in range(4):
            optimizer.zero_grad()
            shared = trunk(X)
            for head in heads:
                head(shared).square().mean().backward(retain_graph=True)
            optimizer.step()

    assert watched(program).facts.passed_again <= 1
