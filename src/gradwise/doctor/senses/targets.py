"""The targets of a loss, batch by batch: what they are like, and what follows for the loss of a constant prediction."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradwise.doctor.sense import LossCall
from gradwise.doctor.senses import baselines
from gradwise.doctor.senses.order import Order
from gradwise.doctor.tensors import plain
from gradwise.watch.facts import Loss

Numbers = NDArray[np.float64]
INDEXED = ("cross_entropy", "nll_loss", "multi_margin_loss")
BINARY = ("binary_cross_entropy", "binary_cross_entropy_with_logits", "soft_margin_loss", "multilabel_soft_margin_loss")
MOST_CLASSES = 1000  # beyond that no counts are told
DETAILED = 48  # calls that are described in full; later ones now and then
_CELLS = 2**16  # targets of a batch that are looked at
_OUTPUTS = 512
_KEPT = 512  # rows kept for the median
_DISTINCT = 1000


class Targets:
    """Sums over the calls of one loss."""

    def __init__(self, fact: Loss) -> None:
        self.fact = fact
        self.order = Order()
        self.kind = ""  # "index", "soft" (probabilities of classes), "binary" or "real"
        self.calls = 0
        self.counts = np.zeros(0)  # of classes, or sums of probabilities
        self.ones = self.zeros = np.zeros(0)  # weighted, per output
        self.raw = [0.0, 0.0]  # zeros and ones of a single output
        self.n = self.cells = self.all_cells = 0.0  # rows looked at; values looked at, and all that there were
        self.sum = self.square = np.zeros(0)
        self.entropies = 0.0
        self.rows: list[Numbers] = []
        self.weight: Numbers | None = None
        self.unknown = False  # weights that differ from sample to sample
        self._distinct: set[float] = set()
        self._batches: set[tuple[float, float]] = set()  # sums, and sums of squares
        self._sums: list[float] = [0.0, 0.0]  # rows of probabilities that sum to one, all rows

    def add(self, call: LossCall, ordered: bool, follows: bool, look: bool) -> None:
        """Targets of a call. ordered: a row is a sample. follows: the last call came just before."""
        target, x = plain(call.target), plain(call.input)
        if target is None or x is None or not target.numel():
            return
        self.calls += 1
        self.fact.samples += len(target) if target.ndim else 1
        self.kind = self.kind or kind(call.name, target, x)
        if self.kind == "index":
            self._index(call, target, x, ordered, follows)
        elif self.kind == "soft":
            self._soft(call, target, x)
        else:
            self._values(call, target, x, ordered, follows)
        if look and (self.calls <= DETAILED or self.calls % 8 == 0):
            self._describe(target, x)

    def _index(self, call: LossCall, target: Tensor, x: Tensor, ordered: bool, follows: bool) -> None:
        outputs = x.shape[1] if x.ndim > 1 else x.shape[0]
        ignored = int(call.arguments.get("ignore_index", -100))
        flat = target.reshape(-1)
        flat = flat[:: -(-flat.numel() // _CELLS)].cpu().numpy().astype(np.int64)
        good = flat[(flat != ignored) & (flat >= 0)]
        self.fact.ignored += len(flat) - len(good)
        self.cells, self.all_cells = self.cells + len(flat), self.all_cells + target.numel()
        if not len(good):
            return
        counts = np.bincount(good, minlength=max(outputs, len(self.counts))).astype(float)
        if self.counts.size < len(counts):  # the first, or more outputs than before
            self.counts = np.pad(self.counts, (0, len(counts) - len(self.counts)))
        self.counts = self.counts + counts
        if self.weight is None and isinstance(call.arguments.get("weight"), Tensor):
            self.weight = _numbers(call.arguments["weight"])
        if ordered and target.ndim == 1 and len(good) == target.numel():
            self.order.neighbours(good, follows)
            if len(counts) <= MOST_CLASSES:
                self.order.batch(len(good), counts, counts, follows)

    def _soft(self, call: LossCall, target: Tensor, x: Tensor) -> None:
        rows = target.movedim(1, -1).reshape(-1, target.shape[1]) if target.ndim > 1 else target[None]
        total = _numbers(rows[:: -(-target.numel() // _CELLS)].double().mean(0)) * len(rows)
        self.counts = _added(self.counts, total)
        if self.weight is None and isinstance(call.arguments.get("weight"), Tensor):
            self.weight = _numbers(call.arguments["weight"])

    def _values(self, call: LossCall, target: Tensor, x: Tensor, ordered: bool, follows: bool) -> None:
        part = outputs(target, self.sum.size)
        values = _numbers(part)
        if not np.isfinite(values).all():
            return
        if self.sum.size not in (0, values.shape[1]):
            self._pool()
            values = values.reshape(-1, 1)
        self.n += len(values)
        self.cells, self.all_cells = self.cells + values.size, self.all_cells + target.numel()
        total, square = values.sum(0), (values**2).sum(0)
        if len(self._batches) < _DISTINCT:  # beyond, nothing more is counted
            self.fact.target_batches += 1
            self._batches.add((float(total.sum()), float(square.sum())))
        self.sum, self.square = _added(self.sum, total), _added(self.square, square)
        if len(self.rows) < _KEPT:
            self.rows += list(values[:: max(1, len(values) // 128)])
        if self.kind == "binary":
            self._binary(call, part, values)
        elif call.name == "kl_div":
            self._divergence(call, values)
        if ordered and len(target) == len(values):
            if values.shape[1] == 1 and _whole(values):
                self.order.neighbours(values[:, 0].astype(np.int64), follows)
            self.order.batch(len(values), total, square, follows)

    def _binary(self, call: LossCall, part: Tensor, values: Numbers) -> None:
        if call.name == "soft_margin_loss":  # -1 and 1
            values = (values + 1) / 2
        ones, zeros = values, 1 - values
        target = call.target
        one = values.shape[1] == 1 or target.ndim == 3 or (target.ndim > 3 and target.shape[1] == 1)  # pixels of a mask
        if one and np.isin(values, (0, 1)).all():
            self.raw[0] += float(zeros.sum())
            self.raw[1] += float(ones.sum())
        for name in ("pos_weight", "weight"):
            given = call.arguments.get(name)
            if isinstance(given, Tensor):
                weight = _numbers(given)
                if weight.size not in (1, values.shape[1]):
                    self.unknown = True
                    continue
                ones = ones * weight.reshape(-1)
                zeros = zeros * weight.reshape(-1) if name == "weight" else zeros
        self.ones, self.zeros = _added(self.ones, ones.sum(0)), _added(self.zeros, zeros.sum(0))

    def _divergence(self, call: LossCall, values: Numbers) -> None:
        if call.arguments.get("log_target"):
            values = np.exp(values)
        self.counts = _added(self.counts, values.sum(0))
        self.entropies += float(-(values * np.log(np.maximum(values, 1e-300))).sum())

    def _pool(self) -> None:
        """Another number of outputs: all of them are one from now on."""
        self.n *= self.sum.size
        self.sum, self.square = self.sum.sum(keepdims=True), self.square.sum(keepdims=True)
        self.rows = [row.reshape(-1)[:1] for row in self.rows]
        self.ones, self.zeros = self.ones.sum(keepdims=True), self.zeros.sum(keepdims=True)
        self.order.wrong = True

    def _describe(self, target: Tensor, x: Tensor) -> None:
        fact = self.fact
        if self.kind != "index" and target.shape == x.shape and target.ndim > 1 and target.shape[1] > 1:
            rows = target.movedim(1, -1).reshape(-1, target.shape[1])[:256].double()
            sums = (rows.sum(1) - 1).abs() < 1e-3
            self._sums[0] += int((sums & (rows >= 0).all(1)).sum())
            self._sums[1] += len(rows)
            fact.target_rows_sum_to_one = self._sums[0] / self._sums[1]
        flat = target.reshape(-1)
        flat = flat[:: -(-flat.numel() // 4096)].double().cpu().numpy()
        if self.kind == "index":
            flat = flat[flat >= 0]
        flat = flat[np.isfinite(flat)]
        if not len(flat):
            return
        whole = bool(_whole(flat))
        fact.target_integer = whole and (fact.target_integer or fact.target_low is None)
        low, high = float(flat.min()), float(flat.max())
        fact.target_low = low if fact.target_low is None else min(low, fact.target_low)
        fact.target_high = high if fact.target_high is None else max(high, fact.target_high)
        if len(self._distinct) < _DISTINCT:
            self._distinct.update(np.unique(flat)[:_DISTINCT].tolist())
            fact.target_distinct = min(_DISTINCT, len(self._distinct))

    def fill(self) -> None:
        """Write what the sums mean into the fact."""
        fact, order = self.fact, self.order
        fact.repeats = order.repeats
        fact.target_batches_distinct = len(self._batches)
        fact.batch_spread = order.spread(self.kind == "index")
        if self.kind == "index":
            counts = self.counts
            if 0 < len(counts) <= MOST_CLASSES:
                fact.counts = [int(count) for count in counts]
            if counts.sum():
                numbers = np.arange(len(counts))
                mean = float((counts * numbers).sum() / counts.sum())
                fact.target_mean = mean
                fact.target_spread = float(np.sqrt((counts * (numbers - mean) ** 2).sum() / counts.sum()))
        elif self.n:
            means = self.sum / self.n
            fact.target_mean = float(means.mean())
            fact.target_spread = float(
                np.sqrt(max(0.0, self.square.sum() / self.n / self.sum.size - means.mean() ** 2))
            )
            if sum(self.raw) == self.cells:
                fact.counts = [int(count) for count in self.raw]
        fact.baseline, fact.chance = baselines.constant(self)


def kind(name: str, target: Tensor, x: Tensor) -> str:
    """What the targets of a loss are: "index", "soft", "binary" or "real"."""
    if name in INDEXED:
        return "soft" if target.is_floating_point() else "index"
    return "binary" if name in BINARY else "real"


def outputs(target: Tensor, known: int) -> Tensor:
    """(B, ...) -> (rows, outputs), at most as many as are looked at; known: how many outputs there were, 0 for none."""
    if target.ndim < 2 or known == 1:
        rows = target.reshape(-1, 1)
    else:
        rows = target.flatten(1)
        rows = rows[:, :: -(-rows.shape[1] // _OUTPUTS)]
    return rows[:: -(-rows.numel() // _CELLS)].double()


def _numbers(tensor: Tensor) -> Numbers:
    values = plain(tensor)
    return (values if values is not None else torch.zeros(0)).double().cpu().numpy()


def _whole(values: Numbers) -> bool:
    return bool((values == np.floor(values)).all())


def _added(before: Numbers, more: Numbers) -> Numbers:
    return before + more if before.size == more.size else more
