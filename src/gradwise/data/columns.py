"""Columns of text as tensors: numbers, one-hot words, class numbers. Every complaint names the line and the column."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from gradwise.errors import DataError, did_you_mean

Task = Literal["auto", "classification", "regression"]
MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}  # cells that hold nothing, in any case of letters
_FEW = 20  # whole-numbered targets with at most so many values are classes
_MOST_WORDS = 1000  # a column with more different words is an identifier, not a feature


@dataclass
class Column:
    """One column: its cells, and for each whether it holds something."""

    name: str
    cells: list[str]
    lines: list[int]  # the file's line of each cell, from 1; the header is line 1
    path: str

    def __post_init__(self) -> None:
        self.filled = [cell.lower() not in MISSING for cell in self.cells]

    def where(self, row: int) -> str:
        """The file, line and column of a cell, for an error."""
        return f"{self.path}, line {self.lines[row]}, column {self.name!r}"

    def numbers(self) -> list[float] | None:
        """The cells as numbers, NaN where empty; None where one is a word."""
        try:
            pairs = zip(self.cells, self.filled, strict=True)
            return [float(cell) if filled else math.nan for cell, filled in pairs]
        except ValueError:
            return None


@dataclass
class Table:
    """The columns of a file."""

    path: str
    columns: list[Column]

    def column(self, name: str) -> Column:
        """The column of that name. Raises DataError with the nearest name."""
        for column in self.columns:
            if column.name == name:
                return column
        names = [column.name for column in self.columns]
        raise DataError(f"{self.path} has no column {name!r}.", fix=did_you_mean(name, names))


def read_table(path: Path, delimiter: str = ",") -> Table:
    """A file with a header line. Raises DataError: not there, not text, empty, ragged, two columns of one name."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, delimiter=delimiter)
            header = [name.strip() for name in next(reader, [])]
            rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"{path} cannot be read.", why=str(error), fix="set data.path to a CSV file in UTF-8."
        ) from error
    if not rows or len(set(header)) < len(header):
        twice = next((name for name in header if header.count(name) > 1), None)
        what = "has no rows below its header." if twice is None else f"has two columns named {twice!r}."
        raise DataError(f"{path} {what}", fix="the first line names the columns, each once.")
    for line, row in rows:
        if len(row) != len(header):
            what = f"A row has {len(row)} cells where the header names {len(header)} columns."
            raise DataError(
                what, where=f"{path}, line {line}", fix="quote cells that hold the delimiter; see data.delimiter."
            )
    lines = [line for line, _ in rows]
    cells = zip(*(row for _, row in rows), strict=True)
    named = zip(header, cells, strict=True)
    return Table(
        str(path), [Column(name, [cell.strip() for cell in cell_s], lines, str(path)) for name, cell_s in named]
    )


def encode(column: Column, missing: Literal["error", "mean"]) -> Tensor:
    """(N, 1) float32 of a column of numbers, NaN where empty; (N, words) 0 or 1 of a column of words.

    An empty cell among words is 0 in all of their columns where missing is "mean". Raises DataError otherwise.
    """
    if missing == "error":
        _refuse_gap(column, "set data.missing=mean, or fill the cell, or name the column in data.ignore.")
    numbers = column.numbers()
    if numbers is not None:
        return torch.tensor(numbers, dtype=torch.float32)[:, None]
    words = sorted({cell for cell, filled in zip(column.cells, column.filled, strict=True) if filled})
    if len(words) > _MOST_WORDS:
        what = f"Column {column.name!r} holds {len(words)} different words: one feature for each is too many."
        raise DataError(what, where=column.path, fix=f"name it in data.ignore, or group its words to {_MOST_WORDS}.")
    number = {word: at for at, word in enumerate(words)}
    hot = torch.zeros(len(column.cells), len(words))  # (N, words)
    for row, cell in enumerate(column.cells):
        if column.filled[row]:
            hot[row, number[cell]] = 1
    return hot


def encode_target(column: Column, task: Task) -> tuple[Tensor, tuple[str, ...]]:
    """(class numbers (N,) int64, their names), or (numbers to reach (N, 1) float32, ()). Raises DataError: a gap."""
    _refuse_gap(column, "remove the row: without its target nothing can be learnt from it.")
    numbers = column.numbers()
    if task == "auto":
        whole = numbers is not None and all(number.is_integer() for number in numbers)
        task = "classification" if numbers is None or (whole and len(set(numbers)) <= _FEW) else "regression"
    if task == "regression":
        if numbers is None:
            raise DataError(
                f"Column {column.name!r} holds words.", where=column.path, fix="set data.task=classification."
            )
        return torch.tensor(numbers, dtype=torch.float32)[:, None], ()
    # 10 comes after 9, though not in the alphabet; and "1" and "1.0" are one class
    keys: list[str] | list[float] = column.cells if numbers is None else numbers
    names = sorted(set(keys))  # pyright: ignore[reportArgumentType]  # all words, or all numbers
    number = {name: at for at, name in enumerate(names)}
    y = torch.tensor([number[key] for key in keys])
    return y, tuple(name if isinstance(name, str) else f"{name:g}" for name in names)


def _refuse_gap(column: Column, fix: str) -> None:
    if not all(column.filled):
        row = column.filled.index(False)
        count = column.filled.count(False)
        raise DataError("A cell is empty.", where=column.where(row), why=f"{count} of the column's cells are.", fix=fix)
