from __future__ import annotations

import copy
from collections import OrderedDict
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from gradwise.errors import DataError
from gradwise.gradient import StackBackprop, agrees, written_out
from gradwise.kernels import MEASURES
from gradwise.loss import CrossEntropy
from gradwise.model import MLP
from gradwise.stages import Batch

pytestmark = pytest.mark.usefixtures("kernels")


def drawn(size: int, inputs: int, classes: int, zeros: float = 0.0) -> Batch:
    x = torch.randn(size, inputs) * (torch.rand(size, inputs) >= zeros)
    return Batch(x, torch.randint(classes, (size,)), torch.arange(size))


def taken(model: nn.Module, smoothing: float = 0.0, x: Tensor | None = None) -> StackBackprop:
    stack, why = written_out(model, smoothing, torch.ones(1) if x is None else x)
    assert stack is not None, why
    return stack


def by_autograd(model: nn.Module, batch: Batch, smoothing: float) -> tuple[float, list[Tensor]]:
    """In float64: what both are measured against."""
    exact = copy.deepcopy(model).double()
    loss = CrossEntropy(smoothing)(exact, batch._replace(x=batch.x.double()))
    return float(loss.detach()), [g.float() for g in torch.autograd.grad(loss, list(exact.parameters()))]


def assert_same(stack: StackBackprop, model: nn.Module, batch: Batch, smoothing: float) -> None:
    loss = stack(CrossEntropy(smoothing), model, batch)
    exact, gradients = by_autograd(model, batch, smoothing)
    assert float(loss) == pytest.approx(exact, rel=1e-5, abs=1e-6)
    assert not loss.requires_grad
    for p, gradient in zip(model.parameters(), gradients, strict=True):
        assert p.grad is not None
        assert p.grad.shape == p.shape
        torch.testing.assert_close(p.grad, gradient, rtol=1e-4, atol=1e-5 * float(gradient.abs().max()) + 1e-8)


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=4), st.integers(2, 6), st.integers(1, 9), st.floats(0, 0.9),
    st.integers(0, 10**6),
)  # fmt: skip
def test_the_gradient_is_autograd_s(widths: list[int], classes: int, size: int, smoothing: float, seed: int) -> None:
    torch.manual_seed(seed)
    model = MLP((*widths, classes))()
    assert_same(taken(model, smoothing), model, drawn(size, widths[0], classes), smoothing)


@pytest.mark.parametrize("size", [1, 2, 63, 64, 65, 130])
@pytest.mark.parametrize("zeros", [0.7, 0.99, 1.0])
def test_inputs_that_are_zero_may_be_skipped(size: int, zeros: float) -> None:
    model = MLP((30, 128, 5))()
    batch = drawn(size, 30, 5, zeros)
    assert_same(taken(model, 0.1, torch.zeros(1)), model, batch, 0.1)
    assert_same(taken(model, 0.1, torch.zeros(1)), model, drawn(size, 30, 5), 0.1)  # and where there are none


def test_zeros_are_skipped_only_where_most_inputs_are(kernels: str) -> None:
    few, many = torch.ones(10), torch.tensor([0.0] * 7 + [1.0] * 3)
    assert not taken(MLP((3, 64, 2))(), x=few).sparse
    assert taken(MLP((3, 64, 2))(), x=many).sparse == (kernels == "compiled")
    assert not taken(MLP((3, 63, 2))(), x=many).sparse
    assert not taken(MLP((3, 64))(), x=many).sparse  # its only layer is the last


def test_the_batch_s_size_may_change() -> None:
    model = MLP((4, 6, 3))()
    stack = taken(model)
    for size in (5, 1, 7, 5, 1):
        assert_same(stack, model, drawn(size, 4, 3), 0.0)


