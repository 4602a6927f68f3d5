"""Adam, AdamW and SGD as one pass over weights, gradient and moments, which measures the update as it makes it.

They are torch optimizers: groups, hooks, state_dict and learning-rate schedules work as with torch's own.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from gradwise.kernels import Pointers, library, sizes, without_gaps


class _Adam(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_float)
        for name in ("rate", "share1", "share2", "epsilon", "decay", "penalty", "correction1", "correction2")
    ]


class _SGD(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_float) for name in ("rate", "momentum", "penalty")),
        ("nesterov", ctypes.c_int),
    ]


def suits(params: list[Any]) -> bool:
    """Can the kernels update these: float32, on the CPU, without gaps, and a compiler was there?"""
    tensors = [t for p in params for t in (p["params"] if isinstance(p, dict) else [p])]
    return library() is not None and all(
        t.is_cpu and t.dtype is torch.float32 and without_gaps(t) and t.numel() > 0 for t in tensors
    )


class _Plan:
    """One group's addresses: weights and moments for good, gradients anew at every step."""

    def __init__(self, params: list[Tensor], moments: list[list[Tensor]], begun: int) -> None:
        self.weights = params
        self.begun = begun  # the group's steps before the first gradient of these
        self.gradients = Pointers(len(params))
        self.sizes = sizes(params)
        self._kept = [Pointers(len(params)) for _ in [params, *moments]]
        self.addresses = [kept.fill(column) for kept, column in zip(self._kept, [params, *moments], strict=True)]


def _key(params: list[Tensor]) -> tuple[int, ...]:
    """Every address: which parameters have a gradient may change from step to step, in the middle too."""
    return tuple([p.data_ptr() for p in params])


def _unwrapped(name: str) -> Any:
    """A method of torch's optimizer without the wrapper that hides it from torch's compiler.

    The wrapper imports the compiler at its first call: a second of CPU time that a run without compiling cannot use.
    """
    method = getattr(torch.optim.Optimizer, name)
    return getattr(method, "__wrapped__", method)


class _Fused(torch.optim.Optimizer):
    """What the two share: addresses kept between steps, and the measures of the last update.

    `observe(out)`: from now on write each parameter's square sums of weight and update into `out`, (parameters, 2)
    float32, in the order of the groups; `observe(None)` stops it. A group counts its steps as one, for each parameter
    from its first gradient on: layers may become free one after another.
    """

    moments: tuple[str, ...] = ()  # names of the state tensors beside each weight
    add_param_group = _unwrapped("add_param_group")
    state_dict = _unwrapped("state_dict")

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        super().__init__(params, defaults | {"steps": 0})
        self._plans: dict[int, tuple[tuple[int, ...], list[_Plan]]] = {}  # group -> addresses, plans
        self._out: Tensor | None = None

    def observe(self, out: Tensor | None) -> None:
        """Measure each update into `out` (parameters, 2), or stop measuring."""
        self._out = out

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Update every parameter that has a gradient."""
        if closure is not None:
            raise NotImplementedError("a fused optimizer takes its gradient from the backward stage, not a closure")
        row = 0
        for number, group in enumerate(self.param_groups):
            params = [p for p in group["params"] if p.grad is not None]
            if params:
                group["steps"] += 1
                for plan in self._planned(number, params, group["steps"] - 1):
                    plan.gradients.fill([_gradient(p) for p in plan.weights])
                    self._measured(group, plan, row)
            row += len(group["params"])

    def _measured(self, group: dict[str, Any], plan: _Plan, row: int) -> None:
        out, held = self._out, group["params"]
        if out is None or len(plan.weights) == len(held):
            self._update(group, plan, None if out is None else out[row:].data_ptr())
            return
        found = torch.empty(len(plan.weights), 2)  # some have no gradient: their rows stay as they are
        self._update(group, plan, found.data_ptr())
        here = {id(p) for p in plan.weights}
        out[[row + i for i, p in enumerate(held) if id(p) in here]] = found

    def _planned(self, number: int, params: list[Tensor], steps: int) -> list[_Plan]:
        """A plan for all that began together: one, unless some had no gradient at first."""
        key, plans = self._plans.get(number, ((), []))
        if key == _key(params):
            return plans
        together: dict[int, list[Tensor]] = {}
        for p in params:
            state = self.state[p]
            if steps and not state:
                state["begun"] = steps
            for name in self.moments:
                if name not in state:
                    state[name] = torch.zeros_like(p)
            together.setdefault(state.get("begun", 0), []).append(p)
        plans = [
            _Plan(those, [[self.state[p][name] for p in those] for name in self.moments], begun)
            for begun, those in together.items()
        ]
        self._plans[number] = _key(params), plans
        return plans

    def _update(self, group: dict[str, Any], plan: _Plan, out: int | None) -> None:
        raise NotImplementedError

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As torch's; addresses are taken anew."""
        _unwrapped("load_state_dict")(self, state_dict)
        self._plans.clear()


def _gradient(p: Tensor) -> Tensor:
    gradient = p.grad
    assert gradient is not None
    if gradient.stride() != p.stride():  # a kernel walks both in the weight's order of memory
        gradient = p.grad = torch.empty_like(p).copy_(gradient)
    return gradient


class FusedAdam(_Fused):
    """Adam or, decoupled, AdamW: the same update as torch's to rounding."""

    moments = ("exp_avg", "exp_avg_sq")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float,
        decoupled: bool,
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "decoupled": decoupled}
        super().__init__(params, options)

    def _update(self, group: dict[str, Any], plan: _Plan, out: int | None) -> None:
        loaded = library()
        assert loaded is not None
        beta1, beta2 = group["betas"]
        decay, steps = group["weight_decay"], group["steps"] - plan.begun
        beside, inside = (decay, 0.0) if group["decoupled"] else (0.0, decay)
        share1, share2 = 1 - beta1, 1 - beta2  # in float64: a float32 of 0.999 is off by 1e-5 of what it leaves to 1
        corrections = 1 - beta1**steps, 1 - beta2**steps
        numbers = _Adam(group["lr"], share1, share2, group["eps"], beside, inside, *corrections)
        weights, first, second = plan.addresses
        loaded.adam(
            len(plan.weights), weights, plan.gradients.address, first, second, plan.sizes, ctypes.byref(numbers), out
        )


class FusedSGD(_Fused):
    """SGD, with momentum or Nesterov's: the same update as torch's to rounding."""

    moments = ("momentum_buffer",)

    def __init__(self, params: Iterable[Any], lr: float, momentum: float, nesterov: bool, weight_decay: float) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "nesterov": nesterov, "weight_decay": weight_decay})

    def _update(self, group: dict[str, Any], plan: _Plan, out: int | None) -> None:
        loaded = library()
        assert loaded is not None
        numbers = _SGD(group["lr"], group["momentum"], group["weight_decay"], int(group["nesterov"]))
        weights, velocity = plan.addresses
        loaded.sgd(len(plan.weights), weights, plan.gradients.address, velocity, plan.sizes, ctypes.byref(numbers), out)
