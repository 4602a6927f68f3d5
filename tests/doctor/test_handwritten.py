"""Losses that are written out: recognised as what torch's function would have been called with, or left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from gradwise.doctor import handwritten
from gradwise.doctor.bare import Bare
from gradwise.doctor.graph import Graph
from gradwise.doctor.sense import Backward, LossCall

B, C = 6, 3
Y = torch.tensor([0, 2, 1, 1, 0, 2])
ROWS = torch.arange(B)
ONES = F.one_hot(Y, C).float()
BITS = torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
REAL = torch.linspace(-1.5, 2, B)


def scores(columns: int) -> Tensor:
    """(B, columns) of a small network of plain tensors."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(B, 4, generator=generator)
    first = torch.randn(4, 5, generator=generator).requires_grad_()
    second = torch.randn(5, columns, generator=generator).requires_grad_()
    bias = torch.randn(columns, generator=generator).requires_grad_()
    return torch.tanh(x @ first) @ second + bias


def found(loss: Tensor) -> LossCall | None:
    backward = Backward((loss,), "train.py:1", graph=Graph((loss,)))
    return handwritten.loss(backward)


CLASSES: dict[str, Callable[[Tensor], Tensor]] = {
    "rows and columns": lambda z: -torch.log_softmax(z, 1)[ROWS, Y].mean(),
    "gather": lambda z: -(z.log_softmax(-1).gather(1, Y[:, None])).squeeze(1).mean(),
    "ones": lambda z: -(ONES * torch.log_softmax(z, 1)).sum(1).mean(),
    "logsumexp": lambda z: (z.logsumexp(1) - z[ROWS, Y]).mean(),
    "ones and logsumexp": lambda z: -(ONES * (z - z.logsumexp(1, keepdim=True))).sum(1).mean(),
    "weights of classes": lambda z: (torch.tensor([1.0, 2, 3])[Y] * -torch.log_softmax(z, 1)[ROWS, Y]).mean(),
}


@pytest.mark.parametrize("name", CLASSES)
def test_a_cross_entropy_is_recognised(name: str) -> None:
    z = scores(C)
    call = found(CLASSES[name](z))
    assert call is not None
    assert call.name == "cross_entropy"
    assert torch.equal(call.target, Y)
    assert torch.allclose(call.input, z.detach(), atol=1e-6)
    assert call.weighed == (name == "weights of classes")


def test_ones_may_be_booleans_and_labels_count_from_1() -> None:
    z = scores(C)
    call = found(-((Y[:, None] == torch.arange(C)) * (z - z.logsumexp(1, keepdim=True))).sum(1).mean())
    assert call is not None
    assert torch.equal(call.target, Y)
    late = found(-(((Y + 1)[:, None] == torch.arange(C)) * torch.log_softmax(z, 1)).sum(1).mean())
    assert late is not None
    assert late.target.tolist() == [1, -100, 2, 2, 1, -100]
    smooth = 0.9 * ((Y + 1)[:, None] == torch.arange(C)) + 0.1 / C
    smoothed = found(-(smooth * torch.log_softmax(z, 1)).sum(1).mean())
    assert smoothed is not None
    assert smoothed.target.tolist() == [1, -101, 2, 2, 1, -101]
    few = scores(2)  # and three classes
    beyond = found(-((0.9 * (Y[:, None] == torch.arange(2)) + 0.05) * torch.log_softmax(few, 1)).sum(1).mean())
    assert beyond is not None
    assert beyond.target.tolist() == [int(y) if y < 2 else -101 for y in Y]
    assert found(-((Y[:, None] == torch.arange(2)) * torch.log_softmax(few, 1)).sum(1).mean()) is None  # left out?


def test_labels_below_0_are_of_the_last_class_or_of_none() -> None:
    y, last = torch.where(Y == 2, -1, Y), torch.log_softmax(scores(C), 1)
    wrapped = found(-last[ROWS, y].mean())
    assert wrapped is not None
    assert wrapped.arguments == {}
    masked = found(((y >= 0) * -last[ROWS, y]).mean())
    assert masked is not None
    assert masked.arguments == {"ignore_index": -1}


def test_a_formula_that_is_fitted() -> None:
    height, width = torch.tensor(1.3, requires_grad=True), torch.tensor(0.7, requires_grad=True)
    shift = torch.tensor(0.1, requires_grad=True)
    call = found(((height * torch.sin(width * REAL + shift) - REAL) ** 2).mean())
    assert call is not None
    assert call.name == "mse_loss"
    assert torch.allclose(call.target, REAL, atol=1e-6)
    assert found(((height * width - 1) ** 2).mean()) is None


def test_rows_without_a_class_are_no_cross_entropy() -> None:
    assert found(-(ONES * (Y < 2)[:, None] * torch.log_softmax(scores(C), 1)).sum(1).mean()) is None


def test_the_likelihood_of_scores_is_one_without_logarithms() -> None:
    z = scores(C)
    call = found(-z[ROWS, Y].mean())
    assert call is not None
    assert call.name == "nll_loss"
    assert torch.allclose(call.input, z.detach(), atol=1e-6)


def test_a_softmax_over_the_batch_is_no_cross_entropy() -> None:
    call = found(-torch.log_softmax(scores(C), 0)[ROWS, Y].mean())
    assert call is not None
    assert call.name == "nll_loss"


