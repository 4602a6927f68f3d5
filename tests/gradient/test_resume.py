"""A run that was stopped ends as if it had not been, whatever a technique of this folder or a surgery remembers."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from gradwise.data import XOR
from gradwise.events import Event
from gradwise.gradient import KFAC, SAM, AdaHessian, AutoClip, Centralise, GradientNoise, LevenbergMarquardt, Sophia
from gradwise.loss import BinaryCrossEntropy
from gradwise.model import (
    MLP,
    Dropout,
    Normalisation,
    QuantisationAware,
    Residual,
    SpectralNorm,
    StochasticDepth,
    ZeroInitResidual,
)
from gradwise.recipe import Recipe
from gradwise.train import resume, train
from gradwise.update import SGD

BUILT = (Normalisation("layer"), Dropout(), Residual(), StochasticDepth(), ZeroInitResidual())
EDITS = (Centralise(), AutoClip(50, window=3), GradientNoise(decay=0.55))
SETTINGS: dict[str, dict[str, Any]] = {
    "sam": {"backward": SAM(adaptive=True), "gradient": EDITS, "surgery": (SpectralNorm(), QuantisationAware())},
    "newton": {"backward": LevenbergMarquardt(), "optimizer": SGD(lr=1), "model": MLP((2, 4, 1), activation="tanh")},
    "sophia": {"backward": Sophia(every=3), "optimizer": SGD(lr=0.01), "surgery": BUILT},
    "adahessian": {"backward": AdaHessian(every=3), "optimizer": SGD(lr=0.05), "surgery": BUILT},
    "kfac": {"backward": KFAC(every=3), "optimizer": SGD(lr=0.05), "surgery": (Normalisation(),)},
}


class Stop:
    at = -1


def interrupt(model: nn.Module, step: int) -> None:
    if step == Stop.at:
        os.kill(os.getpid(), signal.SIGTERM)


def quiet(event: Event) -> None:
    """Nobody looks."""


@pytest.mark.parametrize("name", SETTINGS)
def test_a_run_that_was_stopped_ends_as_if_it_had_not_been(name: str, tmp_path: Path) -> None:
    chosen: dict[str, Any] = {"data": XOR(repeat=6), "model": MLP((2, 8, 8, 8, 1)), "epochs": 2, "batch_size": 4}
    recipe = Recipe(**chosen | {"objective": BinaryCrossEntropy(), "after": (interrupt,)} | SETTINGS[name])
    Stop.at = -1
    whole = train(recipe, tmp_path / "whole", show=quiet)
    Stop.at = 4
    cut = train(recipe, tmp_path / "cut", show=quiet)
    assert cut.finished.steps == 5 < whole.finished.steps
    Stop.at = -1
    torch.manual_seed(99)
    again = resume(tmp_path / "cut", recipe, show=quiet)
    assert again.finished.steps == whole.finished.steps
    ours, theirs = again.model.state_dict(), whole.model.state_dict()
    assert ours.keys() == theirs.keys()
    assert [key for key in ours if not torch.equal(ours[key], theirs[key])] == []
    assert whole.trace.metric("train_loss") == again.trace.metric("train_loss")
