"""Programs that differentiate with torch.func and step by hand: each call of torch.func.grad outside of all is a turn.

Weights are replaced by new tensors there, so that nothing can be hooked: what is given is compared from call to call.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._pytree import keystr, tree_flatten_with_path

from gradwise.doctor.senses.optimizers import optimizers
from gradwise.doctor.senses.values import norms, sample, usable
from gradwise.doctor.tensors import plain
from gradwise.watch.facts import Loss

if TYPE_CHECKING:
    from gradwise.doctor.observer import Observer


class _Seen(NamedTuple):
    """Weights and gradients of a call."""

    names: list[str]
    sizes: list[int]
    weights: Tensor
    gradients: Tensor


class Functional:
    """Fills the losses, the optimizer "by hand", and the series of gradients, weights and updates."""

    def __init__(self, observer: Observer) -> None:
        self.observer = observer
        self._facts: dict[str, Loss] = {}
        self._last: dict[str, tuple[int, _Seen]] = {}  # by line: the turn, and what was given then
        self._uphill: list[bool] = []

    def differentiated(self, given: Any, gradients: Any, value: Any) -> None:
        """The program called torch.func.grad: a turn, where it has no optimizer and calls no backward."""
        observer = self.observer
        if observer.by_hand.optimizers or observer.facts.backwards or not _own(given):
            return
        observer.following.pause(over=True)
        observer.timed(self._see, given, gradients, value, observer.sources.line(3))
        observer.end_turn(None)

    def _see(self, given: Any, gradients: Any, value: Any, source: str) -> None:
        """What it differentiated by, what came out."""
        step, add = self.observer.step, self.observer.trace.add
        fact = self._facts.get(source)
        if fact is None:
            fact = self._facts[source] = Loss("", source, backward_source=source)
            self.observer.facts.losses.append(fact)
        loss = plain(value) if isinstance(value, Tensor) and value.numel() == 1 else None
        if loss is not None and loss.is_cpu:
            fact.calls += 1
            add(step, "loss", source, "value", float(loss))
        if not self.observer.look and self._last.pop(source, None) is None:
            return
        seen = _seen(given, gradients)
        if seen is None:
            return
        turn, before = self._last.get(source, (-2, seen))
        if turn == step - 1 and before.sizes == seen.sizes:
            self._stepped(before, seen, source)
        self._last[source] = step, seen
        total = 0.0
        sizes = zip(
            seen.names, norms(seen.gradients.split(seen.sizes)), norms(seen.weights.split(seen.sizes)), strict=True
        )
        for name, slope, weight in sizes:
            total += slope * slope
            if name:
                add(step, "gradient", name, "norm", slope)
                add(step, "weight", name, "norm", weight)
        add(step, "gradient", "", "norm", total**0.5)

    def _stepped(self, before: _Seen, seen: _Seen, source: str) -> None:
        update, step = seen.weights - before.weights, self.observer.step - 1
        fact = optimizers(self.observer).fact(None)
        fact.source = fact.source or source
        length, slope, last, product = torch.stack(
            [
                before.gradients.norm(),
                update @ before.gradients,
                seen.gradients.norm(),
                seen.gradients @ before.gradients,
            ]
        ).tolist()
        if slope == slope and slope != 0:
            fact.steps += 1
            self.observer.facts.manual_updates = True
            self._uphill.append(slope > 0)
            fact.uphill = sum(self._uphill) / len(self._uphill)
        if length * last > 0:
            self.observer.trace.add(self.observer.step, "gradient", "", "agreement", product / (length * last))
        parts = zip(seen.names, norms(update.split(seen.sizes)), norms(before.weights.split(seen.sizes)), strict=True)
        for name, moved, weight in parts:
            if name and weight > 0:
                self.observer.trace.add(step, "update", name, "ratio", moved / weight)


def _own(given: Any) -> bool:
    """Whether these are weights that no optimizer and no backward pass waits for."""
    flat = [leaf for _, leaf in tree_flatten_with_path(given)[0] if isinstance(leaf, Tensor)]
    return bool(flat) and not any(x.requires_grad for x in flat)


def _seen(given: Any, gradients: Any) -> _Seen | None:
    """Samples of them; only matrices bear a name."""
    weights, slopes = tree_flatten_with_path(given)[0], tree_flatten_with_path(gradients)[0]
    if len(weights) != len(slopes):
        return None
    both = [(path, w, g) for (path, w), (_, g) in zip(weights, slopes, strict=True) if isinstance(w, Tensor)]
    if (
        not all(isinstance(g, Tensor) and usable(w) and usable(g) and w.shape == g.shape for _, w, g in both)
        or not both
    ):
        return None
    parts = [sample([w]) for _, w, _ in both]
    names = [f"weights{keystr(path)}" if w.ndim > 1 else "" for path, w, _ in both]
    return _Seen(names, [len(part) for part in parts], torch.cat(parts), sample([g for _, _, g in both]))


def watched(
    original: Callable[..., Any], values: bool, tell: Callable[[Any, Any, Any], None], nested: Callable[[], bool]
) -> Callable[..., Any]:
    """torch.func.grad (or grad_and_value, with values) in whose place it stands; original: grad_and_value."""

    def differentiate(func: Callable[..., Any], argnums: Any = 0, has_aux: bool = False) -> Callable[..., Any]:
        both = original(func, argnums, has_aux)

        @functools.wraps(func)
        def call(*args: Any, **kwargs: Any) -> Any:
            gradients, value = both(*args, **kwargs)
            loss, aux = value if has_aux else (value, None)
            if not nested():
                given = tuple(args[i] for i in argnums) if isinstance(argnums, tuple) else args[argnums]
                tell(given, gradients, loss)
            if values:
                return gradients, value
            return (gradients, aux) if has_aux else gradients

        return call

    return differentiate
