"""Normalisation as one scale and one shift, fitted on the training part alone and shared by all parts.

Source: Y. LeCun, L. Bottou, G. Orr & K.-R. Müller (1998), Efficient BackProp, section 4.3: inputs with mean 0 and
spread 1 make the loss surface rounder, so that one learning rate suits all weights of the first layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import torch
from torch import Tensor

from gradwise.errors import DataError

Normalise = Literal["none", "unit", "global", "channel", "feature"]
_CHUNK = 1 << 24  # numbers converted to float64 at once: 128 MB


def fit(x: Tensor, normalise: Normalise, top: float = 255) -> tuple[Tensor | None, Tensor | None]:
    """(scale, shift) such that x.float() * scale + shift is normalised; None where nothing is to be done.

    x: (N, ...) the training part. `top` is the largest byte (255; 16 for the digits).
    none: numbers as they are. unit: bytes to [0, 1], floats as they are. The others make mean 0 and spread 1:
    global over everything, channel per C of (N, C, H, W), feature per column. A spread of 0 leaves the scale at 1.
    Raises DataError for `channel` where a sample is not (C, H, W).
    """
    if normalise == "none" or not (x.dtype == torch.uint8 or x.is_floating_point()):
        return None, None
    if normalise == "unit":
        return (torch.tensor(1 / top), None) if x.dtype == torch.uint8 else (None, None)
    if normalise == "channel" and x.dim() != 4:
        raise DataError(
            f"normalise 'channel' needs samples of shape (C, H, W), got {tuple(x.shape[1:])}.",
            fix="set data.image=true, or choose normalise: global or feature.",
        )
    over = {"global": tuple(range(x.dim())), "channel": (0, 2, 3), "feature": (0,)}[normalise]
    mean, spread = _moments(x, over)
    scale = torch.where(spread > 0, 1 / spread.clamp_min(torch.finfo(torch.float64).tiny), 1.0)
    return scale.float(), (-mean * scale).float()


def _moments(x: Tensor, over: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Mean and spread (of the population), one sample's shape with 1 where it was averaged; float64, two passes."""
    per_chunk = max(1, _CHUNK // max(1, x[:1].numel()))
    count = max(1, x.numel() // max(1, _size(x, over)))

    def total(term: Callable[[Tensor], Tensor]) -> Tensor:
        parts: Iterator[Tensor] = (term(chunk).sum(over, keepdim=True) for chunk in x.split(per_chunk))
        return sum(parts, torch.zeros((), dtype=torch.float64, device=x.device))

    mean = total(lambda chunk: chunk.double()) / count  # (1, ...)
    variance = total(lambda chunk: (chunk.double() - mean).square()) / count
    return mean.squeeze(0), variance.sqrt().squeeze(0)


def _size(x: Tensor, over: tuple[int, ...]) -> int:
    """How many means there are: the sizes that are not averaged over."""
    kept = [size for axis, size in enumerate(x.shape) if axis not in over]
    return int(torch.Size(kept).numel())
