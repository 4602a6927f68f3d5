"""The predictions that a loss is given: their range, whether they are probabilities, and which classes they name."""

from __future__ import annotations

from collections import deque

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradwise.doctor.sense import LossCall
from gradwise.doctor.senses.targets import DETAILED, MOST_CLASSES
from gradwise.doctor.tensors import plain
from gradwise.watch.facts import Loss

_ROWS = 256
_CELLS = 2**16
_LATE = 32  # looks over which predicted classes are counted
_LAST = 8  # looks over which the spread is taken

Counts = NDArray[np.int64]


class Predictions:
    """Sums over the looks at one loss."""

    def __init__(self, fact: Loss) -> None:
        self.fact = fact
        self._calls = self._rows = self._normal = self._logs = 0
        self._spreads: deque[float] = deque(maxlen=_LAST)
        self._late: deque[tuple[Counts, Counts, Counts]] = deque(maxlen=_LATE)  # predicted, right, there

    def add(self, call: LossCall, kind: str) -> None:
        """The predictions of a call; kind: of its targets."""
        x, target = plain(call.input), plain(call.target)
        if x is None or target is None or not x.numel() or not x.is_floating_point():
            return
        x = x.float()
        self._calls += 1
        if self._calls <= DETAILED or self._calls % 8 == 0:
            self._range(x)
            self._probabilities(x)
        self._spread(x)
        if kind in ("index", "soft") and x.ndim > 1 and 1 < x.shape[1] <= MOST_CLASSES:
            self._classes(x, target, kind, int(call.arguments.get("ignore_index", -100)))
        elif kind == "binary" and target.shape == x.shape and _one_question(x):
            threshold = 0.5 if call.name == "binary_cross_entropy" else 0.0
            step = -(-x.numel() // _CELLS)
            truth = target.reshape(-1)[::step] > (0 if call.name == "soft_margin_loss" else 0.5)
            self._count((x.reshape(-1)[::step] > threshold).long(), truth.long(), 2)

    def fill(self) -> None:
        """Write what the sums mean into the fact."""
        fact = self.fact
        if self._rows:
            fact.input_rows_sum_to_one, fact.input_rows_log_normal = self._normal / self._rows, self._logs / self._rows
        if self._spreads:
            fact.input_spread = float(np.mean(self._spreads))
        if self._late:
            predicted, right, there = (sum(counts) for counts in zip(*self._late, strict=True))
            fact.predicted = [int(count) for count in np.asarray(predicted)]
            pairs = zip(np.asarray(right).tolist(), np.asarray(there).tolist(), strict=True)
            fact.recalled = [hits / all_ if all_ else None for hits, all_ in pairs]

    def _range(self, x: Tensor) -> None:
        fact = self.fact
        low, high = (float(end) for end in torch.aminmax(x))
        if np.isfinite(low) and np.isfinite(high):
            fact.input_low = low if fact.input_low is None else min(low, fact.input_low)
            fact.input_high = high if fact.input_high is None else max(high, fact.input_high)

    def _probabilities(self, x: Tensor) -> None:
        if x.ndim < 2 or x.shape[1] < 2:
            return
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        rows = rows[:: -(-len(rows) // _ROWS)]
        within = ((rows >= 0) & (rows <= 1.001)).all(1)
        self._rows += len(rows)
        self._normal += int((within & ((rows.sum(1) - 1).abs() < 1e-2)).sum())
        self._logs += int(((rows.logsumexp(1).abs() < 1e-2) & (rows <= 1e-3).all(1)).sum())

    def _spread(self, x: Tensor) -> None:
        rows = x.flatten(1) if x.ndim > 1 else x.reshape(-1, 1)
        rows = rows[:, :: -(-rows.shape[1] // 512)]
        rows = rows[:: -(-rows.numel() // _CELLS)]
        if len(rows) > 1:
            spread = float(rows.std(0).mean())
            if np.isfinite(spread):
                self._spreads.append(spread)

    def _classes(self, x: Tensor, target: Tensor, kind: str, ignored: int) -> None:
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        if kind == "soft":
            truth = target.movedim(1, -1).reshape(-1, target.shape[1])
            if not bool((truth.amax(1) > 0.99).all()):  # no class is the right one
                return
            truth = truth.argmax(1)
        else:
            truth = target.reshape(-1)
        step = -(-rows.numel() // _CELLS)
        rows, truth = rows[::step], truth[::step]
        known = (truth != ignored) & (truth >= 0)
        self._count(rows.argmax(1)[known], truth[known], x.shape[1])

    def _count(self, predicted: Tensor, truth: Tensor, size: int) -> None:
        if self._late and len(self._late[-1][0]) != size:
            self._late.clear()
        hits = truth[predicted == truth]
        counts = [torch.bincount(each, minlength=size).cpu().numpy() for each in (predicted, hits, truth)]
        self._late.append((counts[0], counts[1], counts[2]))


def _one_question(x: Tensor) -> bool:
    """One output per sample, or per pixel: yes or no, of the same thing."""
    return x.numel() in (len(x) if x.ndim else 1, 1) or x.ndim == 3 or (x.ndim > 3 and x.shape[1] == 1)
