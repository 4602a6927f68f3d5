"""What a checkpoint holds beside the weights: all that the rest of a run depends on.

Counters, optimizer, averages, the place in every file that grows, and the global random streams (dropout's, and those
of a user's own techniques). Order and augmentation are functions of the seed and need nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from gradwise.kernels.build import name as kernels_name
from gradwise.recipe import LISTS, STAGES, arguments
from gradwise.runs import Checkpoint, RunFolder
from gradwise.stages import Memory

if TYPE_CHECKING:
    from gradwise.training import Training

_COUNTERS = ("evaluated", "best", "best_epoch", "best_step")


def collect(training: Training, folder: RunFolder) -> dict[str, Any]:
    """The state of a run, as plain data."""
    return {
        **{name: getattr(training, name) for name in _COUNTERS},
        "loss_sum": training.loss_sum,
        "optimizer": training.parts.optimizer.state_dict(),
        "techniques": {place: technique.state() for place, technique in _with_state(training)},
        "watch": training.parts.watched.watch.state() if training.parts.watched else None,
        "metrics": folder.metrics.position(),
        "trace": training.trace_file.size,
        "recipe": training.written,
        "machine": _machine(),
        "random": _streams(),
    }


def put_back(training: Training, checkpoint: Checkpoint) -> None:
    """Make a training that is set up stand where the checkpoint was saved. The random streams come last."""
    state = checkpoint.state
    training.step = checkpoint.step
    for name in _COUNTERS:
        setattr(training, name, state[name])
    training.loss_sum.copy_(state["loss_sum"])
    training.parts.model.load_state_dict(checkpoint.weights)
    training.parts.optimizer.load_state_dict(state["optimizer"])
    for place, technique in _with_state(training):
        if place in state["techniques"]:
            technique.restore(state["techniques"][place])
    if training.parts.watched and state["watch"]:
        training.parts.watched.watch.restore(state["watch"])
    _restore_streams(state["random"])


def _with_state(training: Training) -> Iterator[tuple[str, Any]]:
    """The recipe's techniques that remember something from step to step, by place: "after.0"."""
    for stage in STAGES:
        if stage != "data":
            value = getattr(training.recipe, stage)
            for i, technique in enumerate(value if stage in LISTS else (value,)):
                yield from _remembering(f"{stage}.{i}", technique)


def _remembering(place: str, thing: Any) -> Iterator[tuple[str, Any]]:
    """What it remembers something in, and the techniques that it holds: "objective.0.objective.0"."""
    if isinstance(thing, type):  # an optimizer of torch's: a class holds nothing
        return
    memories = (value for value in getattr(thing, "__dict__", {}).values() if isinstance(value, Memory))
    remembering = next(memories, thing)
    if hasattr(remembering, "state") and hasattr(remembering, "restore"):
        yield place, remembering
    for name, value in arguments(thing).items():
        for i, held in enumerate(value if isinstance(value, tuple) else (value,)):
            if callable(held):
                yield from _remembering(f"{place}.{name}.{i}", held)


def same_machine(state: dict[str, Any]) -> list[str]:
    """Compute as before the stop: as many threads, the same matrix product. What cannot be had again, a line each."""
    kept = state["machine"]
    if torch.get_num_threads() != kept["threads"]:  # one thread and two round differently
        torch.set_num_threads(kept["threads"])
    torch.set_float32_matmul_precision(kept["products"])
    now = _machine()
    names = {"torch": "torch", "kernels": "compiled kernels"}
    return [
        f"{text} {now[name]} instead of {kept[name]}: the end will not be identical to the bit"
        for name, text in names.items()
        if now[name] != kept[name]
    ]


def seed_streams(number: int) -> None:
    """Start the global streams: torch's (dropout), Python's and NumPy's."""
    torch.manual_seed(number)
    random.seed(number)
    np.random.seed(number & 0xFFFFFFFF)


def _machine() -> dict[str, Any]:
    return {
        "threads": torch.get_num_threads(),
        "products": torch.get_float32_matmul_precision(),
        "torch": str(torch.__version__),
        "kernels": kernels_name(),
    }


def _streams() -> dict[str, Any]:
    version, internal, gauss = random.getstate()
    kind, keys, position, has_gauss, cached = np.random.get_state()  # pyright: ignore[reportGeneralTypeIssues]
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "python": [version, list(internal), gauss],
        "numpy": [kind, torch.from_numpy(np.asarray(keys).astype(np.int64)), position, has_gauss, cached],
    }


def _restore_streams(kept: dict[str, Any]) -> None:
    torch.set_rng_state(kept["torch"])
    if kept["cuda"]:
        torch.cuda.set_rng_state_all(kept["cuda"])
    version, internal, gauss = kept["python"]
    random.setstate((version, tuple(internal), gauss))
    kind, keys, *rest = kept["numpy"]
    np.random.set_state((kind, keys.numpy().astype(np.uint32), *rest))
