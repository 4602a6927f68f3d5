"""A step met NaN or infinity: where did it begin? The step is run again, forward first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from gradwise.errors import NonFinite

if TYPE_CHECKING:  # what techniques are made of takes a moment to import, and the doctor has no need of it
    from gradwise.stages import Batch, Objective


def blame(model: nn.Module, objective: Objective, batch: Batch, step: int, epoch: int, number: int) -> NonFinite:
    """The error that names the first bad tensor, its layer, the batch and the sample.

    The step was not applied, so weights are those that the batch met; with dropout the units switched off differ.
    Waits for the device: the run is over.
    """
    where = f"step {step}, epoch {epoch + 1}, batch {number + 1}"
    samples = _bad_samples(batch.x)
    if samples:
        return _error("The data", "x", where, _named(batch, samples), "remove or repair these samples, or impute them.")
    if batch.y.is_floating_point() and _bad_samples(batch.y):
        return _error("The labels", "y", where, _named(batch, _bad_samples(batch.y)), "remove or repair these samples.")
    for name, p in model.named_parameters():
        if not bool(torch.isfinite(p).all()):
            return _error("A weight", name, where, "", "an earlier step was too large: lower optimizer.lr.")
    layer = _first_layer(model, objective, batch)
    if layer is not None:
        name, kind, inputs, rows = layer
        why = f"its inputs lie in {inputs}; {_named(batch, rows)}" if rows else f"its inputs lie in {inputs}"
        fix = "lower optimizer.lr, clip (gradient: [{name: ClipNorm, max_norm: 1}]), or normalise the data."
        return _error(f"The output of {kind}", f"layer {name}", where, why, fix)
    gradient = _last_gradient(model, objective, batch)
    what = ("The gradient", gradient) if gradient else ("The loss or a gradient", "not found again by autograd")
    fix = "lower optimizer.lr, or clip: gradient: [{name: ClipNorm, max_norm: 1}]."
    return _error(*what, where, "every activation is finite: it overflows on the way back.", fix)


def _error(what: str, tensor: str, where: str, why: str, fix: str) -> NonFinite:
    return NonFinite(f"{what} is NaN or infinite: {tensor}. The step was not applied.", where=where, why=why, fix=fix)


def _finite(tensor: Tensor) -> bool:
    return bool(torch.isfinite(tensor).all())


def _bad_samples(tensor: Tensor) -> list[int]:
    if not tensor.is_floating_point():
        return []
    good = torch.isfinite(tensor).reshape(len(tensor), -1).all(1)
    return torch.nonzero(~good).flatten().tolist()


def _named(batch: Batch, rows: list[int]) -> str:
    numbers = [str(int(batch.index[row])) for row in rows[:3]]
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    return f"sample{'s' if len(rows) > 1 else ''} {', '.join(numbers)}{more} of the training set" if rows else ""


def _last_gradient(model: nn.Module, objective: Objective, batch: Batch) -> str | None:
    """The bad gradient nearest to the loss: back-propagation met it first."""
    params = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    with torch.enable_grad():
        loss = objective(model, batch)
        gradients = torch.autograd.grad(loss, [p for _, p in params], allow_unused=True, materialize_grads=True)
    bad = [name for (name, _), g in zip(params, gradients, strict=True) if not _finite(g)]
    return bad[-1] if bad else None


def _first_layer(model: nn.Module, objective: Objective, batch: Batch) -> tuple[str, str, str, list[int]] | None:
    found: list[tuple[str, str, str, list[int]]] = []
    buffers = {name: buffer.clone() for name, buffer in model.named_buffers()}

    def hook(name: str) -> Any:
        def look(module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
            if not found and isinstance(output, Tensor) and not _finite(output):
                x = inputs[0] if inputs and isinstance(inputs[0], Tensor) else None
                span = f"[{float(x.min()):.3g}, {float(x.max()):.3g}]" if x is not None else "an unknown range"
                rows = _bad_samples(output) if len(output) == len(batch.x) else []
                found.append((name, type(module).__name__, span, rows if len(rows) < len(batch.x) else []))

        return look

    handles = [m.register_forward_hook(hook(n)) for n, m in model.named_modules() if n and not list(m.children())]
    try:
        with torch.no_grad():
            objective(model, batch)
    finally:
        for handle in handles:
            handle.remove()
        for name, buffer in model.named_buffers():
            buffer.copy_(buffers[name])
    return found[0] if found else None
