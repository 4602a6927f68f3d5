"""What a run's cycle is fed with: its samples on the device, batch by batch, and how long it goes on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from gradwise.data import Sets, Source, batches, check, count_batches
from gradwise.errors import RecipeError
from gradwise.randomness import order
from gradwise.recipe import Recipe
from gradwise.stages import Batch, name_of

EVALUATION_BATCH = 1000


@dataclass(frozen=True)
class Supply:
    """The sets of a run and its length. Which batch comes at which step is a function of the seed."""

    sets: Sets
    device: torch.device
    seed: int
    batch_size: int
    per_epoch: int  # steps
    steps: int  # of the whole run

    @property
    def epochs(self) -> int:
        """Epochs of the run, the last perhaps a part."""
        return math.ceil(self.steps / self.per_epoch)

    def batches(self, epoch: int, start: int) -> Iterator[Batch]:
        """The epoch's batches to learn from, from number `start` on."""
        visits = order(self.seed, epoch, len(self.sets.train))
        return batches(
            self.sets.train, visits, self.batch_size, start=start, device=self.device, seed=self.seed, epoch=epoch
        )

    def all(self, part: Source) -> Iterator[Batch]:
        """Every sample of a part once, in its order, for an evaluation."""
        size = min(EVALUATION_BATCH, len(part))
        return batches(part, torch.arange(len(part)), size, device=self.device, seed=self.seed, drop_last=False)

    def some(self, count: int) -> Iterator[Batch]:
        """The first samples of the training set, not augmented, in full batches."""
        seen = torch.arange(min(count, len(self.sets.train)))
        return batches(self.sets.train, seen, min(EVALUATION_BATCH, len(seen)), device=self.device)


def supply(recipe: Recipe, device: torch.device) -> Supply:
    """Load a recipe's data onto the device. Raises RecipeError or DataError for what cannot be learnt from."""
    sets: object = recipe.data(recipe.seed)
    if not isinstance(sets, Sets):
        wanted, got = "The data stage must return gradwise.data.Sets", f"{name_of(recipe.data)} returned"
        raise RecipeError(
            f"{wanted}, {got} {type(sets).__name__}.",
            fix="end it with return Sets(Arrays(x, y)); both are in gradwise.data.",
        )
    sets = sets.to(device)
    check(sets)
    size = len(sets.train) if recipe.batch_size == "full" else min(recipe.batch_size, len(sets.train))
    per_epoch = count_batches(len(sets.train), size)
    return Supply(sets, device, recipe.seed, size, per_epoch, max(1, round(recipe.epochs * per_epoch)))