BINARY: dict[str, tuple[str, Callable[[Tensor], Tensor]]] = {
    "logarithms": (
        "binary_cross_entropy",
        lambda z: -(BITS * z.sigmoid().log() + (1 - BITS) * (1 - z.sigmoid()).log()).mean(),
    ),
    "two terms": (
        "binary_cross_entropy",
        lambda z: (-BITS * torch.log(z.sigmoid() + 1e-7) - (1 - BITS) * torch.log(1 - z.sigmoid() + 1e-7)).mean(),
    ),
    "clamped": (
        "binary_cross_entropy",
        lambda z: -(BITS * z.clamp(1e-6, 1 - 1e-6).log() + (1 - BITS) * (1 - z.clamp(1e-6, 1 - 1e-6)).log()).mean(),
    ),
    "softplus": ("binary_cross_entropy_with_logits", lambda z: (F.softplus(z) - BITS * z).mean()),
    "stable": (
        "binary_cross_entropy_with_logits",
        lambda z: (z.clamp(min=0) - z * BITS + torch.log1p(torch.exp(-z.abs()))).mean(),
    ),
    "logsigmoid": (
        "binary_cross_entropy_with_logits",
        lambda z: -(BITS * F.logsigmoid(z) + (1 - BITS) * F.logsigmoid(-z)).mean(),
    ),
    "hinge": ("soft_margin_loss", lambda z: torch.clamp(1 - BITS * z, min=0).mean()),
}


@pytest.mark.parametrize("name", BINARY)
def test_a_binary_loss_is_recognised(name: str) -> None:
    wanted, make = BINARY[name]
    z = scores(1).squeeze(1)
    call = found(make(z))
    assert call is not None
    assert call.name == wanted
    assert torch.equal(call.target, BITS)
    prediction = z.detach() if wanted != "binary_cross_entropy" or name == "clamped" else z.detach().sigmoid()
    assert torch.allclose(call.input, prediction, atol=1e-6)


def test_weights_that_are_all_the_same_are_none() -> None:
    z = scores(1).squeeze(1)
    each = z.clamp(min=0) - z * BITS + torch.log1p(torch.exp(-z.abs()))
    call = found((each * (1 + 0 * BITS)).mean())
    assert call is not None
    assert torch.equal(call.target, BITS)
    assert found((each * (1 + 3 * BITS)).mean()) is None
    zeros = torch.zeros(B)
    assert found(((F.softplus(z) - z * zeros) * (1 + 3 * zeros)).mean()) is None  # by chance, in this batch


ERRORS: dict[str, tuple[str, Callable[[Tensor], Tensor]]] = {
    "power": ("mse_loss", lambda z: ((z - REAL) ** 2).mean()),
    "turned round": ("l1_loss", lambda z: (REAL - z).abs().mean()),
    "root": ("mse_loss", lambda z: ((z - REAL) ** 2).mean().sqrt()),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_recognised(name: str) -> None:
    wanted, make = ERRORS[name]
    z = scores(1).squeeze(1)
    call = found(make(z))
    assert call is not None
    assert call.name == wanted
    assert torch.allclose(call.target, REAL, atol=1e-5)
    assert torch.allclose(call.input, z.detach(), atol=1e-6)


def test_a_huber_loss_of_ones_own_has_its_targets() -> None:
    difference = scores(1).squeeze(1) - REAL
    size = difference.abs()
    call = found(torch.where(size <= 1, 0.5 * difference * difference, size - 0.5).mean())
    assert call is not None
    assert call.name == "huber_loss"
    assert torch.allclose(call.target, REAL, atol=1e-5)


def test_a_penalty_on_the_same_weights_is_told_apart() -> None:
    z = scores(C)
    weight = next(leaf for leaf in Graph((z,)).leaves if leaf.ndim == 2)
    call = found(-torch.log_softmax(z, 1)[ROWS, Y].mean() + 1e-3 * weight.square().sum())
    assert call is not None
    assert (call.name, call.weighed) == ("cross_entropy", True)


LEFT_ALONE: dict[str, Callable[[Tensor], Tensor]] = {
    "an advantage": lambda z: -(torch.log_softmax(z, 1)[ROWS, Y] * REAL).mean(),
    "returns": lambda z: -(torch.log_softmax(z, 1)[ROWS, Y] * REAL.abs()).mean(),
    "what a critic is to say": lambda z: ((z - 1) ** 2).mean(),
    "a score": lambda z: z.mean(),
    "an entropy": lambda z: (z.softmax(1) * z.log_softmax(1)).sum(1).mean(),
    "a likelihood that is to fall": lambda z: torch.log_softmax(z, 1)[ROWS, Y].mean(),
    "two errors": lambda z: ((z[:, 0] - REAL) ** 2).mean() + (z[:, 1] - 2 * REAL).abs().mean(),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_is_no_loss_of_labels_is_left_alone(name: str) -> None:
    assert found(LEFT_ALONE[name](scores(C))) is None


def test_the_samples_of_plain_tensors_are_found() -> None:
    z = scores(C)
    loss = F.cross_entropy(z, Y)
    call = Bare().call(Backward((loss,), "train.py:1", graph=Graph((loss,))))
    assert call is not None
    assert call.args[0].shape == (B, 4)
    assert call.chain == ("train.py:1",)


def test_a_recurrence_that_is_given_many_tensors_has_no_one_sample() -> None:
    weight = torch.randn(4, 4, requires_grad=True)
    loss = sum((torch.randn(B, 4) @ weight).mean() for _ in range(3))
    assert isinstance(loss, Tensor)
    assert Bare().call(Backward((loss,), "train.py:1", graph=Graph((loss,)))) is None
