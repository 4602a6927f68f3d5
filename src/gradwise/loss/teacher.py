"""Teachers of a distillation: networks that are finished, asked without a gradient.

A teacher is a network in hand, or a technique of stage `model` that makes one, with the place its weights lie in. So a
recipe's file can name it; `FromRun` is such a technique, and rebuilds a run's network, surgery included.
Shapes: B samples, C classes.
"""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from gradwise.errors import RecipeError
from gradwise.stages import Model
from gradwise.stored import told, weights_of


def finished(teachers: tuple[Model, ...], weights: tuple[str, ...], owner: str) -> list[nn.Module]:
    """The networks on the CPU, in evaluation mode. The random streams stay as they were: a resumed run makes them anew.

    Raises RecipeError where weights cannot be read or do not fit.
    """
    if weights and len(weights) != len(teachers):
        raise RecipeError(
            f"{owner}.weights names {len(weights)} places for {len(teachers)} teachers.",
            fix='one for each, in their order, "" for one that comes with its own; none where all do.',
        )
    made: list[nn.Module] = []
    with torch.random.fork_rng(devices=[]):
        for number, teacher in enumerate(teachers):
            torch.default_generator.manual_seed(number)  # torch.manual_seed would touch the device's too
            network = copy.deepcopy(teacher) if isinstance(teacher, nn.Module) else teacher()
            if weights and weights[number]:
                _load(network, Path(weights[number]).expanduser(), owner)
            made.append(network.requires_grad_(False).eval())
    return made


def _load(network: nn.Module, path: Path, owner: str) -> None:
    try:
        if path.is_dir():
            network.load_state_dict(weights_of(path, owner))
        else:
            safetensors.torch.load_model(network, path)
    except (OSError, SafetensorError, RuntimeError) as error:
        raise RecipeError(
            f"{owner}.weights: {path} does not hold this teacher's weights.",
            why=told(error),
            fix="a run's own network, surgery included: {name: FromRun, run: runs/NAME} as the teacher, no weights.",
        ) from None


@torch.no_grad()
def probabilities(teachers: list[nn.Module], x: Tensor, like: Tensor, temperature: float, owner: str) -> Tensor:
    """(B, C) logarithms of the teachers' mean probabilities. Raises RecipeError where student and teacher differ."""
    answers: list[Tensor] = []
    for teacher in teachers:
        output: Any = teacher.to(x.device)(x)
        if output.shape != like.shape:
            raise RecipeError(
                f"{owner}: the teacher gives {tuple(output.shape)} outputs, the student {tuple(like.shape)}.",
                fix="both need the same classes in the same order.",
            )
        answers.append((output.float() / temperature).log_softmax(1))
    return torch.stack(answers).logsumexp(0) - math.log(len(answers))
