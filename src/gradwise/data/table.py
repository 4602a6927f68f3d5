"""A table in a CSV file: numbers as they are, words one-hot, the target as classes or as numbers to reach.

Shapes: N rows, D features.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch

from gradwise.data.columns import Task, encode, encode_target, read_table
from gradwise.data.normalise import Normalise
from gradwise.data.sets import Arrays, Sets
from gradwise.data.split import HeldOut, assemble
from gradwise.errors import DataError
from gradwise.stages import technique


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
        """Read the file; hold out f(seed)."""
        table = read_table(Path(self.path).expanduser(), self.delimiter)
        y, classes = encode_target(table.column(self.target), self.task)
        left_out = {table.column(name).name for name in (self.target, *self.ignore)}
        features = [encode(column, self.missing) for column in table.columns if column.name not in left_out]
        if not features:
            raise DataError(f"{self.path} has no column beside {', '.join(sorted(left_out))}.", fix="see data.ignore.")
        whole = Arrays(torch.cat(features, dim=1), y)  # x (N, D) float32, NaN where a cell is empty
        return assemble(
            whole, seed, valid=self.valid, test=self.test, normalise=self.normalise, classes=classes, fill_gaps=True
        )
