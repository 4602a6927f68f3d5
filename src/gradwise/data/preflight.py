"""A look at the data before the first step: what would make training fail late, or succeed at nothing.

Cheap: bytes cannot be NaN, floats are summed once, and a set that is read sample by sample is asked for one batch.
"""

from __future__ import annotations

import dataclasses

import torch
from torch import Tensor

from gradwise.data.loader import batches
from gradwise.data.sets import Arrays, Mapped, Sets, Source
from gradwise.errors import DataError
from gradwise.stages import Batch

_FIRST = 16  # samples of a Mapped set that are looked at


def check(sets: Sets, outputs: int | None = None) -> list[str]:
    """Warnings, a line each; what cannot be learnt from raises DataError.

    outputs: the width of the network's last layer; labels from there on are an error.
    """
    classes = outputs if outputs is not None and outputs > 1 else len(sets.classes) or None
    warnings = list(sets.notes)
    shapes: dict[str, tuple[int, ...]] = {}
    for name, part in (("train", sets.train), ("valid", sets.valid), ("test", sets.test)):
        if part is None:
            continue
        if not len(part):
            raise DataError(
                f"The {name} set is empty.", fix="see data.root and data.path, or lower data.valid and data.test."
            )
        x, y = _look(part)
        rows = part.rows if isinstance(part, Arrays) else None
        _check_finite(x, name, "x", rows)
        _check_labels(y, name, classes, sets.classes, rows)
        shapes[name] = tuple(x.shape[1:])
        if name == "train" and not y.is_floating_point() and len(part) == len(y) > 1 and bool((y == y[0]).all()):
            warnings.append(
                f"All {len(y)} training labels are {_named(int(y[0]), sets.classes)}: nothing is to be learnt."
            )
    for name, shape in shapes.items():
        if shape != shapes["train"]:
            raise DataError(
                f"Samples of the {name} set have shape {shape}, those of the training set {shapes['train']}.",
                why="one network reads both.",
                fix="read both parts with the same size, channels and columns.",
            )
    return warnings


def _look(part: Source) -> tuple[Tensor, Tensor]:
    """x and y of the whole part; of a Mapped set those of the first samples."""
    if not isinstance(part, Mapped):
        return part.x, part.y
    here = dataclasses.replace(part, workers=0)
    first: Batch = next(batches(here, torch.arange(min(_FIRST, len(part))), _FIRST, drop_last=False))
    return first.x, first.y


def _check_finite(values: Tensor, part: str, which: str, rows: Tensor | None) -> None:
    """Raise where a float is NaN or infinite. The sum tells in one pass; only a bad one is looked at closely."""
    if not values.is_floating_point() or bool(torch.isfinite(values.sum())):  # waits for the device, once
        return
    bad = ~torch.isfinite(values.reshape(len(values), -1))  # (N, D)
    count = int(bad.sum())
    if not count:  # large numbers whose sum overflows
        return
    sample, column = (int(at) for at in bad.nonzero()[0])
    place = torch.unravel_index(torch.tensor(column), values.shape[1:]) if values.dim() > 1 else ()
    at = ", ".join(str(int(axis)) for axis in place)
    raise DataError(
        f"{which} of the {part} set holds {count} NaN or infinite numbers.",
        where=f"first in sample {_numbers([sample], rows)}{f', position ({at})' if at else ''}",
        why="one of them makes the loss NaN, and with it every weight.",
        fix="remove or fill them; CSV does so with data.missing=mean.",
    )


def _check_labels(y: Tensor, part: str, classes: int | None, names: tuple[str, ...], origin: Tensor | None) -> None:
    if y.is_floating_point():
        _check_finite(y, part, "y", origin)
        if classes is not None and y.dim() == 1 and bool((y == y.round()).all()):
            raise DataError(
                f"Labels of the {part} set are {y.dtype} though there are {classes} classes.",
                why="class numbers are int64; floats are numbers to reach (regression).",
                fix="y.astype('int64') in NumPy, y.long() in torch; for regression give the network one output.",
            )
        return
    wrong = y < 0 if classes is None else (y < 0) | (y >= classes)
    if not bool(wrong.any()):
        return
    rows: list[int] = wrong.reshape(len(y), -1).any(1).nonzero().flatten().tolist()
    value = int(y[wrong][0])
    known = f"classes are 0 to {classes - 1}" if classes is not None else "classes are numbered from 0"
    few = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    renumber = "numpy.unique(y, return_inverse=True)[1] numbers them from 0"
    raise DataError(
        f"Label {value} in the {part} set: {known}{f' ({few})' if few else ''}.",
        where=f"{len(rows)} {'rows' if len(rows) > 1 else 'row'}: {_numbers(rows, origin)}",
        why="the network has one output per class.",
        fix=f"{renumber}{f', or give the network {value + 1} outputs' if value > 0 else ''}.",
    )


def _numbers(rows: list[int], origin: Tensor | None) -> str:
    """The first five, as the user knows them: counted from 0, before a part was cut out."""
    known = rows[:5] if origin is None else origin[rows[:5]].tolist()
    more = ", ..." if len(rows) > 5 else ""
    return ", ".join(map(str, known)) + more + ("" if origin is None else " of the whole set")


def _named(label: int, names: tuple[str, ...]) -> str:
    return f"{label} ({names[label]})" if 0 <= label < len(names) else str(label)
