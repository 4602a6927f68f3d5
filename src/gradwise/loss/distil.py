"""Learn from a larger network beside the labels. stage: objective.

Figures of an evaluation are the inner objective's: how well the student does by the labels.
Shapes: B samples, C classes, P positions, D features.
"""

from __future__ import annotations

import math
from dataclasses import field
from typing import Annotated

import torch
from annotated_types import Len
from torch import Tensor, nn
from torch.nn import functional as F

from gradwise.errors import ShapeError
from gradwise.loss.seen import layer_of, plain, seen
from gradwise.loss.supervised import CrossEntropy
from gradwise.loss.teacher import finished, probabilities
from gradwise.randomness import generator
from gradwise.stages import Batch, Model, NonNegative, Objective, Positive, Share, technique


@technique
class Distill:
    """The student follows its teachers' softened probabilities too (Hinton et al. 2015, arXiv:1503.02531, section 2).

    stage: objective. treats: underfitting, overfitting.
    equation: (1 - a) L + a T^2 mean of KL(q || p), p = softmax(output / T), q the teachers' mean softmax at T
    Args: teachers: networks, or techniques that make them (stage model; a run's network is FromRun), at least one;
        weights: for each a run folder, a checkpoint's or a safetensors file, "" for one that comes with its own, ()
        where all do; temperature: T, above 0; good: 1 to 10; alpha: a, the teachers' share, 0 to 1; good: 0.5 to 0.9;
        objective: what is learnt from the labels.
    Weights are taken by name and shape: what else made the teacher's network (another activation by surgery) does not
    stand in them, but FromRun knows it.
    The teachers see the same, augmented, inputs as the student (Beyer et al. 2021, arXiv:2106.05237).
    """

    teachers: Annotated[tuple[Model, ...], Len(1)]
    weights: tuple[str, ...] = ()
    temperature: Positive = 4.0
    alpha: Share = 0.7
    objective: Objective = CrossEntropy()
    made: list[nn.Module] = field(default_factory=list[nn.Module], init=False, repr=False, compare=False)

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
        """The objective's loss and the distance to the teachers."""
        if not self.made:
            self.made.extend(finished(self.teachers, self.weights, "Distill"))
        loss, (output,) = seen(self.objective, model, batch, model)
        target = probabilities(self.made, batch.x, output, self.temperature, "Distill")  # (B, C) logarithms
        log_p = (output / self.temperature).log_softmax(1)
        distance = F.kl_div(log_p, target.to(log_p.dtype), reduction="batchmean", log_target=True)
        return (1 - self.alpha) * loss + self.alpha * self.temperature**2 * distance


@technique
class FeatureDistill:
    """The student's features at a layer follow the teacher's (Romero et al. 2015, arXiv:1412.6550, equation 3).

    stage: objective. treats: vanishing-gradient, underfitting.
    equation: L + s mean of |f - R g|^2, f and g the student's and the teacher's features, R = 1 where they are as many
    Args: teacher: a network, or a technique that makes it (stage model; a run's network is FromRun); layer,
        teacher_layer: the layers' names in either network, as in named_modules(); weights: the teacher's run folder or
        safetensors file, "" where it comes with them; strength: s, at least 0; good: 0.1 to 10; objective: what is
        learnt from the labels.
    The paper learns a regressor from f to g; here R is a fixed random projection of g to the student's width (which
    keeps distances: Johnson & Lindenstrauss 1984), for no optimizer holds what a loss would learn. Positions of a
    teacher with more of them are pooled. Runs the student without torch.compile.
    Shapes: features (B, D), (B, P, D) or (B, D, H, W).
    """

    teacher: Model
    layer: str
    teacher_layer: str
    weights: str = ""
    strength: NonNegative = 1.0
    objective: Objective = CrossEntropy()
    made: list[nn.Module] = field(default_factory=list[nn.Module], init=False, repr=False, compare=False)
    projections: dict[str, Tensor] = field(default_factory=dict[str, Tensor], init=False, repr=False, compare=False)

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
        """The objective's loss and the distance of the features."""
        if not self.made:
            self.made.extend(finished((self.teacher,), (self.weights,) if self.weights else (), "FeatureDistill"))
        teacher, student = self.made[0].to(batch.x.device), plain(model)
        loss, (mine,) = seen(self.objective, student, batch, layer_of(student, self.layer, "FeatureDistill.layer"))
        asked = layer_of(teacher, self.teacher_layer, "FeatureDistill.teacher_layer")
        with torch.no_grad():
            _, (theirs,) = seen(_forward, teacher, batch, asked)
            target = self._projected(_rows(theirs, mine), _rows(mine, mine))
        return loss + self.strength * F.mse_loss(_rows(mine, mine), target)

    def _projected(self, theirs: Tensor, mine: Tensor) -> Tensor:
        """The teacher's features (B, P, D) in the student's width."""
        if theirs.shape[:2] != mine.shape[:2]:
            raise ShapeError(
                f"FeatureDistill compares features {tuple(mine.shape)} with the teacher's {tuple(theirs.shape)}.",
                why="(samples, positions, features): as many positions are needed.",
                fix="name layers of the same resolution or length.",
            )
        wide, narrow = theirs.shape[2], mine.shape[2]
        if wide == narrow:
            return theirs
        key = f"{wide} {narrow} {theirs.device} {theirs.dtype}"
        if key not in self.projections:  # a function of the widths, so that a resumed run has the same
            drawn = torch.randn(wide, narrow, generator=generator(0, "initialisation", wide, narrow))
            self.projections[key] = (drawn / math.sqrt(narrow)).to(theirs)
        return theirs @ self.projections[key]


def _forward(model: nn.Module, batch: Batch) -> Tensor:
    return model(batch.x)


def _rows(features: Tensor, like: Tensor) -> Tensor:
    """(B, P, D) of (B, D), (B, P, D) or (B, D, H, W), pictures pooled to the size of the other's."""
    if features.dim() == 4:
        if like.dim() == 4 and features.shape[2:] != like.shape[2:]:
            features = F.adaptive_avg_pool2d(features, (like.shape[2], like.shape[3]))
        return features.flatten(2).transpose(1, 2)
    return features.unsqueeze(1) if features.dim() == 2 else features
