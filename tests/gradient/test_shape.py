from __future__ import annotations

import pytest
import torch
from torch import nn

from gradwise.gradient import GradientNoise


def test_noise_has_its_spread_and_no_mean() -> None:
    made = nn.Parameter(torch.zeros(200, 100))
    made.grad = torch.full((200, 100), 3.0)
    held = made.grad
    GradientNoise(0.5)([made, nn.Parameter(torch.zeros(1))])
    assert made.grad is held  # in place: a kernel holds the address
    assert float(held.mean()) == pytest.approx(3, abs=0.02)
    assert float(held.std()) == pytest.approx(0.5, rel=0.02)


def test_noise_is_torch_s_stream_s() -> None:
    found: list[torch.Tensor] = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        made = nn.Parameter(torch.zeros(5))
        made.grad = torch.zeros(5)
        GradientNoise()([made])
        found.append(made.grad)
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])
