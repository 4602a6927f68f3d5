"""A model and a set -> figures; stage `stop`: when they are good enough."""

from gradwise.evaluate.budget import Budget, GeneralisationGap
from gradwise.evaluate.confusion import Pair, confused, confusion
from gradwise.evaluate.loop import core, evaluate
from gradwise.evaluate.metrics import best_by, is_better
from gradwise.evaluate.stop import GeneralisationLoss, Patience, ProgressQuotient, Target

__all__ = [
    "Budget",
    "GeneralisationGap",
    "GeneralisationLoss",
    "Pair",
    "Patience",
    "ProgressQuotient",
    "Target",
    "best_by",
    "confused",
    "confusion",
    "core",
    "evaluate",
    "is_better",
]
