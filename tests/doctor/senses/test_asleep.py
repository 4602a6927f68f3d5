"""What is told of a program in turns that are slept through."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from tests.doctor.senses.program import network, watched
from torch.optim import SGD

from gradwise.doctor.senses.losses import Losses


def test_an_evaluation_s_loss_outside_of_its_no_grad() -> None:
    """The network is called without gradients, and the loss computed behind that: every one counts."""
    x, y = torch.randn(8, 5), torch.randint(0, 3, (8,))

    def program() -> None:
        model = network(5, 6, 3)
        optimizer = SGD(model.parameters(), 0.1)
        for step in range(400):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
            if step % 20 == 0:
                with torch.no_grad():
                    out = model(x)
                F.cross_entropy(out, y).item()

    trace = watched(program, senses=(Losses,), budget=1e-9)
    evaluated = next(loss for loss in trace.facts.losses if not loss.training)
    assert evaluated.calls == 20
