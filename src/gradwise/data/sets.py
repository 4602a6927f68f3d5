"""What a data set is once it is loaded: samples and labels, and how a batch of them is fetched.

A data stage is `(seed) -> Sets`. Shapes: N samples in a set, B in a batch; `...` is one sample's own shape.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, Self

import torch
from annotated_types import Ge
from torch import Tensor

from gradwise.errors import DataError
from gradwise.kernels import gather, gathers
from gradwise.stages import Batch

Workers = Annotated[int, Ge(0)]  # processes that load; 0: the main one does


class MapStyle(Protocol):
    """torch's map-style dataset: sample number -> (x, y)."""

    def __getitem__(self, index: int, /) -> Any: ...
    def __len__(self) -> int: ...


@dataclass
class Arrays:
    """Samples in memory, on the CPU or on the device. Bytes stay bytes; a batch of them becomes float32.

    What a batch holds is `x.float() * scale + shift`. Raises DataError where x and y differ in length.
    """

    x: Tensor  # (N, ...) uint8 or float32; int64 (tokens) reaches the model untouched
    y: Tensor  # (N,) int64 class numbers, or float32 (N, ...) numbers to reach
    scale: Tensor | None = None  # broadcasts over one sample
    shift: Tensor | None = None
    rows: Tensor | None = None  # (N,) int64: each sample's number before a part was cut out of the whole; for messages
    _spelt: tuple[Tensor, Tensor] | None = dataclasses.field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise DataError(
                f"x has {len(self.x)} samples but y has {len(self.y)} labels.",
                why="sample i is learnt with label i, so there must be as many of one as of the other.",
                fix="compare how x and y were cut out of the source; len(x) must equal len(y).",
            )

    def __len__(self) -> int:
        return len(self.x)

    def to(self, device: torch.device | str) -> Arrays:
        """The same samples in that device's memory; fetching a batch then never touches the host."""
        x, y = self.x.to(device), self.y.to(device)
        return Arrays(x, y, *(t if t is None else t.to(device) for t in (self.scale, self.shift)), rows=self.rows)

    def _per_number(self) -> tuple[Tensor, Tensor]:
        """Scale and shift spelt out for every number of a sample; made once."""
        if self._spelt is None:
            ones = torch.ones(self.x.shape[1:])
            scale = ones if self.scale is None else ones * self.scale
            shift = torch.zeros_like(ones) if self.shift is None else ones * self.shift
            self._spelt = scale.contiguous(), shift.contiguous()
        return self._spelt

    def subset(self, index: Tensor) -> Self:
        """A copy of these samples alone, in this order. index: (M,) int64."""
        rows = index if self.rows is None else self.rows[index]
        return dataclasses.replace(self, x=self.x[index], y=self.y[index], rows=rows)

    def flat(self) -> Self:
        """The same samples as rows (N, D); what was normalised per channel stays so."""
        scale, shift = (
            t if t is None or t.numel() == 1 else t.expand(self.x.shape[1:]).reshape(-1)
            for t in (self.scale, self.shift)
        )
        return dataclasses.replace(self, x=self.x.flatten(1), scale=scale, shift=shift)

    def fetch(self, index: Tensor, device: torch.device | str | None = None) -> Batch:
        """The batch of these samples, normalised, on `device` (default: where the samples lie). index: (B,) int64."""
        at = index.to(self.x.device)
        y = self.y.index_select(0, at)  # (B,) or (B, ...)
        if gathers(self.x) and device in (None, "cpu", torch.device("cpu")):
            scale, shift = self._per_number()
            return Batch(gather(self.x, at, scale, shift), y, at)
        x = self.x.index_select(0, at)  # (B, ...)
        if device is not None:  # bytes travel, floats are made at the far end: a quarter of the traffic
            x, y, at = (t.to(device, non_blocking=True) for t in (x, y, at))
        return Batch(apply(x, self.scale, self.shift), y, at)


@dataclass
class Mapped:
    """Samples that a torch dataset hands out as (x, y) pairs, loaded in `workers` processes (0: in this one)."""

    dataset: MapStyle
    workers: int = 0
    scale: Tensor | None = None  # as in Arrays
    shift: Tensor | None = None

    def __post_init__(self) -> None:
        if not (hasattr(self.dataset, "__getitem__") and hasattr(self.dataset, "__len__")):
            raise DataError(
                f"{type(self.dataset).__name__} is not a map-style dataset.",
                why="order, resuming and the held-out split need dataset[i] and len(dataset).",
                fix="give it __getitem__ and __len__, or read it into arrays and use Tensors(x, y).",
            )

    def __len__(self) -> int:
        return len(self.dataset)

    def to(self, device: torch.device | str) -> Mapped:
        """The same dataset; what normalises its batches moves to the device."""
        scale, shift = (t if t is None else t.to(device) for t in (self.scale, self.shift))
        return dataclasses.replace(self, scale=scale, shift=shift)

    def subset(self, index: Tensor) -> Self:
        """These samples alone, in this order. index: (M,) int64."""
        chosen: Any = torch.utils.data.Subset(self.dataset, index.tolist())  # pyright: ignore[reportArgumentType]
        return dataclasses.replace(self, dataset=chosen)


Source = Arrays | Mapped


@dataclass
class Sets:
    """What a data stage returns. All parts share the normalisation that was fitted on `train`."""

    train: Source
    valid: Source | None = None
    test: Source | None = None
    classes: tuple[str, ...] = ()  # their names by number; empty for regression
    notes: tuple[str, ...] = ()  # what the user should know, e.g. how many corrupt images were skipped

    def to(self, device: torch.device | str) -> Sets:
        """The same sets with everything that lies in memory moved to the device."""
        valid, test = (part if part is None else part.to(device) for part in (self.valid, self.test))
        return dataclasses.replace(self, train=self.train.to(device), valid=valid, test=test)


def apply(x: Tensor, scale: Tensor | None, shift: Tensor | None) -> Tensor:
    """x.float() * scale + shift, on x's device; whole numbers other than bytes (tokens) pass untouched."""
    if x.dtype != torch.uint8 and not x.is_floating_point():
        return x
    x = x.float()
    if scale is not None:
        x = x * scale.to(x.device)
    return x if shift is None else x + shift.to(x.device)
