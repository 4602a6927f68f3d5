"""Checkpoints of a training: save one, go on from one.

The order is the safeguard. Saving: records first, then the checkpoint that points into them, then the names `last` and
`best`. Going on: records are cut back to the checkpoint, then all state is put back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

from gradwise import runs, state
from gradwise.errors import RunError
from gradwise.evaluate import best_by
from gradwise.events import recorded
from gradwise.stages import Looking

if TYPE_CHECKING:
    from gradwise.training import Training


def save(training: Training, folder: runs.RunFolder, judged: nn.Module | None, best: bool) -> None:
    """Save a checkpoint. `judged`: what was evaluated; its weights are saved beside the model's where they differ."""
    model = training.parts.model
    training.trace_file.append(training.trace.take())
    training.trace_file.flush(fsync=True)
    runs.write_atomic(folder.trace_header, training.trace.header().encode())
    path = runs.save(
        folder.checkpoints,
        training.step,
        model.state_dict(),
        state.collect(training, folder),
        average=judged.state_dict() if judged is not None and judged is not model else None,
        epoch=training.evaluated,
    )
    runs.point(folder.checkpoints, "last", path)
    if best:
        runs.point(folder.checkpoints, "best", path)
    runs.prune(folder.checkpoints, keep=() if training.best_step is None else (training.best_step,), last=2)


def go_on(training: Training, folder: runs.RunFolder, checkpoint: runs.Checkpoint) -> None:
    """Make a training that is set up stand where the checkpoint was saved."""
    folder.metrics.rewind(checkpoint.state["metrics"])
    for row in folder.metrics.rows:
        figures = {k: float(v) for k, v in row.items() if k not in ("epoch", "step")}
        training.trace.evaluated(int(row["step"]), figures)
        training.trace.best_by = best_by(figures)
    state.put_back(training, checkpoint)
    if isinstance(training.recipe.schedule, Looking):
        training.recipe.schedule.look(training.trace)
    took = {event["epoch"]: event["seconds"] for event in recorded(folder.path) if event["kind"] == "epoch"}
    spent = sum(float(took.get(epoch, 0.0)) for epoch in range(1, training.evaluated + 1))
    training.trace.seconds = training.spent_before = spent
    runs.point(folder.checkpoints, "last", checkpoint.path)  # a kill may have come before it was pointed to
    if training.best_step is not None:
        _restore_best(training, folder, training.best_step)


def _restore_best(training: Training, folder: runs.RunFolder, step: int) -> None:
    try:
        loaded = runs.load(next(named.path for named in runs.checkpoints(folder.checkpoints) if named.step == step))
    except (StopIteration, RunError) as error:
        training.notes.append(f"the best checkpoint (step {step}) is lost, the search for a best begins anew: {error}")
        training.best = training.best_epoch = training.best_step = None
        return
    training.best_weights = loaded.weights | (loaded.average or {})
    runs.point(folder.checkpoints, "best", loaded.path)
