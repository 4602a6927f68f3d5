from __future__ import annotations

import pytest
import torch
from torch import nn

from gradwise.errors import RecipeError
from gradwise.model import MLP, ConvNet, PruneUnits, ResNet, SpectralNorm
from gradwise.stages import Batch


def batch(*shape: int) -> Batch:
    return Batch(torch.randn(4, *shape), torch.zeros(4), torch.arange(4))


def parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_the_least_unit_goes_with_all_that_belongs_to_it() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor([[1.0, 1.0], [0.1, 0.1], [2.0, 0.0]]))
        model[0].bias.copy_(torch.tensor([0.5, 0.0, 0.7]))
        model[2].weight.copy_(torch.tensor([[1.0, 0.1, -1.0]]))
    x = batch(2)
    smaller = PruneUnits(share=0.33)(model, x)
    assert smaller[0].weight.tolist() == [[1.0, 1.0], [2.0, 0.0]]
    assert smaller[0].bias.tolist() == pytest.approx([0.5, 0.7])
    assert smaller[2].weight.tolist() == [[1.0, -1.0]]


def test_units_that_do_nothing_can_go_without_a_trace() -> None:
    torch.manual_seed(0)
    model = MLP((5, 8, 8, 3), batch_norm=True)().eval()
    with torch.no_grad():
        for layer, norm in ((model[1], model[2]), (model[4], model[5])):
            for tensor in (layer.weight, layer.bias, norm.weight, norm.bias):
                tensor[::2] = 0
    x = batch(5)
    before = model(x.x)
    after = PruneUnits(share=0.5)(model, x)
    torch.testing.assert_close(after(x.x), before)
    assert [after[i].out_features for i in (1, 4, 7)] == [4, 4, 3]


@pytest.mark.parametrize(
    ("model", "shape"),
    [(ConvNet(((8, 3, 1, True), (8, 3, 1, False))), (1, 8, 8)), (ResNet(1, 8, 1), (1, 8, 8)), (MLP((8, 16, 4)), (8,))],
)
def test_what_is_left_is_a_network_that_learns(model: MLP | ConvNet | ResNet, shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    whole = model()
    size, x = parameters(whole), batch(*shape)
    smaller = PruneUnits(share=0.5)(whole, x)
    assert parameters(smaller) < 0.6 * size
    assert all(module.training for module in smaller.modules())
    smaller(x.x).sum().backward()
    assert all(p.grad is not None and p.is_contiguous() for p in smaller.parameters())


def test_it_needs_a_hidden_layer_and_weights_of_its_own() -> None:
    with pytest.raises(RecipeError, match="no hidden layer"):
        PruneUnits()(nn.Sequential(nn.Linear(3, 2)), batch(3))
    with pytest.raises(RecipeError, match="computed from others"):
        PruneUnits()(SpectralNorm()(MLP((3, 4, 2))(), batch(3)), batch(3))
