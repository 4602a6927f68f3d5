"""Stage `objective`: the number to be made small."""

from gradwise.loss.balance import FAMO, Uncertainty
from gradwise.loss.classes import class_weights
from gradwise.loss.confidence import Focal, GeneralisedCrossEntropy, Margin, Poly
from gradwise.loss.consistency import MeanTeacher
from gradwise.loss.distil import Distill, FeatureDistill
from gradwise.loss.gradnorm import GradNorm
from gradwise.loss.multitask import MultiTask
from gradwise.loss.pairs import ConfusedPairs
from gradwise.loss.penalty import L1, L2, ConfidencePenalty, Orthogonal
from gradwise.loss.supervised import BinaryCrossEntropy, CrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError

__all__ = [
    "FAMO",
    "L1",
    "L2",
    "BinaryCrossEntropy",
    "ConfidencePenalty",
    "ConfusedPairs",
    "CrossEntropy",
    "Distill",
    "FeatureDistill",
    "Focal",
    "GeneralisedCrossEntropy",
    "GradNorm",
    "Huber",
    "Margin",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "MeanTeacher",
    "MultiTask",
    "Orthogonal",
    "Poly",
    "Uncertainty",
    "class_weights",
]
