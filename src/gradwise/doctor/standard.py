"""Steps from the start of a network with inputs as they are, and with inputs as they should be."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from gradwise.doctor.probes import LONG, SLOW, STEPS, Batch, Subject, seconds_per_step, trained
from gradwise.watch.facts import Probes

RAW = 5.0  # spread of a feature: below it an input is left alone
MANY = 200  # steps with either, at most


def standardise(subject: Subject, batches: list[Batch], probes: Probes) -> None:
    """Train from the start with inputs as they are, and with each feature at mean 0 and spread 1."""
    x = batches[0].args[0] if batches[0].args else None
    tensors = isinstance(x, Tensor) and x.is_floating_point() and x.ndim > 1 and all(len(b.args) == 1 for b in batches)
    if not tensors or subject.recipe is None:
        return
    x = torch.cat([batch.args[0] for batch in batches])
    over = 0 if x.ndim == 2 else tuple(range(x.ndim))
    spread, mean = torch.std_mean(x, over, keepdim=True)
    if float(spread.max()) < RAW or (second := seconds_per_step(subject, batches)) > SLOW:
        return
    steps = max(STEPS[0], min(MANY, int(LONG / 2 / second)))
    fit = [Batch(((b.args[0] - mean) / spread.clamp_min(1e-6),), b.kwargs, b.target, b.arguments) for b in batches]
    probes.raw = subject.mean(trained(subject, batches, steps, 1.0), batches)
    probes.standardised = subject.mean(trained(subject, fit, steps, 1.0), fit)


def over_the_batch(subject: Subject, batch: Batch) -> list[str]:
    """Layers that go along the first axis of what they are given, of a network whose samples lie along it: they take
    one sample for the step after another. Only where the network hands them its input as it lies."""
    assert subject.final is not None
    found, rows = list[str](), batch.rows
    given = next((x for x in batch.args if isinstance(x, Tensor)), None)
    if given is None or given.ndim < 2 or len(batch.target) != rows or batch.target.ndim > 1:
        return []

    def look(name: str) -> Any:
        def hook(layer: nn.Module, inputs: Any, output: Any) -> None:
            x = inputs[0] if inputs and isinstance(inputs[0], Tensor) else None
            if x is not None and x.ndim == 3 and x.shape[:2] == given.shape[:2] and len(set(x.shape[:2])) == 2:
                found.append(name)

        return hook

    parts = [(name, part) for name, part in subject.final.named_modules() if _along_the_first(part)]
    hooks = [part.register_forward_hook(look(name)) for name, part in parts]
    try:
        with torch.no_grad():
            subject.final(*batch.args, **batch.kwargs)
    finally:
        for each in hooks:
            each.remove()
    return list(dict.fromkeys(found))


def _along_the_first(part: nn.Module) -> bool:
    """Recurrent, or of attention, made without batch_first=True."""
    return isinstance(part, (nn.RNNBase, nn.MultiheadAttention)) and not part.batch_first
