"""A trained network in whole numbers of 8 bits: post-training quantisation. A function; not for training.

Weights are rounded output by output, symmetrically; what reaches a layer is rounded as a whole, between bounds that
samples have shown (Krishnamoorthi 2018, arXiv:1806.08342, section 3). Sums and biases stay exact. Between two such
layers that only a ReLU or a flattening parts, the numbers stay whole.

x86 processors multiply by oneDNN's int8 products, those that PyTorch's compiler uses; elsewhere the same numbers come
out in float32, without the gain in speed.
Shapes: B samples, O outputs, I inputs of a layer.
"""

from __future__ import annotations

import copy
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from gradwise.model.layers import DROPOUTS, nowhere, put_in_place, running
from gradwise.stages import Batch

_MOST = 127  # of a weight: symmetric, -128 is left out
_THROUGH = (nn.ReLU, nn.Flatten, nn.Identity, *DROPOUTS)


def int8(model: nn.Module, samples: Tensor) -> nn.Module:
    """A copy of the network, in evaluation mode, whose linear maps and 2-d convolutions compute in 8 bits.

    `samples`: (B, ...) inputs that show how large activations become; a few hundred of the training set.
    Batch normalisation behind a convolution or linear map is folded into it first. Raises RecipeError where the
    network has no such layer.
    """
    made = _folded(copy.deepcopy(model).eval().requires_grad_(False))
    bounds: dict[int, tuple[float, float]] = {}
    found: dict[int, nn.Linear | nn.Conv2d] = {}

    def note(name: str, module: nn.Module, before: Tensor, after: Tensor) -> None:
        if isinstance(module, nn.Linear) or (isinstance(module, nn.Conv2d) and module.padding_mode == "zeros"):
            low, high = bounds.get(id(module), (0.0, 0.0))  # 0 stays 0
            bounds[id(module)] = (min(low, float(before.amin())), max(high, float(before.amax())))
            found[id(module)] = module

    running(made, Batch(samples, torch.zeros(len(samples)), torch.arange(len(samples))), note)
    if not found:
        raise nowhere("int8", model, "it has no linear map and no 2-d convolution.", "nothing else is rounded.")
    for key, layer in found.items():
        put_in_place(made, layer, Int8(layer, *bounds[key]))
    if isinstance(made, nn.Linear | nn.Conv2d):
        made = Int8(made, *bounds[id(made)])
    _chain(made)
    return made


class Int8(nn.Module):
    """A linear map or convolution: (B, I) or (B, I, H, W), float32 or already rounded to its scale, in; float32 out.

    `hands_on`: what follows takes its numbers as whole ones of this (scale, zero).
    """

    weight: Tensor
    scales: Tensor
    zeros: Tensor
    bias: Tensor | None

    def __init__(self, layer: nn.Linear | nn.Conv2d, low: float, high: float) -> None:
        super().__init__()
        flat = layer.weight.detach().flatten(1)
        scales = flat.abs().amax(1).clamp(min=1e-12) / _MOST  # (O,)
        whole = (flat / scales[:, None]).round().clamp(-_MOST, _MOST).to(torch.int8)
        self.register_buffer("weight", whole.view_as(layer.weight))
        self.register_buffer("scales", scales)
        self.register_buffer("zeros", torch.zeros(len(scales), dtype=torch.int32), persistent=False)
        self.register_buffer("bias", None if layer.bias is None else layer.bias.detach())  # pyright: ignore[reportUnnecessaryComparison]
        self.scale = max(high - low, 1e-12) / 255
        self.zero = min(max(round(-low / self.scale), 0), 255)
        self.window: dict[str, Any] = {}
        if isinstance(layer, nn.Conv2d):
            names = ("stride", "padding", "dilation", "groups")
            self.window = {name: getattr(layer, name) for name in names}
            padding = self.window["padding"]
            fits = isinstance(padding, tuple)
            self.window["padding"] = list(padding) if fits else layer._reversed_padding_repeated_twice[2::-2]
        self.relu = False
        self.hands_on: tuple[float, int] | None = None
        self._packed: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        """The layer's output."""
        if x.dtype != torch.uint8:
            x = rounded(x, self.scale, self.zero)
        if x.is_cpu and has_kernels():
            return self._by_onednn(x)
        weight = self.weight.float() * self.scales.view(-1, *[1] * (self.weight.dim() - 1))
        plain = (x.float() - self.zero) * self.scale
        out = F.conv2d(plain, weight, self.bias, **self.window) if self.window else F.linear(plain, weight, self.bias)
        out = out.relu() if self.relu else out
        return out if self.hands_on is None else rounded(out, *self.hands_on)

    def _by_onednn(self, x: Tensor) -> Tensor:
        ops, zeros = torch.ops.onednn, self.zeros
        scale, zero = self.hands_on or (1.0, 0)
        kind = torch.float32 if self.hands_on is None else torch.uint8
        end = (scale, zero, kind, "relu" if self.relu else "none", [], "")
        if not self.window:
            if self._packed is None:
                self._packed = ops.qlinear_prepack(self.weight, None)
            begin = (x, self.scale, self.zero, self._packed, self.scales, zeros, self.bias)
            return ops.qlinear_pointwise(*begin, *end)
        window = [list(self.window[name]) for name in ("stride", "padding", "dilation")]
        groups = self.window["groups"]
        if self._packed is None:
            self._packed = ops.qconv_prepack(self.weight, self.scales, self.scale, self.zero, *window, groups, None)
        begin = (x, self.scale, self.zero, self._packed, self.scales, zeros, self.bias, *window, groups)
        return ops.qconv2d_pointwise(*begin, *end)

    def __deepcopy__(self, memo: dict[int, Any]) -> Int8:
        made = cast(Int8, object.__new__(type(self)))
        made.__dict__ = copy.deepcopy({**self.__dict__, "_packed": None}, memo)  # packed memory cannot be copied
        return made


