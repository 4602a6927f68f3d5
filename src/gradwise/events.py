"""What training tells as it goes. `training(recipe)` yields these; a terminal, a notebook or a test reads them.

A generator of events in place of callbacks: whoever shows them decides how, and leaving is `break`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Started:
    """Before the first step: what will be done, and what was chosen for this machine and why."""

    recipe: str
    seed: int
    run: Path | None
    parameters: int  # trainable numbers
    samples: dict[str, int]  # part (train, valid, test) -> size
    epochs: int
    steps_per_epoch: int
    choices: tuple[str, ...]  # device, precision, kernels, back-propagation, watching: each with its reason
    resumed_at: int = 0  # steps that were done before


@dataclass(frozen=True)
class Progress:
    """Some steps further: only at moments when a look costs the device nothing."""

    epoch: int  # from 1
    step: int  # within the epoch, from 1
    steps: int  # of the epoch


@dataclass(frozen=True)
class EpochEnded:
    """An epoch with its evaluation."""

    epoch: int  # from 1
    epochs: int
    step: int  # of the run
    row: dict[str, float]  # train_loss, lr, valid_loss, valid_accuracy ...
    best: bool  # the best so far
    seconds: float  # of this epoch, training and evaluation


@dataclass(frozen=True)
class Note:
    """A line for the log: a checkpoint that was broken, a choice that was changed."""

    text: str


@dataclass(frozen=True)
class Found:
    """A problem that a rule has found in the run so far; told once."""

    code: str  # "vanishing-gradient"
    severity: str  # "error", "warning", "note"
    step: int
    says: str
    fix: str  # "" where none is known


@dataclass(frozen=True)
class Finished:
    """The verdict."""

    reason: str  # "finished", "patience: ...", "interrupted by SIGTERM" ...
    exit_code: int  # 0; 130 or 143 after a signal
    epochs: int
    steps: int
    seconds: float  # of this process, from its first step
    metric: str  # what "best" means, e.g. valid_accuracy
    best: float | None
    best_epoch: int | None
    test: dict[str, float] = field(default_factory=dict[str, float])  # of the best weights
    run: Path | None = None


Event = Started | Progress | EpochEnded | Note | Found | Finished


def recorded(run: Path) -> Iterator[dict[str, Any]]:
    """The lines of a run folder's `events.jsonl`; a line that is not whole is none."""
    try:
        lines = (run / "events.jsonl").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and isinstance(event.get("kind"), str):  # pyright: ignore[reportUnknownMemberType]
            yield event
