"""A training loop that logs into a trace by hand: NumPy, another framework, a textbook's own network.

trace = Trace()
for epoch in range(1000):
    ...                                           # forward, backward, update
    trace.log(weights={"W1": W1, "W2": W2}, gradients={"W1": dW1, "W2": dW2}, loss=lambda: loss_of(X, Y), batch=len(X))
print(diagnose(trace))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gradwise.watch.facts import GradientCheck, Loss, NonFinite, Optimizer, Parameter

if TYPE_CHECKING:
    from gradwise.watch.trace import Trace

Arrays = Mapping[str, Any]  # name -> array, anything that NumPy understands
_ENTRIES = 64  # of a parameter whose derivative is checked by differences
_EARLY = 5  # steps after which units that started equal should differ


class ByHand:
    """What `Trace.log` and `Trace.check` know from one step to the next."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.step = 0
        self._weights: dict[str, NDArray[np.float64]] = {}
        self._gradients: dict[str, NDArray[np.float64]] = {}
        self._uphill: list[bool] = []

    @np.errstate(all="ignore")  # what overflows here is the finding, not our fault
    def log(
        self,
        weights: Arrays,
        gradients: Arrays,
        updates: Arrays,
        loss: float | Callable[[], float] | None,
        rate: float | None,
        batch: int | None = None,
    ) -> None:
        """One step; see Trace.log."""
        if callable(loss):
            if not self.step and weights:
                self.check(loss, weights, gradients, batch)
            loss = float(loss())
        new = {name: np.array(value, np.float64) for name, value in weights.items()}
        moved = {name: new[name] - old for name, old in self._weights.items() if name in new}
        if self.step and moved:  # what was done to the weights since the last call, whatever it was said to be
            self._moved(self.step - 1, moved, self._weights, self._gradients)
        grads = {name: np.array(value, np.float64) for name, value in gradients.items()}
        if not new and updates:
            self._moved(self.step, {n: np.array(v, np.float64) for n, v in updates.items()}, {}, grads)
        for name, value in new.items():
            self._parameter(name, value)
            self.trace.add(self.step, "weight", name, "norm", float(np.linalg.norm(value)))
        for name, value in grads.items():
            self.trace.add(self.step, "gradient", name, "norm", float(np.linalg.norm(value)))
        if grads:
            whole = float(np.sqrt(sum(float(np.square(value).sum()) for value in grads.values())))
            self.trace.add(self.step, "gradient", "", "norm", whole)
        if loss is not None:
            self._loss(float(loss))
        if rate is not None:
            self.trace.add(self.step, "rate", "", "value", rate)
        self._finite(new, grads, loss)
        self._weights, self._gradients = new, grads
        self.step += 1
        self.trace.facts.steps = self.step

    @np.errstate(all="ignore")
    def check(self, loss: Callable[[], float], weights: Arrays, gradients: Arrays, batch: int | None) -> None:
        """Compare gradients with differences of the loss; see Trace.check."""
        for order, (name, array) in enumerate(weights.items()):
            if not isinstance(array, np.ndarray) or not np.issubdtype(array.dtype, np.floating):
                raise TypeError(f"check: weights[{name!r}] must be a NumPy array of floats, which `loss` reads.")
            entries = np.linspace(0, array.size - 1, min(array.size, _ENTRIES)).astype(int)
            numeric = np.array([_difference(loss, array, int(i)) for i in entries])
            logged = np.asarray(gradients[name], np.float64).reshape(-1)[entries]
            size = float(np.linalg.norm(numeric) * np.linalg.norm(logged))
            dot = float(numeric @ logged)
            ratio = dot / max(float(numeric @ numeric), 1e-300)
            self.trace.facts.checks.append(GradientCheck(name, ratio, dot / size if size > 0 else 0.0, batch, order))

    def _parameter(self, name: str, value: NDArray[np.float64]) -> None:
        facts = self.trace.facts
        known = next((p for p in facts.parameters if p.name == name), None)
        rows = value.reshape(len(value), -1) if value.ndim > 1 else value[:, None] if value.ndim else value
        # a row or a column is a unit, whichever way the matrix is multiplied
        equal = value.ndim > 1 and min(value.shape) > 1 and (_equal(rows) or _equal(rows.T))
        if known is None:
            known = Parameter(name, list(value.shape), held=True, reached=True)
            known.start_equal_rows, known.start_spread = equal, float(value.std())
            facts.parameters.append(known)
        elif not known.changed:
            known.changed = not np.array_equal(value, self._weights.get(name, value))
        if self.step == _EARLY:
            known.equal_rows = equal

    def _moved(self, step: int, moved: Arrays, before: Arrays, gradients: Arrays) -> None:
        dot = 0.0
        for name, update in moved.items():
            size = float(np.linalg.norm(before[name])) if name in before else 0.0
            if size > 0:
                self.trace.add(step, "update", name, "ratio", float(np.linalg.norm(update)) / size)
            if name in gradients and gradients[name].shape == update.shape:
                dot += float((update * gradients[name]).sum())
        if not np.isfinite(dot) or dot == 0:
            return
        facts = self.trace.facts
        if not facts.optimizers:
            facts.optimizers.append(Optimizer("by hand", ""))
            facts.manual_updates = True
        self._uphill.append(dot > 0)
        facts.optimizers[0].steps = step + 1
        facts.optimizers[0].uphill = float(np.mean(self._uphill))

    def _loss(self, value: float) -> None:
        facts = self.trace.facts
        if not facts.losses:
            facts.losses.append(Loss("", "loss"))
        facts.losses[0].calls += 1
        self.trace.add(self.step, "loss", "loss", "value", value)

    def _finite(self, weights: Arrays, gradients: Arrays, loss: float | None) -> None:
        facts = self.trace.facts
        if facts.nonfinite is not None:
            return
        bad = [("weight", n) for n, v in weights.items() if not np.isfinite(v).all()]
        bad += [("loss", "")] if loss is not None and not np.isfinite(loss) else []
        bad += [("gradient", n) for n, v in gradients.items() if not np.isfinite(v).all()]
        if bad:
            facts.nonfinite = NonFinite(self.step, bad[0][0], bad[0][1])


def _equal(rows: NDArray[np.float64]) -> bool:
    return bool(np.allclose(rows, rows[:1], rtol=1e-6, atol=0))


def _difference(loss: Callable[[], float], array: NDArray[Any], entry: int) -> float:
    """The derivative by one entry, from the loss on both sides of it; the entry is put back."""
    flat = array.reshape(-1)
    if not np.shares_memory(flat, array):
        raise TypeError("check: weights must be contiguous arrays, so that an entry can be changed and put back.")
    value = flat[entry]
    width = 1e-6 * max(1.0, abs(float(value))) if array.dtype == np.float64 else 1e-2 * max(1.0, abs(float(value)))
    flat[entry] = value + width
    above = float(loss())
    flat[entry] = value - width
    below = float(loss())
    flat[entry] = value
    return (above - below) / (2 * width)
