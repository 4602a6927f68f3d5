from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from gradwise.errors import RecipeError
from gradwise.model import MLP, ConvNet, ResNet, int8
from gradwise.model.integers import Int8, has_kernels, rounded


def test_one_layer_by_hand() -> None:
    layer = nn.Linear(2, 1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[1.27, -0.506]]))  # steps of 0.01: 127 and -51
        layer.bias.fill_(0.25)
    made = int8(layer, torch.tensor([[0.0, 2.55], [1.0, 0.0]]))  # steps of 0.01 from 0 to 2.55
    x = torch.tensor([[1.0, 2.0], [0.004, 9.0]])  # 0.004 becomes 0, 9 becomes 2.55
    expected = [[1.27 - 0.51 * 2.0 + 0.25], [-0.51 * 2.55 + 0.25]]
    torch.testing.assert_close(made(x), torch.tensor(expected))
    assert made.state_dict()["weight"].dtype == torch.int8


def test_rounding_by_hand() -> None:
    x = torch.tensor([-9.0, -0.5, 0.0, 0.24, 90.0])
    assert rounded(x, 0.1, 10).tolist() == [0, 5, 10, 12, 255]


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (MLP((20, 32, 32, 5), batch_norm=True), (20,)),
        (MLP((20, 32, 5), activation="tanh", dropout=0.5), (20,)),
        (ConvNet(((8, 3, 1, False), (8, 3, 1, True), (8, 3, 1, False))), (1, 8, 8)),
        (ResNet(1, 8, 1), (1, 8, 8)),
    ],
)
def test_it_answers_nearly_as_the_network_does(
    model: MLP | ConvNet | ResNet, shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    net, x = model(), torch.rand(64, *shape)
    for _ in range(20):
        net(x)
    net.eval()
    before = copy.deepcopy(net.state_dict())
    made = int8(net, x)
    with torch.no_grad():
        ours, theirs = made(x), net(x)
        assert (ours - theirs).abs().max() < 0.15 * theirs.std()
        assert (ours - theirs).abs().mean() < 0.04 * theirs.std()
        torch.testing.assert_close(copy.deepcopy(made)(x), ours)
        monkeypatch.setattr("gradwise.model.integers.has_kernels", lambda: False)
        portable = made(x)
    assert (portable - ours).abs().max() < 0.02 * theirs.std()  # a step of a layer's rounding apart, here and there
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())
    size, whole = (sum(t.nbytes for t in one.state_dict().values()) for one in (made, net))
    assert size < 0.6 * whole


def test_one_sample_and_what_was_never_seen() -> None:
    net = MLP((4, 8, 2))().eval()
    made = int8(net, torch.zeros(3, 4))  # no spread at all
    assert made(torch.randn(1, 4)).isfinite().all()
    assert not any(isinstance(module, (nn.Linear, nn.ReLU)) for module in made.modules())
    assert sum(isinstance(module, Int8) for module in made.modules()) == 2
    assert isinstance(has_kernels(), bool)


def test_there_must_be_something_to_round() -> None:
    with pytest.raises(RecipeError, match="no linear map and no 2-d convolution"):
        int8(nn.Sequential(nn.ReLU()), torch.zeros(2, 3))
