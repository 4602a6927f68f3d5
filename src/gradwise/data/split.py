"""Parts of a set: the held-out split, and the road from raw arrays to Sets.

The split is drawn before anything is fitted, so that nothing of the held-out samples reaches the normalisation.
"""

from __future__ import annotations

import dataclasses
from typing import Annotated, TypeVar

import torch
from annotated_types import Ge
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from torch import Tensor

from gradwise.data.normalise import Normalise, fit
from gradwise.data.sets import Arrays, Mapped, Sets
from gradwise.errors import DataError
from gradwise.randomness import generator

_Part = TypeVar("_Part", bound=Arrays | Mapped)


def _share_or_count(value: int | float) -> int | float:
    if isinstance(value, float) and value >= 1:
        raise PydanticCustomError("held_out", "a share below 1 or a whole number of samples")
    return value


HeldOut = Annotated[int | float, Ge(0), AfterValidator(_share_or_count)]  # 0 <= share < 1, or a count; 0: none


def split(part: _Part, held: int | float, seed: int) -> tuple[_Part, _Part | None]:
    """(what is left, what is held out): `held` as a share or a count of samples, drawn by f(seed); 0 holds out none.

    Raises DataError where nothing would be left to train on.
    """
    size = len(part)
    count = count_of(held, size)
    if count == 0:
        return part, None
    if not 0 < count < size:
        raise DataError(f"{count} samples cannot be held out of {size}.", fix="lower data.valid, data.test.")
    order = torch.randperm(size, generator=generator(seed, "split"))
    return part.subset(order[count:].sort().values), part.subset(order[:count].sort().values)


def count_of(held: int | float, size: int) -> int:
    """How many of `size` samples a share or a count is."""
    return held if isinstance(held, int) else round(held * size)


def assemble(
    whole: Arrays,
    seed: int,
    *,
    valid: int | float = 0,
    test: int | float | Arrays = 0,
    normalise: Normalise = "none",
    top: float = 255,
    classes: tuple[str, ...] = (),
    fill_gaps: bool = False,
    flat: bool = False,
) -> Sets:
    """Sets of raw samples: test part (given, or cut off), held-out part, normalisation fitted on what is left.

    Shares are of `whole`. A test part that is cut off is the same for every seed: whoever chooses on one seed has not
    seen the test samples of another. top: the largest byte, see normalise.fit. fill_gaps: NaN becomes the training
    part's column mean. flat: samples become rows, once they are normalised.
    """
    rest, tested = (whole, test) if isinstance(test, Arrays) else split(whole, test, seed=0)
    train, held = split(rest, count_of(valid, len(whole)), seed)
    if fill_gaps:
        mean = train.x.nanmean(0).nan_to_num(0.0)  # (D,); 0 where a column is empty throughout
        for part in (train, held, tested):
            if part is not None:
                part.x = torch.where(part.x.isnan(), mean, part.x)
    scale, shift = fit(train.x, normalise, top)

    def finished(part: Arrays) -> Arrays:
        part = dataclasses.replace(part, scale=scale, shift=shift)
        return part.flat() if flat else part

    held, tested = (None if part is None else finished(part) for part in (held, tested))
    return Sets(finished(train), held, tested, classes)


def class_names(y: Tensor) -> tuple[str, ...]:
    """Names "0", "1", ... for int64 class numbers; none for numbers to reach. Raises DataError for ids."""
    if y.is_floating_point() or not len(y):
        return ()
    top = int(y.max())
    if top >= 100_000:
        raise DataError(
            f"label {top} in row {int(y.argmax())}: class numbers run from 0 to one below the number of classes.",
            why="the network has one output per class number.",
            fix="renumber: y = numpy.unique(y, return_inverse=True)[1]; for numbers to reach: y.astype('float32').",
        )
    return tuple(str(number) for number in range(top + 1))
