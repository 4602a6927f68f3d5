"""A table in a CSV file: numbers as they are, words one-hot, the target as classes or as numbers to reach."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from gradwise.data.normalise import Normalise, fit
from gradwise.data.sets import Arrays, Sets
from gradwise.data.split import HeldOut, split
from gradwise.errors import DataError, did_you_mean
from gradwise.stages import technique

Task = Literal["auto", "classification", "regression"]
MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}  # cells that hold nothing, in any case of letters
_FEW = 20  # whole-numbered targets with at most so many values are classes
_MOST_WORDS = 1000  # a column with more different words is an identifier, not a feature


@technique
class CSV:
    """A CSV file with a header line. Stage `data`.

    target: the column to be predicted; ignore: columns left out (identifiers). Columns of numbers become one feature
    each, others one per word (one-hot). missing: an empty cell is an error that names it, or the mean of the training
    part. task: "auto" takes words, and whole numbers of at most 20 values, for classes. valid, test: share or count.
    Raises DataError: no such file or column, ragged rows, empty cells.
    """

    path: str
    target: str
    valid: HeldOut = 0.15
    test: HeldOut = 0
    normalise: Normalise = "feature"
    task: Task = "auto"
    missing: Literal["error", "mean"] = "error"
    ignore: tuple[str, ...] = ()
    delimiter: str = ","

    def __call__(self, seed: int) -> Sets:
        table = read_table(Path(self.path).expanduser(), self.delimiter)
        y, classes = encode_target(table.column(self.target), self.task)
        ignored = {table.column(name).name for name in self.ignore}
        kept = [column for name in table.names if name != self.target and name not in ignored
                for column in [table.column(name)]]  # fmt: skip
        x = torch.cat([encode(column, self.missing) for column in kept], dim=1)  # (N, D), NaN where a cell is empty
        rest, test = split(Arrays(x, y), self.test, seed=0)  # the same test part for every seed, as in split.assemble
        train, valid = split(rest, self.valid, seed)
        mean = train.x.nanmean(0).nan_to_num(0.0)  # (D,)
        for part in (train, valid, test):
            if part is not None:
                part.x = torch.where(part.x.isnan(), mean, part.x)
        scale, shift = fit(train.x, self.normalise)
        for part in (train, valid, test):
            if part is not None:
                part.scale, part.shift = scale, shift
        return Sets(train, valid, test, classes)
