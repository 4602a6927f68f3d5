"""Normalisation as one scale and one shift, fitted on the training part alone and shared by all parts.

Source: Y. LeCun, L. Bottou, G. Orr & K.-R. Müller (1998), Efficient BackProp, section 4.3: inputs with mean 0 and
spread 1 make the loss surface rounder, so that one learning rate suits all weights of the first layer.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from gradwise.errors import DataError

Normalise = Literal["none", "unit", "global", "channel", "feature"]
_CHUNK = 1 << 18  # numbers converted to float32 at once: they stay in the cache


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
            fix="choose normalise: global or feature.",
        )
    over = {"global": tuple(range(x.dim())), "channel": (0, 2, 3), "feature": (0,)}[normalise]
    mean, spread = _moments(x, over)
    scale = torch.where(spread > 0, 1 / spread.clamp_min(torch.finfo(torch.float64).tiny), 1.0)
    return scale.float(), (-mean * scale).float()


def _moments(x: Tensor, over: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Mean and spread (of the population), float64.

    Their shape is one sample's with 1 where it was averaged; () where that is everywhere.

    One pass: floats about the first chunk's mean, so that little cancels, summed up in float64 (T. Chan, G. Golub &
    R. LeVeque 1983, Algorithms for computing the sample variance, section 3).
    """
    chunks = x.split(max(1, _CHUNK // max(1, x[:1].numel())))
    middle = chunks[0].float().mean(over, keepdim=True)  # (1, ...)
    total, squares = middle.double() * 0, middle.double() * 0
    for chunk in chunks:
        away = chunk.float() - middle
        total += away.sum(over, keepdim=True)
        squares += away.square_().sum(over, keepdim=True)
    count = x.numel() // total.numel()
    mean = total / count
    variance = (squares / count - mean.square()).clamp_min(0)
    mean, spread = (middle + mean).squeeze(0), variance.sqrt().squeeze(0)
    return (mean.reshape(()), spread.reshape(())) if mean.numel() == 1 else (mean, spread)
