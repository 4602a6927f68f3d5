"""Switch units off at random. stage: surgery. Treats: overfitting."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from gradwise.model.layers import ACTIVATIONS, DROPOUTS, calls, hidden, nowhere, plain_maps, put_behind
from gradwise.stages import Batch, Fraction, technique

_CHANNEL: dict[int, type[nn.Module]] = {3: nn.Dropout1d, 4: nn.Dropout2d, 5: nn.Dropout3d}


class GaussianDropout(nn.Module):
    """In training times normal noise of mean 1 and dropout's variance."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        """x of any shape."""
        if not self.training or not self.share:
            return x
        return x * torch.empty_like(x).normal_(1.0, (self.share / (1 - self.share)) ** 0.5)

    def extra_repr(self) -> str:
        """What is printed of it."""
        return f"share={self.share:g}"


@technique
class Dropout:
    """Put dropout behind every hidden activation (Srivastava et al. 2014, JMLR 15, section 4).

    stage: surgery. treats: overfitting.
    equation: in training a <- a m / (1 - share), m drawn 0 with probability share, else 1
    Args: share: of units switched off, 0 <= share < 1; good: 0.1 to 0.5, least near the input; kind: "element" each by
        itself; "channel" whole channels of pictures, whose neighbours tell the same (Tompson et al. 2015,
        arXiv:1411.4280), features as elements; "alpha" for SELU, whose mean and variance it keeps
        (Klambauer et al. 2017, arXiv:1706.02515); "gaussian" multiplies by normal noise of the same variance and mean 1
        (Srivastava et al. 2014, section 10); "weights" switches hidden weights off, not units: DropConnect (Wan et al.
        2013, section 3), drawn once for a batch and scaled as dropout is.
    order: after Activation and Normalisation; "weights" after initialisations.
    conflicts: batch normalisation behind it: its statistics differ without dropout (Li et al. 2018, arXiv:1801.05134).
    """

    share: Fraction = 0.2
    kind: Literal["element", "channel", "alpha", "gaussian", "weights"] = "element"

    def __call__(self, model: nn.Module, batch: Batch) -> nn.Module:
        """The same module, changed. Raises RecipeError where no hidden activation stands in an nn.Sequential."""
        path = calls(model, batch)
        if self.kind == "weights":
            return self._connections(model, {id(call.module) for call in hidden(path)})
        done: set[int] = set()
        for i, call in enumerate(hidden(path)):
            if not isinstance(call.module, ACTIVATIONS) or id(call.module) in done:
                continue
            if isinstance(path[i + 1].module, (*DROPOUTS, GaussianDropout)):
                continue
            if put_behind(model, call.module, self._made(len(call.after)), "dropout"):
                done.add(id(call.module))
        if not done:
            why = "no hidden activation stands in an nn.Sequential without dropout behind it."
            raise nowhere("Dropout", model, why, "build the network as an nn.Sequential, or put nn.Dropout in by hand.")
        return model

    def _connections(self, model: nn.Module, inner: set[int]) -> nn.Module:
        chosen = [layer for layer in plain_maps("Dropout", model) if id(layer) in inner]
        if not chosen:
            raise nowhere("Dropout", model, "it has no hidden layer.", 'kind: "element" drops units instead.')
        for layer in chosen:
            parametrize.register_parametrization(layer, "weight", nn.Dropout(self.share))
        return model

    def _made(self, dimensions: int) -> nn.Module:
        if self.kind == "gaussian":
            return GaussianDropout(self.share)
        if self.kind == "alpha":
            return nn.AlphaDropout(self.share)
        if self.kind == "channel" and dimensions in _CHANNEL:
            return _CHANNEL[dimensions](self.share)
        return nn.Dropout(self.share)
