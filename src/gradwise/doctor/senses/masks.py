"""One input for all, a graph say, of which some rows are trained on and others evaluated: do the choices overlap?"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gradwise.doctor.graph import VIEWS, Op
from gradwise.doctor.sense import Backward, Call, Sense
from gradwise.doctor.senses.places import held_out
from gradwise.doctor.tensors import first
from gradwise.watch.facts import Overlap

MOST = 16  # choices that are kept
LARGEST = 1_000_000  # rows


class Masks(Sense):
    """Adds to facts.overlaps."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._rows = 0  # of the input that every step is made with; -1 where they differ
        self._given = 0  # where it lies
        self._trained: Tensor | None = None  # (rows,): which of them
        self._evaluated: dict[bytes, tuple[tuple[str, ...], Tensor]] = {}

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Which rows the loss is of."""
        graph = backward.graph
        call = next(iter(backward.calls), None)
        x = first(call.args, call.kwargs) if call is not None else None
        if not look or graph is None or x is None or self._rows < 0:
            return
        if self._rows and (len(x), x.data_ptr()) != (self._rows, self._given):
            self._rows = -1
            return
        self._rows, self._given = len(x), x.data_ptr()
        for loss in [*backward.losses, *([backward.written] if backward.written is not None else [])]:
            op = loss.op or graph.find(loss.input)
            chosen = _chosen(op, self._rows) if op is not None else None
            if chosen is None:
                self._rows = -1
                return
            self._trained = chosen if self._trained is None else self._trained | chosen

    def picked(self, index: Tensor, call: Call, chain: tuple[str, ...]) -> None:
        """Some rows were taken of what came of an evaluation."""
        x = first(call.args, call.kwargs)
        if x is None or self._rows < 0 or len(x) > LARGEST or len(self._evaluated) >= MOST:
            return
        if not self._rows or (len(x), x.data_ptr()) == (self._rows, self._given):
            rows = _rows(index, len(x))
            if rows is not None:
                self._evaluated.setdefault(rows.numpy().tobytes(), (chain, rows))

    def ended(self) -> None:
        """Compare."""
        trained = self._trained
        if trained is None or self._rows < 0 or bool(trained.all()):
            return
        for chain, rows in self._evaluated.values():
            if chain and len(rows) == len(trained) and not bool(rows.all()):
                shared = int((rows & trained).sum())
                overlap = Overlap(chain[0], int(rows.sum()), int(trained.sum()), shared)
                overlap.held_out = held_out(chain, self.observer.sources.home)
                self.facts.overlaps.append(overlap)


def _chosen(op: Op, rows: int) -> Tensor | None:
    """The rows that an operation's output is of, where it is of some of so many."""
    while op.kind in VIEWS and len(op.inputs) == 1:
        op = op.inputs[0]
    if op.kind not in ("index", "indexselect") or len(op.inputs) != 1 or op.inputs[0].shape[:1] != (rows,):
        return None
    saved = getattr(op.node, "_saved_indices", ()) if op.kind == "index" else (op.saved("index"),)
    index: Any = next(iter(saved), None)
    return _rows(index, rows) if isinstance(index, Tensor) else None


def _rows(index: Tensor, rows: int) -> Tensor | None:
    """(rows,) of booleans."""
    index = index.detach().cpu()
    if index.ndim != 1 or rows > LARGEST:
        return None
    if index.dtype == torch.bool:
        return index.clone() if len(index) == rows else None
    if index.dtype != torch.int64 or not len(index) or int(index.min()) < 0 or int(index.max()) >= rows:
        return None
    found = torch.zeros(rows, dtype=torch.bool)
    found[index] = True
    return found
