"""What backward is called on: phases that begin with samples of another shape."""

from __future__ import annotations

import pytest
import torch
from tests.doctor.senses.program import watched
from torch import nn

from gradwise.doctor.senses.roots import Roots
from gradwise.doctor.senses.structure import Structure

SHORT, LONG = 2, 4
CURRICULUM = [LONG if step % 4 else SHORT for step in range(40)]


@pytest.mark.parametrize(
    ("lengths", "phases"),
    [
        ([SHORT] * 30 + [LONG] * 30, [30]),
        ([SHORT] * 30 + CURRICULUM, [31]),  # the short ones still come, now and then
        (CURRICULUM, []),  # from the start on
        ([2 + step * 7 % 30 for step in range(60)], []),  # every batch has its own
        ([SHORT] * 30 + [LONG] * 3 + [SHORT] * 30, []),  # a longer sample or two
    ],
)
def test_samples_of_a_new_shape_begin_a_phase(lengths: list[int], phases: list[int]) -> None:
    recurrent, head = nn.RNN(3, 4, batch_first=True), nn.Linear(4, 1)
    optimizer = torch.optim.SGD([*recurrent.parameters(), *head.parameters()], lr=0.01)

    def program() -> None:
        for length in lengths:
            optimizer.zero_grad()
            head(recurrent(torch.ones(5, length, 3))[0]).square().mean().backward()
            optimizer.step()

    assert watched(program, (Structure, Roots)).facts.phases == phases


def test_longer_samples_of_which_only_the_end_is_told() -> None:
    """The loss has the shape that it had; what it was made of has not."""
    recurrent, head = nn.RNN(3, 4, batch_first=True), nn.Linear(4, 1)
    optimizer = torch.optim.SGD([*recurrent.parameters(), *head.parameters()], lr=0.01)

    def program() -> None:
        for length in [SHORT] * 62 + [LONG] * 60:
            optimizer.zero_grad()
            head(recurrent(torch.ones(5, length, 3))[0][:, -1]).squeeze(1).square().mean().backward()
            optimizer.step()

    assert watched(program, (Structure, Roots)).facts.phases == [61]  # of every fifth turn: 65 was the first one


def test_layers_that_are_unfrozen_are_no_other_task() -> None:
    body, head = nn.Sequential(nn.Linear(3, 4), nn.ReLU()), nn.Linear(4, 2)
    optimizer = torch.optim.SGD([*body.parameters(), *head.parameters()], lr=0.01)

    def program() -> None:
        for step in range(90):
            body.requires_grad_(step >= 40)
            optimizer.zero_grad()
            head(body(torch.ones(5, 3))).square().mean().backward()
            optimizer.step()

    assert watched(program, (Structure, Roots)).facts.phases == []
