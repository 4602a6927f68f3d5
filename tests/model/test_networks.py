from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from gradwise.model import MLP, ConvNet, ResNet


def kinds(model: nn.Module) -> list[str]:
    return [type(module).__name__ for module in model.children()]


def test_an_mlp_by_hand() -> None:
    model: Any = MLP((2, 2, 1))()
    with torch.no_grad():
        model[1].weight.copy_(torch.tensor([[1.0, 2.0], [-1.0, 0.0]]))
        model[1].bias.copy_(torch.tensor([0.5, 0.0]))
        model[3].weight.copy_(torch.tensor([[2.0, 10.0]]))
        model[3].bias.copy_(torch.tensor([1.0]))
    # 3 + 2 * 4 + 0.5 = 11.5; relu(-3) = 0; 2 * 11.5 + 1 = 24
    assert model(torch.tensor([[3.0, 4.0]])).tolist() == [[24.0]]


@given(st.lists(st.integers(1, 9), min_size=2, max_size=5))
def test_the_widths_are_the_layers(widths: list[int]) -> None:
    model = MLP(tuple(widths))()
    assert model(torch.randn(3, widths[0])).shape == (3, widths[-1])
    expected = sum((a + 1) * b for a, b in itertools.pairwise(widths))
    assert sum(p.numel() for p in model.parameters()) == expected


def test_the_order_of_an_mlp_s_parts() -> None:
    parts = ["Linear", "BatchNorm1d", "Tanh", "Dropout"]
    assert kinds(MLP((4, 3, 3, 2), "tanh", dropout=0.1, batch_norm=True)()) == ["Flatten", *parts, *parts, "Linear"]
    assert kinds(MLP((4, 2))()) == ["Flatten", "Linear"]


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "leaky-relu", "gelu", "silu", "elu", "selu", "none"])
def test_activations_are_torch_s(name: str) -> None:
    functions: dict[str, Any] = vars(torch.nn.functional) | {"none": lambda x: x}
    x = torch.randn(50)
    expected = functions[name.replace("-", "_")](x)
    activation: Any = list(MLP((2, 2, 2), name)().children())[2]  # type: ignore[arg-type]
    assert torch.equal(activation(x), expected)


def test_pictures_are_flattened() -> None:
    assert MLP((12, 3))()(torch.randn(5, 3, 2, 2)).shape == (5, 3)


def test_dropout_is_for_training_only() -> None:
    model = MLP((3, 1000, 1), dropout=0.25)()
    x = torch.ones(1, 3)
    assert torch.equal(model.eval()(x), model(x))
    dropped: Any = list(model.train().children())[3]
    share = float((dropped(torch.ones(10_000)) == 0).float().mean())
    assert share == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize("blocks", [1, 2])
def test_a_resnet_s_shapes_and_depth(blocks: int) -> None:
    model = ResNet(blocks, width=2, channels=1, classes=7)()
    assert model(torch.randn(2, 1, 12, 8)).shape == (2, 7)
    convolutions = [m for m in model.modules() if isinstance(m, nn.Conv2d) and m.kernel_size == (3, 3)]
    assert len(convolutions) + 1 == 6 * blocks + 2  # the paper's 6n + 2 layers
    assert all(m.bias is None for m in convolutions)


def test_a_residual_block_adds_its_input() -> None:
    block: Any = list(ResNet(1, width=4)().children())[3]
    with torch.no_grad():
        for p in block.second.parameters():
            p.zero_()
    x = torch.randn(2, 4, 6, 6)
    assert torch.equal(block.eval()(x), x.relu())


def test_a_stage_halves_the_picture_and_doubles_the_channels() -> None:
    parts: Any = list(ResNet(2, width=4)().children())
    x, shapes = torch.randn(1, 3, 16, 8), []
    for part in parts[:-3]:
        x = part(x)
        shapes.append(tuple(x.shape[1:]))
    assert shapes[2:] == [(4, 16, 8)] * 3 + [(8, 8, 4)] * 2 + [(16, 4, 2)] * 2


@pytest.mark.parametrize("make", [MLP((4, 3, 2)), ResNet(1, 2)], ids=repr)
def test_each_network_is_fresh_and_f_of_the_seed(make: MLP | ResNet) -> None:
    made: list[nn.Module] = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        made.append(make())
    vectors = [torch.cat([p.flatten() for p in model.parameters()]) for model in made]
    assert torch.equal(vectors[0], vectors[1])
    assert not torch.equal(vectors[0], vectors[2])
    assert made[0] is not made[1]


def test_a_convnet_s_blocks_by_hand() -> None:
    model = ConvNet(((4, 3, 1, True), (6, 2, 0, False)), channels=2, classes=5)()
    first = ["Conv2d", "MaxPool2d", "BatchNorm2d", "ReLU"]
    assert kinds(model) == [*first, "Conv2d", "BatchNorm2d", "ReLU", "AdaptiveAvgPool2d", "Flatten", "Linear"]
    x: Any = torch.randn(3, 2, 8, 6)
    shapes = [tuple(x.shape[1:]) for part in list(model.children())[:7] if (x := part(x)) is not None]
    assert [shapes[0], shapes[1], shapes[4]] == [(4, 8, 6), (4, 4, 3), (6, 3, 2)]
    assert model(torch.randn(3, 2, 8, 6)).shape == (3, 5)
