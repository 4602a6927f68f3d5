from __future__ import annotations

import pytest
import torch

from gradwise.data import Digits, GrowingBatch
from gradwise.model import MLP
from gradwise.randomness import Rng
from gradwise.recipe import Recipe, Watching
from gradwise.stages import Batch
from gradwise.train import train
from gradwise.update import Adam


def size(technique: GrowingBatch, progress: float, samples: int = 64) -> int:
    batch = Batch(torch.randn(samples, 3), torch.arange(samples), torch.arange(samples))
    made = technique(batch, Rng(0, 0, 0, progress))
    assert all(torch.equal(part, whole[: len(part)]) for part, whole in zip(made, batch, strict=True))
    return len(made.x)


def test_it_grows_at_equal_intervals() -> None:
    grows = [size(GrowingBatch(2, times=3), progress) for progress in (0, 0.24, 0.25, 0.5, 0.74, 0.75, 0.999, 1.0)]
    assert grows == [8, 8, 16, 32, 32, 64, 64, 64]


def test_one_sample_is_the_least() -> None:
    assert size(GrowingBatch(5, times=3), 0, samples=3) == 1
    assert size(GrowingBatch(2, times=1), 0, samples=1) == 1


@pytest.mark.parametrize("full", [False, True])
def test_a_run_learns_with_it_and_with_all_samples_at_once(full: bool) -> None:
    recipe = Recipe(
        data=Digits(valid=0.1, test=0.3),
        model=MLP((64, 32, 10)),
        epochs=60 if full else 6,
        batch_size="full" if full else 64,
        batch=() if full else (GrowingBatch(),),
        optimizer=Adam(lr=0.01),
        watch=Watching(on=False),
    )
    trained = train(recipe, show=lambda event: None)
    assert trained.finished.steps == (60 if full else 6 * 16)
    assert trained.finished.test["test_accuracy"] > 0.8
