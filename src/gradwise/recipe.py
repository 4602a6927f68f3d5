"""A recipe: the stages of back-propagation assembled. All that a training run is, one field per stage."""

from __future__ import annotations

import copy
from dataclasses import field, fields, is_dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge

from gradwise.gradient import Backprop
from gradwise.loss import CrossEntropy
from gradwise.randomness import Rng
from gradwise.stages import (
    After,
    Backward,
    Batch,
    BatchEdit,
    Count,
    Data,
    GradientEdit,
    MakeOptimizer,
    Model,
    Objective,
    Positive,
    Schedule,
    Stop,
    Surgery,
    technique,
)
from gradwise.update import Adam, Constant


@technique
class Watching:
    """What is measured beside the training.

    Args: on: at all; every: measure each k-th step, 0 for as often as the budget allows;
        budget: share by which a step may be slowed, above 0.
    """

    on: bool = True
    every: Annotated[int, Ge(0)] = 0
    budget: Positive = 0.05


@technique
class Recipe:
    """All that a training run is. Fields that hold a technique take anything with the stage's signature.

    Args: data, model: where samples and network come from; epochs: passes over the training set, fractions allowed;
        batch_size: samples a step: 1 is pure stochastic descent, "full" the whole training set (batch gradient
        descent), between lie mini-batches;
        surgery, batch, gradient, after, stop: techniques in the order of their work;
        save_every: steps between checkpoints, 0 for one per epoch (and one a minute);
        device: "auto" takes a GPU where there is one; compile: "auto" compiles where the run is long enough to
        earn it back.
    """

    data: Data = field(kw_only=True)
    model: Model = field(kw_only=True)
    name: str = "recipe"
    seed: Annotated[int, Ge(0)] = 0
    epochs: Positive = 10.0
    batch_size: Count | Literal["full"] = 64
    surgery: tuple[Surgery, ...] = ()
    batch: tuple[BatchEdit, ...] = ()
    objective: Objective = CrossEntropy()
    backward: Backward = Backprop()
    gradient: tuple[GradientEdit, ...] = ()
    optimizer: MakeOptimizer = Adam()
    schedule: Schedule = Constant()
    after: tuple[After, ...] = ()
    stop: tuple[Stop, ...] = ()
    watch: Watching = Watching()
    save_every: Annotated[int, Ge(0)] = 0
    device: str = "auto"
    compile: Literal["auto", "always", "never"] = "auto"


STAGES = (
    "data",
    "model",
    "surgery",
    "batch",
    "objective",
    "backward",
    "gradient",
    "optimizer",
    "schedule",
    "after",
    "stop",
)
LISTS = ("surgery", "batch", "gradient", "after", "stop")


def changed(old: dict[str, Any], new: dict[str, Any], path: str = "") -> list[str]:
    """The differences of two recipes as written (`recipefile.to_dict`), a line each: "optimizer.lr: 0.1 -> 0.01"."""
    lines: list[str] = []
    for key in [*old, *(key for key in new if key not in old)]:
        here, a, b = f"{path}{key}", old.get(key), new.get(key)
        if isinstance(a, dict) and isinstance(b, dict):
            lines += changed(a, b, here + ".")
        elif a != b:
            lines.append(f"{here}: {a} -> {b}")
    return lines


def own(recipe: Recipe) -> Recipe:
    """The same recipe with techniques of its own, for their state belongs to one run; data and model are shared."""
    return replaced(recipe, **{k: copy.deepcopy(v) for k, v in arguments(recipe).items() if k not in ("data", "model")})


def replaced(recipe: Recipe, **stages: Any) -> Recipe:
    """The recipe with other things in some of its fields."""
    return type(recipe)(**arguments(recipe) | stages)


def arguments(thing: Any) -> dict[str, Any]:
    """A technique's arguments, state left out."""
    return {f.name: getattr(thing, f.name) for f in fields(thing) if f.init} if is_dataclass(thing) else {}


def edited(recipe: Recipe, batch: Batch, epoch: int, step: int, progress: float) -> Batch:
    """The batch as this step learns from it: the same whenever it is asked for."""
    rng = Rng(recipe.seed, epoch, step, progress)
    for edit in recipe.batch:
        batch = edit(batch, rng)
    return batch
