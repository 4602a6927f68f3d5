"""One batch out of somebody else's dataset, in this process or in a worker's: seeded, collated, errors named.

A dataset's transforms draw from the global generators of Python, NumPy and torch. Here those are set before each sample
to f(seed, epoch, sample) and put back after the batch, so that a sample looks the same with any number of workers and
after any restart, and the caller's own random numbers are as if nothing had been loaded.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from gradwise.data.sets import MapStyle
from gradwise.errors import DataError
from gradwise.randomness import key
from gradwise.stages import Batch


class Failure(NamedTuple):
    """A DataError's four lines on their way out of a worker."""

    what: str
    where: str
    why: str
    fix: str


@dataclass
class Samples:
    """What torch's DataLoader is given: whole batches by number; an error is handed back, not raised in the worker."""

    dataset: MapStyle
    seed: int
    epoch: int

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        seed_globals(key(self.seed, "workers", self.epoch, index))
        try:
            sample = self.dataset[index]
        except DataError:
            raise
        except Exception as error:  # whatever a stranger's code raises: the sample is named, the cause kept
            reason = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"
            fix = "repair or remove what this sample is read from."
            raise DataError("A sample cannot be loaded.", where=self.where(index), why=reason, fix=fix) from error
        try:
            x, y = sample
            return as_tensor(x), as_label(y)
        except (TypeError, ValueError) as error:
            got = f"{type(sample).__name__}; {error}"
            what, fix = "A sample is not an (x, y) pair of arrays.", "return x, y from the dataset's __getitem__."
            raise DataError(what, where=self.where(index), why=got, fix=fix) from error

    def __getitems__(self, indices: Sequence[int]) -> Batch | Failure:
        """The batch of these samples, not yet normalised: x (B, ...), y (B, ...), index (B,)."""
        try:
            with globals_kept():
                pairs = [self[index] for index in indices]
            x, y = (self._stack(column, indices) for column in zip(*pairs, strict=True))
        except DataError as error:
            return Failure(error.what, error.where, error.why, error.fix)
        return Batch(x, y, torch.tensor(indices, dtype=torch.int64))

    def __len__(self) -> int:
        return len(self.dataset)

    def where(self, index: int) -> str:
        """Which sample that is, in the dataset that the user wrote."""
        dataset: Any = self.dataset
        while isinstance(dataset, torch.utils.data.Subset):
            index, dataset = dataset.indices[index], dataset.dataset
        return f"{type(dataset).__name__}[{index}]"

    def _stack(self, column: Sequence[Tensor], indices: Sequence[int]) -> Tensor:
        for index, tensor in zip(indices, column, strict=True):
            if tensor.shape != column[0].shape or tensor.dtype != column[0].dtype:
                first = f"{self.where(indices[0])} is {tuple(column[0].shape)} {column[0].dtype}"
                raise DataError(
                    "Samples of one batch differ in shape or type.",
                    where=f"{first}, {self.where(index)} is {tuple(tensor.shape)} {tensor.dtype}",
                    fix="resize, crop or pad in the dataset, so that all samples have one shape and type.",
                )
        return torch.stack(list(column))


def seed_globals(number: int) -> None:
    """Seed Python's, NumPy's and torch's CPU generator. Not torch.manual_seed: that would touch the device's too."""
    random.seed(number)
    np.random.seed(number & 0xFFFFFFFF)
    torch.default_generator.manual_seed(number)


@contextmanager
def globals_kept() -> Generator[None]:
    """Put the global generators back as they were."""
    python, numpy, pytorch = random.getstate(), np.random.get_state(), torch.get_rng_state()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        torch.set_rng_state(pytorch)


def as_tensor(value: Any) -> Tensor:
    """A tensor, array, number, list or PIL image as uint8 (bytes, truth values), int64 (other whole numbers), float32.

    A PIL image becomes (C, H, W) uint8. Raises TypeError for what holds no numbers.
    """
    if hasattr(value, "getbands"):  # a PIL image, known without importing Pillow
        return image_tensor(value)
    if isinstance(value, Tensor):
        tensor = value.detach()
        tensor = tensor.to(torch.uint8) if tensor.dtype == torch.bool else tensor
    else:
        array = np.array(value)  # a copy: what torch shares must be writable
        kinds = {"b": np.uint8, "f": np.float32, "i": np.int64, "u": np.uint8 if array.itemsize == 1 else np.int64}
        if array.dtype.kind not in kinds:
            raise TypeError(f"no numbers but {array.dtype.name} ({type(value).__name__})")
        tensor = torch.from_numpy(array.astype(kinds[array.dtype.kind], copy=False))
    if tensor.is_floating_point():
        return tensor.float()
    return tensor if tensor.dtype == torch.uint8 else tensor.long()


def as_label(value: Any) -> Tensor:
    """A label: whole numbers and truth values as int64, others as float32."""
    tensor = as_tensor(value)
    return tensor.long() if tensor.dtype == torch.uint8 else tensor


def image_tensor(image: Any) -> Tensor:
    """(C, H, W) uint8 of a PIL image: one channel where it is grey, three otherwise."""
    image = image if image.mode in ("L", "RGB") else image.convert("L" if image.mode == "1" else "RGB")
    pixels = torch.from_numpy(np.array(image, dtype=np.uint8))  # (H, W) or (H, W, 3)
    return pixels[None] if pixels.dim() == 2 else pixels.permute(2, 0, 1).contiguous()
