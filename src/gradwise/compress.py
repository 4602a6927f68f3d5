"""What a network costs to keep and to ask: parameters, bytes, time. And a finished run in 8 bits, beside itself."""

from __future__ import annotations

import statistics
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from gradwise.fusion import Figures, figures_of, member
from gradwise.model import int8

SAMPLES = 512  # of the training set, that show how large activations become


@dataclass(frozen=True)
class Cost:
    """What a network costs."""

    parameters: int  # numbers that are kept, buffers of statistics left out
    zeros: int  # of them exactly 0
    bytes: int  # as a safetensors file
    packed: int  # that file compressed by zlib: what zeros and few values are worth
    milliseconds: dict[int, float]  # samples at a time -> a forward pass, median


@dataclass(frozen=True)
class Compressed:
    """A run and the same in 8 bits: name ("float32", "int8") -> network, figures, cost."""

    models: dict[str, nn.Module]
    figures: dict[str, Figures]
    costs: dict[str, Cost]


def costs(
    models: Mapping[str, nn.Module], x: Tensor, sizes: Sequence[int] = (1, 64), seconds: float = 1.0
) -> dict[str, Cost]:
    """The costs of networks that take the same input, timed by turns so that a busy machine slows them alike.

    `x`: (B, ...) inputs, repeated where a size needs more; `seconds`: to spend on timing a size.
    """
    times = {size: _timed(models, _sized(x, size), seconds) for size in sizes}
    found: dict[str, Cost] = {}
    for name, model in models.items():
        state = {key: tensor.detach().cpu().contiguous() for key, tensor in model.state_dict().items()}
        written = safetensors.torch.save({key: tensor.clone() for key, tensor in state.items()})
        weights = [tensor for key, tensor in state.items() if not _is_statistic(key)]
        found[name] = Cost(
            parameters=sum(tensor.numel() for tensor in weights),
            zeros=sum(int((tensor == 0).sum()) for tensor in weights),
            bytes=len(written),
            packed=len(zlib.compress(written, 9)),
            milliseconds={size: times[size][name] for size in sizes},
        )
    return found


def in_8_bits(run: str | Path, *, sizes: Sequence[int] = (1, 64), allow: Sequence[str] = ()) -> Compressed:
    """A finished run beside its post-training quantisation: figures, bytes, time. Raises RunError, RecipeError."""
    one = member(run, allow, "gradwise quantise")
    x = torch.cat([batch.x for batch in one.fed.some(SAMPLES)])
    models = {"float32": one.model, "int8": int8(one.model, x)}
    figures = {name: figures_of(model, one) for name, model in models.items()}
    return Compressed(models, figures, costs(models, x, sizes))


@torch.no_grad()
def _timed(models: Mapping[str, nn.Module], x: Tensor, seconds: float) -> dict[str, float]:
    """Name -> milliseconds of a forward pass, the median over turns."""
    spent: dict[str, list[float]] = {name: [] for name in models}
    for model in models.values():
        model(x)  # what is made at the first call is made now
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(next(iter(spent.values()))) < 5:
        for name, model in models.items():
            begun = time.perf_counter()
            model(x)
            if x.is_cuda:
                torch.cuda.synchronize()
            spent[name].append(1000 * (time.perf_counter() - begun))
    return {name: statistics.median(values) for name, values in spent.items()}


def _sized(x: Tensor, size: int) -> Tensor:
    return x.repeat(-(-size // len(x)), *[1] * (x.dim() - 1))[:size]


def _is_statistic(key: str) -> bool:
    return key.endswith(("running_mean", "running_var", "num_batches_tracked"))
