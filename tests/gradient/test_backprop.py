from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from gradwise.gradient import Accumulate, Backprop, parts_differ
from gradwise.loss import CrossEntropy, MeanSquaredError
from gradwise.stages import Backward, Batch


def classes(size: int = 12) -> Batch:
    return Batch(torch.randn(size, 5), torch.randint(3, (size,)), torch.arange(size))


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 3))


def gradient(backward: Backward, model: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
    model.zero_grad(set_to_none=True)
    loss = backward(CrossEntropy(), model, batch)
    assert not loss.requires_grad
    assert loss.dim() == 0
    return loss, torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


def test_a_gradient_by_hand() -> None:
    model = nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(2.0)
        model.bias.fill_(1.0)
    batch = Batch(torch.tensor([[3.0], [-1.0]]), torch.tensor([6.0, 0.0]), torch.arange(2))
    loss = Backprop()(MeanSquaredError(), model, batch)
    assert float(loss) == 1  # errors 1 and -1
    assert model.weight.grad is not None
    assert model.bias.grad is not None
    assert model.weight.grad.tolist() == [[4.0]]  # mean of 2 * error * x: 6 and 2
    assert model.bias.grad.tolist() == [0.0]


@given(st.integers(1, 13), st.integers(1, 16), st.integers(0, 10**6))
def test_parts_add_up_to_the_whole_batch(size: int, parts: int, seed: int) -> None:
    torch.manual_seed(seed)
    model, batch = network(), classes(size)
    loss, whole = gradient(Backprop(), model, batch)
    parted, sum_of_parts = gradient(Accumulate(parts), model, batch)
    torch.testing.assert_close(sum_of_parts, whole, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(parted, loss, rtol=1e-5, atol=1e-6)


def test_a_loss_that_is_no_mean_is_found_out() -> None:
    class Sum(CrossEntropy):
        def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
            return super().__call__(model, batch) * len(batch.x)

    model, batch = nn.Sequential(network(), nn.Dropout(0.5), nn.BatchNorm1d(3)), classes()
    before = [p.detach().clone() for p in model.parameters()]
    assert parts_differ(Accumulate(4), CrossEntropy(), model, batch) < 1e-12  # k x b is k b
    assert parts_differ(Accumulate(4), Sum(), model, batch) > 0.5
    assert all(p.grad is None and torch.equal(p, old) for p, old in zip(model.parameters(), before, strict=True))


def test_parts_go_one_after_another() -> None:
    model, sizes = network(), list[int]()
    model.register_forward_hook(lambda module, inputs, output: sizes.append(len(output)))
    gradient(Accumulate(3), model, classes(8))
    assert sizes == [3, 3, 2]


@pytest.mark.parametrize("backward", [Backprop("bfloat16"), Accumulate(2, "bfloat16")], ids=repr)
def test_bfloat16_is_for_the_products_alone(backward: Backward) -> None:
    model, batch, types = network(), classes(), set[torch.dtype]()
    model.register_forward_hook(lambda module, inputs, output: types.add(output.dtype))
    _, low = gradient(backward, model, batch)
    assert types == {torch.bfloat16}
    _, full = gradient(Backprop(), model, batch)
    assert torch.float32 in types
    assert {p.grad.dtype for p in model.parameters() if p.grad is not None} == {torch.float32}
    assert not torch.equal(low, full)
    assert float((low - full).norm() / full.norm()) < 0.02
