from __future__ import annotations

import copy

import numpy as np
import torch
from scipy.linalg import fractional_matrix_power as power
from torch import nn

from gradwise.update import Shampoo


def steps(optimizer: torch.optim.Optimizer, p: nn.Parameter, gradients: list[torch.Tensor]) -> None:
    for gradient in gradients:
        p.grad = gradient.clone()
        optimizer.step()


def test_a_matrix_is_the_paper_s_algorithm_1() -> None:
    torch.manual_seed(0)
    gradients = [torch.randn(3, 4) for _ in range(5)]
    p = nn.Parameter(torch.zeros(3, 4))
    steps(Shampoo(lr=0.5, momentum=0.9, eps=0.1, every=1)([p]), p, gradients)
    left, right, mean, w = 0.1 * np.eye(3), 0.1 * np.eye(4), np.zeros((3, 4)), np.zeros((3, 4))
    for g in (gradient.double().numpy() for gradient in gradients):
        left, right, mean = left + g @ g.T, right + g.T @ g, 0.9 * mean + g
        w = w - 0.5 * power(left, -0.25) @ mean @ power(right, -0.25)
    np.testing.assert_allclose(p.detach().numpy(), w, rtol=1e-4, atol=1e-5)


def test_a_vector_takes_one_root_by_hand() -> None:
    p = nn.Parameter(torch.zeros(2))
    steps(Shampoo(lr=1.0, momentum=0.0, eps=1e-5, every=1)([p]), p, [torch.tensor([3.0, 4.0])])
    torch.testing.assert_close(p.detach(), torch.tensor([-0.6, -0.8]), rtol=1e-3, atol=1e-3)  # g / |g|: (g g')^(-1/2) g
    number = nn.Parameter(torch.tensor(1.0))
    steps(Shampoo(lr=1.0, momentum=0.0, eps=1e-8)([number]), number, [torch.tensor(-7.0)])
    assert float(number.detach()) == torch.tensor(2.0)


def test_a_side_that_is_too_long_has_no_matrix() -> None:
    torch.manual_seed(0)
    g, p = torch.randn(2, 9), nn.Parameter(torch.zeros(2, 9))
    optimizer = Shampoo(lr=1.0, momentum=0.0, eps=1e-4, largest=4)([p])
    steps(optimizer, p, [g])
    expected = power(1e-4 * np.eye(2) + (g @ g.T).double().numpy(), -0.5) @ g.double().numpy()
    np.testing.assert_allclose(-p.detach().numpy(), expected, rtol=1e-4, atol=1e-5)
    assert list(optimizer.state[p]["sides"]) == [0]


def test_the_average_forgets_and_decay_shrinks() -> None:
    p = nn.Parameter(torch.ones(1, 1))
    optimizer = Shampoo(lr=0.1, momentum=0.0, decay=0.5, eps=1e-8, every=1, weight_decay=0.5)([p])
    steps(optimizer, p, [torch.tensor([[4.0]]), torch.tensor([[2.0]])])
    first = 1 * 0.95 - 0.1 * 4 / 4
    second = first * 0.95 - 0.1 * 2 / (0.5 * 16 + 4) ** 0.5
    torch.testing.assert_close(p.detach(), torch.tensor([[second]]), rtol=1e-4, atol=1e-5)


def test_a_resume_in_the_middle_and_a_kernel() -> None:
    torch.manual_seed(0)
    gradients = [torch.randn(3, 2, 2, 2) for _ in range(6)]
    whole, cut = (nn.Parameter(torch.zeros(3, 2, 2, 2)) for _ in range(2))
    steps(Shampoo(every=2)([whole]), whole, gradients)
    first = Shampoo(every=2)([cut])
    steps(first, cut, gradients[:3])
    second = Shampoo(every=2)([cut])
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    steps(second, cut, gradients[3:])
    assert torch.equal(whole, cut)


def test_what_float32_cannot_square_moves_nothing() -> None:
    p = nn.Parameter(torch.ones(2, 2))
    steps(Shampoo()([p]), p, [torch.full((2, 2), 1e30)])
    assert torch.equal(p, torch.ones(2, 2))