def test_weights_that_moved_are_used() -> None:
    model = MLP((4, 6, 3))()
    stack, batch = taken(model), drawn(5, 4, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for _ in range(5):
        assert_same(stack, model, batch, 0.0)
        optimizer.step()
    model.load_state_dict({name: torch.randn_like(p) for name, p in model.state_dict().items()})
    assert_same(stack, model, batch, 0.0)


def test_pictures_and_other_orders_of_memory() -> None:
    model = MLP((12, 5, 3))()
    stack = taken(model)
    x, y = torch.randn(6, 3, 2, 2), torch.randint(3, (12,))
    assert_same(stack, model, Batch(x, y[:6], torch.arange(6)), 0.0)
    assert_same(stack, model, Batch(x.to(memory_format=torch.channels_last), y[::2], torch.arange(6)), 0.0)
    assert_same(stack, model, Batch(torch.randn(12, 6).t(), y[::2], torch.arange(6)), 0.0)


def test_soft_labels_go_the_way_of_autograd() -> None:
    model = MLP((4, 6, 3))()
    stack = taken(model)
    batch = drawn(5, 4, 3)._replace(y=torch.randn(5, 3).softmax(1))
    assert_same(stack, model, batch, 0.0)
    model.zero_grad()
    assert_same(stack, model, drawn(5, 4, 3), 0.0)


def test_a_label_beyond_the_classes_is_refused() -> None:
    model = MLP((4, 6, 3))()
    stack = taken(model)
    for label in (3, -1, 10**12):
        batch = drawn(5, 4, 3)
        batch.y[2] = label
        with pytest.raises(DataError, match=f"Label {label} of sample 2: classes are 0 to 2"):
            stack(CrossEntropy(), model, batch)


def test_extreme_logits_do_not_overflow() -> None:
    model = MLP((2, 3))()
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(1e4)
    assert_same(taken(model), model, drawn(8, 2, 3), 0.0)


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
@pytest.mark.parametrize("x", [torch.ones(1), torch.zeros(1)], ids=["dense", "sparse"])
def test_a_bad_input_is_not_hidden_by_relu(bad: float, x: Tensor) -> None:
    model = MLP((4, 64, 3))()
    batch = drawn(5, 4, 3)
    batch.x[3, 1] = bad
    loss = taken(model, x=x)(CrossEntropy(), model, batch)
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    assert not all(bool(g.isfinite().all()) for g in [loss, *gradients])


@pytest.mark.parametrize("zeros", [0.0, 0.8])
def test_each_activation_is_measured_in_passing(zeros: float) -> None:
    model: Any = MLP((10, 64, 5, 3))()
    batch = drawn(9, 10, 3, zeros)
    stack = taken(model, x=batch.x)
    assert stack.names == ["2", "4", "5"]  # each ReLU, and the logits
    out = torch.full((4, len(MEASURES)), -7.0)
    stack.observe(out[:3])
    stack(CrossEntropy(), model, batch)
    assert stack.sizes == [9 * 64, 9 * 5, 9 * 3]
    x, expected = batch.x, []
    for name, module in model.named_children():
        x = module(x).detach()
        if name in stack.names:
            expected.append([x.sum(), x.square().sum(), x.abs().max(), (x == 0).sum(), 0])
    torch.testing.assert_close(out[:3], torch.tensor(expected), rtol=1e-4, atol=1e-5)
    assert bool((out[3] == -7).all())
    before = out.clone()
    stack.observe(None)
    stack(CrossEntropy(), model, drawn(9, 10, 3))
    assert torch.equal(out, before)


def test_measuring_changes_no_bit() -> None:
    model = MLP((10, 64, 3))()
    batch, stack = drawn(9, 10, 3), taken(model)
    found: list[list[Tensor]] = []
    for out in (None, torch.empty(2, len(MEASURES))):
        stack.observe(out)
        loss = stack(CrossEntropy(), model, batch)
        found.append([loss, *(p.grad.clone() for p in model.parameters() if p.grad is not None)])
    assert all(torch.equal(a, b) for a, b in zip(*found, strict=True))


def with_hook() -> nn.Module:
    model = MLP((2, 2, 2))()
    model[1].register_forward_hook(lambda *_: None)  # type: ignore[operator]
    return model


def frozen() -> nn.Module:
    model = MLP((2, 2, 2))()
    next(model.parameters()).requires_grad_(False)
    return model


def shared() -> nn.Module:
    layer = nn.Linear(2, 2)
    return nn.Sequential(layer, nn.ReLU(), layer)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (nn.Linear(2, 2), "Linear is no plain stack"),
        (MLP((2, 2, 2), "tanh")(), "layer 2 is Tanh"),
        (MLP((2, 2, 2), dropout=0.5)(), "layer 3 is Dropout"),
        (MLP((2, 2, 2), batch_norm=True)(), "layer 2 is BatchNorm1d"),
        (nn.Sequential(nn.Linear(2, 2, bias=False)), "no bias"),
        (nn.Sequential(nn.Linear(2, 2).double()), "not float32"),
        (nn.Sequential(nn.Linear(2, 2), nn.ReLU()), "does not end in a Linear"),
        (nn.Sequential(), "does not end in a Linear"),
        (nn.Sequential(OrderedDict(a=nn.Linear(2, 2), b=nn.Linear(2, 2))), "layer b is Linear"),
        (with_hook(), "hooks, frozen or shared"),
        (frozen(), "hooks, frozen or shared"),
        (shared(), "hooks, frozen or shared"),
    ],
)
def test_what_is_not_written_out_is_told_why(model: nn.Module, reason: str) -> None:
    stack, why = written_out(model, 0.0, torch.ones(1))
    assert stack is None
    assert reason in why


def test_it_is_checked_against_autograd_before_it_is_taken() -> None:
    model, batch = MLP((4, 6, 3))(), drawn(5, 4, 3)
    assert agrees(taken(model), CrossEntropy(), model, batch)
    assert not agrees(taken(model, 0.3), CrossEntropy(), model, batch)  # of another loss
    assert not agrees(taken(model), lambda m, b: 2 * CrossEntropy()(m, b), model, batch)
    assert all(p.grad is None for p in model.parameters())
