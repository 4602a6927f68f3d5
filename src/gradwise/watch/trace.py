"""The record of a training: rows (step, place, where, measure, value).

What is measured at every watched step lies in a matrix, a column per measure: float32, one preallocated block on the
device, moved to the host a block at a time. Raw sums are stored and folded into norms, means and shares when somebody
reads. What comes now and then (`add`, `log`) is a series of its own, and so is what an evaluation found. With them go
the `facts`: what is known beside numbers per step. All of it can be written, read back, and cut at a step.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradwise.watch.byhand import Arrays, ByHand
from gradwise.watch.facts import Facts

BLOCK = 256  # rows on the device


@dataclass(frozen=True)
class Column:
    """What one number of a row is: measured at which place of the cycle, of which parameter or layer."""

    place: str  # "cycle", "gradient", "weight", "update", "activation"
    where: str  # the parameter's or the layer's name
    measure: str  # "loss", "rate", "sum", "square_sum", "maximum", "zeros", "nonfinite"
    size: int = 1  # how many elements were summed over


class Row(NamedTuple):
    """One value of the record."""

    step: int
    place: str
    where: str
    measure: str
    value: float


class Trace:
    """The record. `series` reads a column or a figure derived from it; `metric` reads the evaluations."""

    def __init__(self, columns: Sequence[Column] = (), device: str | torch.device = "cpu") -> None:
        self.columns = list(columns)
        self.device = torch.device(device)
        self.evaluations: list[Row] = []
        self.step, self.seconds = 0, 0.0  # done and spent at the last evaluation
        self.best_by = ""  # the evaluation's figure that "best" goes by
        self.facts = Facts()
        self._by_hand = ByHand(self)
        self._added: dict[tuple[str, str, str], tuple[array[int], array[float]]] = {}
        self._numbers = {(c.place, c.where, c.measure): i for i, c in enumerate(self.columns)}
        self._block = torch.full((BLOCK, len(self.columns)), torch.nan, device=self.device)
        self._steps: list[int] = []  # of the rows in the block
        self._kept: list[tuple[NDArray[np.int64], NDArray[np.float32]]] = []

    def append(self, step: int, values: Tensor) -> None:
        """Add the row of a step; values (columns,) on the trace's device. Nobody waits."""
        if len(self._steps) == BLOCK:
            self._drain()
        self._block[len(self._steps)].copy_(values, non_blocking=True)
        self._steps.append(step)

    def add(self, step: int, place: str, where: str, measure: str, value: float) -> None:
        """Add one value to a series of its own, e.g. add(7, "gradient", "fc1.weight", "norm", 0.3)."""
        series = self._added.setdefault((place, where, measure), (array("q"), array("d")))
        series[0].append(step)
        series[1].append(value)

    def log(
        self,
        *,
        weights: Arrays | None = None,
        gradients: Arrays | None = None,
        updates: Arrays | None = None,
        loss: float | Callable[[], float] | None = None,
        rate: float | None = None,
        batch: int | None = None,
    ) -> None:
        """Log a step by hand, e.g. log(weights={"W1": W1}, gradients={"W1": dW1}, loss=0.3). Statistics are kept.

        loss: a number; or a function that computes it (mean over the batch) from the very arrays in weights: then the
        gradients of the first step are checked, as by `check`, and batch is how many samples there are.

        Arrays are by name, from the input to the output, the weights as they are at the call; updates (what is added
        to the weights) need not be given where the weights are: they are seen at the next call. rate: learning rate.
        """
        self._by_hand.log(weights or {}, gradients or {}, updates or {}, loss, rate, batch)

    def check(self, loss: Callable[[], float], *, weights: Arrays, gradients: Arrays, batch: int | None = None) -> None:
        """Compare gradients with differences of the loss, at the weights as they are: a gradient check.

        loss: computes the loss (mean over the batch) from the very arrays in weights, whose entries are moved a little
        and put back; batch: how many samples, so that a forgotten division is told from a wrong derivative.
        Raises TypeError for weights that are no float arrays.
        """
        self._by_hand.check(loss, weights, gradients, batch)

    def evaluated(self, step: int, figures: dict[str, float]) -> None:
        """Add what an evaluation found, e.g. {"valid_loss": 0.1}."""
        self.step = step
        self.evaluations += [Row(step, "evaluation", "", name, value) for name, value in figures.items()]

    def metric(self, name: str = "") -> tuple[str, list[float]]:
        """One figure of every evaluation, oldest first; "" for the one that "best" goes by."""
        name = name or self.best_by
        return name, [row.value for row in self.evaluations if row.measure == name]

    def __len__(self) -> int:
        """Rows of the matrix."""
        return sum(len(steps) for steps, _ in self._kept) + len(self._steps)

    def matrix(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Steps (T,) and raw values (T, columns). Waits for the device."""
        self._drain()
        if not self._kept:
            return np.empty(0, np.int64), np.empty((0, len(self.columns)), np.float32)
        if len(self._kept) > 1:
            self._kept = [(np.concatenate([s for s, _ in self._kept]), np.concatenate([v for _, v in self._kept]))]
        return self._kept[0]

    def series(self, place: str, where: str, measure: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Steps (T,) and values (T,) of a raw measure, or of "norm", "mean", "spread", "zero_fraction", "ratio".

        "ratio" (place "update") is the update's norm over the weight's. Raises KeyError for what was not watched.
        """
        if (place, where, measure) in self._added:
            added = self._added[place, where, measure]
            return np.array(added[0], np.int64), np.array(added[1], np.float64)
        steps, values = self.matrix()

        def raw(place: str, measure: str) -> NDArray[np.float64]:
            return values[:, self._numbers[place, where, measure]].astype(np.float64)

        if (place, where, measure) in self._numbers:
            return steps, raw(place, measure)
        if measure == "ratio":
            weight = np.maximum(raw("weight", "square_sum"), 1e-30)
            return steps, np.sqrt(raw("update", "square_sum") / weight)
        if measure not in ("norm", "zero_fraction", "mean", "spread"):
            raise KeyError((place, where, measure))
        first = "zeros" if measure == "zero_fraction" else "square_sum"
        size = self.columns[self._numbers[place, where, first]].size
        if measure == "norm":
            return steps, np.sqrt(raw(place, "square_sum"))
        if measure == "zero_fraction":
            return steps, raw(place, "zeros") / size
        mean = raw(place, "sum") / size
        if measure == "mean":
            return steps, mean
        return steps, np.sqrt(np.maximum(raw(place, "square_sum") / size - mean**2, 0))

    def places(self, place: str) -> list[str]:
        """The parameters or layers that were watched at a place, in the network's order."""
        watched = [c.where for c in self.columns if c.place == place]
        return list(dict.fromkeys(watched + [where for at, where, _ in self._added if at == place]))

    def rows(self) -> Iterator[Row]:
        """Every value, step by step."""
        for step, values in zip(*self.matrix(), strict=True):
            for column, value in zip(self.columns, values, strict=True):
                yield Row(int(step), column.place, column.where, column.measure, float(value))
        for key, (steps, values) in self._added.items():
            yield from (Row(step, *key, value) for step, value in zip(steps, values, strict=True))
        yield from self.evaluations

    def _drain(self) -> None:
        if self._steps:
            block = self._block[: len(self._steps)].cpu().numpy().copy()  # waits for the device
            self._kept.append((np.array(self._steps, np.int64), block))
            self._steps = []

    # To and from bytes: a row is its step (int64) and its values (float32), in the order of the columns.

    def header(self) -> str:
        """The columns as JSON: what `take`'s bytes mean."""
        return json.dumps({"schema": 1, "columns": [asdict(column) for column in self.columns]}, indent=1)

    def take(self) -> bytes:
        """Rows since the last call, to be appended to a file; they leave the memory. Waits for the device."""
        packed = self._packed()
        self._kept = []
        return packed

    def save(self, folder: Path) -> None:
        """Write all of it to a folder, made where it is missing, that `read` reads."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "trace.json").write_text(self.header())
        (folder / "trace.bin").write_bytes(self._packed())
        (folder / "facts.json").write_text(json.dumps(self.facts.as_json(), indent=1))
        added = {json.dumps(key): np.array(series, np.float64) for key, series in self._added.items()}
        np.savez_compressed(folder / "series.npz", allow_pickle=False, **added)
        rows = [json.dumps({"step": row.step, row.measure: row.value}) for row in self.evaluations]
        (folder / "metrics.jsonl").write_text("".join(f"{row}\n" for row in rows))

    def _packed(self) -> bytes:
        steps, values = self.matrix()
        packed = np.empty(len(steps), _row_type(len(self.columns)))
        packed["step"], packed["values"] = steps, values
        return packed.tobytes()

    @classmethod
    def read(cls, folder: Path) -> Trace:
        """A trace that was saved, or that of a run folder: its metrics.jsonl are the evaluations."""
        header = json.loads((folder / "trace.json").read_text())
        trace = cls([Column(**column) for column in header["columns"]])
        if (folder / "facts.json").exists():
            trace.facts = Facts.from_json(json.loads((folder / "facts.json").read_text()))
        kind = _row_type(len(trace.columns))
        data = (folder / "trace.bin").read_bytes()
        packed = np.frombuffer(data[: len(data) // kind.itemsize * kind.itemsize], kind)
        trace._kept = [(packed["step"].copy(), packed["values"].copy())]
        if (folder / "series.npz").exists():
            with np.load(folder / "series.npz") as added:
                for key in added.files:
                    steps, values = added[key]
                    trace._added[tuple(json.loads(key))] = array("q", steps.astype(np.int64)), array("d", values)
        for line in (folder / "metrics.jsonl").read_text().splitlines():
            figures = json.loads(line)
            trace.evaluated(int(figures.pop("step")), {k: v for k, v in figures.items() if k != "epoch"})
        return trace


def _row_type(columns: int) -> np.dtype[np.void]:
    return np.dtype([("step", "<i8"), ("values", "<f4", (columns,))])
