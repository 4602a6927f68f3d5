from __future__ import annotations

import pytest
import torch
from torch import nn

from gradwise.errors import RecipeError
from gradwise.model import MLP, ConvNet, Dropout, ResNet
from gradwise.model.dropout import GaussianDropout
from gradwise.stages import Batch


def batch(*shape: int) -> Batch:
    return Batch(torch.randn(6, *shape), torch.zeros(6), torch.arange(6))


def test_it_follows_every_hidden_activation() -> None:
    ours = Dropout(0.3)(MLP((4, 6, 7, 3))(), batch(4))
    theirs = MLP((4, 6, 7, 3), dropout=0.3)()
    assert [str(m) for m in ours.children()] == [str(m) for m in theirs.children()]


@pytest.mark.parametrize(
    ("kind", "pictures", "vectors"),
    [("element", "Dropout", "Dropout"), ("channel", "Dropout2d", "Dropout"), ("alpha", "AlphaDropout", "AlphaDropout")],
)
def test_kinds(kind: str, pictures: str, vectors: str) -> None:
    stack = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.SELU(), nn.Flatten(), nn.Linear(144, 5), nn.SELU(), nn.Linear(5, 2), nn.Sigmoid()
    )
    Dropout(0.25, kind)(stack, batch(3, 8, 8))  # type: ignore[arg-type]
    found = [(name, type(m).__name__) for name, m in stack.named_children() if "dropout" in name]
    assert found == [("1_dropout", pictures), ("4_dropout", vectors)]  # none behind the output
    assert all(m.p == 0.25 for m in stack.children() if "Dropout" in type(m).__name__)


def test_within_the_blocks_of_a_residual_network() -> None:
    model = Dropout()(ResNet(blocks=1, width=2)(), batch(3, 8, 8))
    names = [name for name, m in model.named_modules() if isinstance(m, nn.Dropout)]
    assert names == ["2_dropout", "3.first.2_dropout", "4.first.2_dropout", "5.first.2_dropout"]


def test_an_activation_that_is_used_twice() -> None:
    relu = nn.ReLU()
    model = nn.Sequential(nn.Linear(4, 6), relu, nn.Linear(6, 6), relu, nn.Linear(6, 3))
    Dropout()(model, batch(4))
    assert [type(m).__name__ for m in model._modules.values()] == [
        "Linear", "ReLU", "Dropout", "Linear", "ReLU", "Dropout", "Linear"
    ]  # fmt: skip


def test_evaluation_is_untouched() -> None:
    model = ConvNet(((4, 3, 1, True),), channels=3)()
    before = model.eval()(batch(3, 8, 8).x[:1] * 0 + 1)
    assert Dropout(0.9)(model, batch(3, 8, 8)) is model
    assert torch.equal(model.eval()(batch(3, 8, 8).x[:1] * 0 + 1), before)


@pytest.mark.parametrize("model", [MLP((4, 5, 3), dropout=0.5)(), MLP((4, 3))(), nn.Linear(4, 3)], ids=str)
def test_nowhere_to_put_it(model: nn.Module) -> None:
    with pytest.raises(RecipeError, match="Dropout finds no place"):
        Dropout()(model, batch(4))


def test_gaussian_noise_has_dropout_s_variance_and_is_gone_in_evaluation() -> None:
    torch.manual_seed(0)
    model = Dropout(0.2, kind="gaussian")(MLP((4, 6, 3))(), batch(4))
    noise = next(module for module in model.modules() if isinstance(module, GaussianDropout))
    drawn = noise(torch.ones(100_000))
    assert float(drawn.mean()) == pytest.approx(1, abs=0.01)
    assert float(drawn.var()) == pytest.approx(0.25, abs=0.01)
    assert torch.equal(noise.eval()(torch.ones(5)), torch.ones(5))
    with pytest.raises(RecipeError, match="without dropout behind it"):
        Dropout()(model, batch(4))


def test_dropconnect_drops_weights_of_hidden_layers_alone() -> None:
    torch.manual_seed(0)
    plain = MLP((40, 50, 30, 3))()
    whole = plain[1].weight.detach().clone()
    model = Dropout(0.25, kind="weights")(plain, batch(40))
    drawn = model[1].weight
    zero = drawn == 0
    assert float(zero.float().mean()) == pytest.approx(0.25, abs=0.03)
    torch.testing.assert_close(drawn[~zero], whole[~zero] / 0.75)
    assert not torch.equal(model[1].weight == 0, zero)  # drawn anew
    assert not (model[5].weight == 0).any()
    assert torch.equal(model.eval()[1].weight, whole)
    model.train()(batch(40).x).sum().backward()
    assert model[1].parametrizations.weight.original.grad is not None
    with pytest.raises(RecipeError, match="no hidden layer"):
        Dropout(kind="weights")(nn.Sequential(nn.Linear(4, 2)), batch(4))
