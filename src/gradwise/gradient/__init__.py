"""Stages `backward` (fill `.grad`) and `gradient` (rewrite it)."""

from gradwise.gradient.backprop import Accumulate, Backprop
from gradwise.gradient.clip import ClipNorm, ClipValue
from gradwise.gradient.guard import Guard
from gradwise.gradient.shape import GradientNoise
from gradwise.gradient.stack import StackBackprop, agrees, written_out

__all__ = [
    "Accumulate",
    "Backprop",
    "ClipNorm",
    "ClipValue",
    "GradientNoise",
    "Guard",
    "StackBackprop",
    "agrees",
    "written_out",
]