def rounded(x: Tensor, scale: float, zero: int) -> Tensor:
    """Whole numbers from 0 to 255, one step `scale` apart, 0 at `zero`."""
    return x.mul(1 / scale).add_(zero).round_().clamp_(0, 255).to(torch.uint8)


def has_kernels() -> bool:
    """Has this PyTorch oneDNN's int8 products?"""
    return torch.backends.mkldnn.is_available() and hasattr(torch.ops.onednn, "qlinear_pointwise")


def _folded(model: nn.Module) -> nn.Module:
    """Batch normalisation that directly follows a convolution or linear map of a stack becomes part of it."""
    for stack in [module for module in model.modules() if isinstance(module, nn.Sequential)]:
        for name, after in zip(list(stack._modules), list(stack._modules)[1:], strict=False):
            layer, norm = stack._modules[name], stack._modules[after]
            if not isinstance(norm, _BatchNorm) or not norm.track_running_stats or norm.weight is None:  # pyright: ignore[reportUnnecessaryComparison]
                continue
            if isinstance(layer, nn.Conv2d):
                stack._modules[name], stack._modules[after] = fuse_conv_bn_eval(layer, norm), nn.Identity()
            elif isinstance(layer, nn.Linear) and isinstance(norm, nn.BatchNorm1d):
                stack._modules[name], stack._modules[after] = fuse_linear_bn_eval(layer, norm), nn.Identity()
    return model


def _chain(model: nn.Module) -> None:
    """Give a ReLU to the layer before it, and let neighbours of a stack hand on whole numbers."""
    for stack in [module for module in model.modules() if isinstance(module, nn.Sequential)]:
        before: Int8 | None = None
        between: list[nn.Module] = []
        for name, module in list(stack._modules.items()):
            if isinstance(module, Int8):
                if before is not None and all(_whole(one) for one in between):
                    before.hands_on = (module.scale, module.zero)
                before, between = module, []
            elif isinstance(module, _THROUGH):
                if isinstance(module, nn.ReLU) and before is not None and all(_still(one) for one in between):
                    before.relu, module = True, nn.Identity()
                    stack._modules[name] = module
                between.append(module)
            else:
                before, between = None, []


def _still(module: nn.Module | None) -> bool:
    return isinstance(module, (nn.Identity, *DROPOUTS))


def _whole(module: nn.Module | None) -> bool:
    return _still(module) or isinstance(module, nn.Flatten)  # torch's pooling knows no whole numbers
