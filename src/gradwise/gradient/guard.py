"""Keep a non-finite gradient from the weights, without making the device wait. Part of the cycle's update.

On a CPU the answer is there at once and the optimizer is simply not called. Elsewhere the answer stays on the device
and goes to torch's fused optimizers as `found_inf`, the flag that its loss scaler uses: they skip the step themselves.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from gradwise.kernels import Measurer


class Guard:
    """Check loss and gradients, then update: `guard(loss)` before the gradient edits, `guard.step(finite)` after them.

    `observe(out)`: measure every gradient on the way into `out`, (parameters, 3): kernels.NORMS;
    the row of a parameter without one stays as it is.
    """

    def __init__(self, params: list[nn.Parameter], optimizer: torch.optim.Optimizer) -> None:
        self.params, self.optimizer = params, optimizer
        self._skips_by_itself = bool(getattr(optimizer, "_step_supports_amp_scaling", False))
        self._out: Tensor | None = None
        self._measurers: dict[tuple[int, ...], Measurer] = {}

    def observe(self, out: Tensor | None) -> None:
        """Measure each gradient into `out` (parameters, 3), or stop measuring."""
        self._out = out

    def __call__(self, loss: Tensor) -> bool | Tensor:
        """Are the loss and every gradient finite? A bool on a CPU, else a bool tensor on the device."""
        gradients = [p.grad for p in self.params if p.grad is not None]
        if not gradients:
            return _isfinite(loss)
        whole = len(gradients) == len(self.params)
        sizes = () if whole else tuple([g.numel() for g in gradients])  # who has a gradient may change with the step
        measurer = self._measurers.get(sizes)
        if measurer is None:
            measurer = self._measurers.setdefault(sizes, Measurer(gradients))
        out = self._out
        if out is None:
            finite = measurer.finite(gradients)
        elif whole:
            finite = measurer.measure(gradients, out)
        else:
            found = out.new_empty(len(gradients), out.shape[1])
            finite = measurer.measure(gradients, found)
            out[[i for i, p in enumerate(self.params) if p.grad is not None]] = found
        return _both(finite, _isfinite(loss))

    def step(self, finite: bool | Tensor) -> None:
        """Update where all was finite; else leave weights and optimizer as they are."""
        if isinstance(finite, Tensor) and self._skips_by_itself:
            flagged: Any = self.optimizer
            flagged.found_inf = (~finite).to(torch.float32).reshape(1)
            flagged.grad_scale = None
            self.optimizer.step()
            return
        if finite:  # waits for the device only under an optimizer that cannot skip by itself
            self.optimizer.step()


def _isfinite(loss: Tensor) -> bool | Tensor:
    return math.isfinite(loss.item()) if loss.is_cpu else torch.isfinite(loss)  # item() waits for nothing on a CPU


def _both(one: bool | Tensor, other: bool | Tensor) -> bool | Tensor:
    return one and other if isinstance(one, bool) and isinstance(other, bool) else torch.as_tensor(one) & other
