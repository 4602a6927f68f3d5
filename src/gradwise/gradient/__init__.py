"""Stages `backward` (fill `.grad`) and `gradient` (rewrite it)."""

from gradwise.gradient.adahessian import AdaHessian
from gradwise.gradient.adaptive import AdaptiveClip, AutoClip
from gradwise.gradient.backprop import Accumulate, Backprop, parts_differ
from gradwise.gradient.clip import ClipNorm, ClipValue
from gradwise.gradient.conflict import PCGrad
from gradwise.gradient.guard import Guard
from gradwise.gradient.hessian import Sophia
from gradwise.gradient.kfac import KFAC
from gradwise.gradient.newton import GaussNewton, LevenbergMarquardt
from gradwise.gradient.shape import Centralise, GradientNoise, Sign, UnitNorm
from gradwise.gradient.sharpness import SAM
from gradwise.gradient.stack import StackBackprop, agrees, written_out
from gradwise.gradient.unfreeze import Unfreeze

__all__ = [
    "KFAC",
    "SAM",
    "Accumulate",
    "AdaHessian",
    "AdaptiveClip",
    "AutoClip",
    "Backprop",
    "Centralise",
    "ClipNorm",
    "ClipValue",
    "GaussNewton",
    "GradientNoise",
    "Guard",
    "LevenbergMarquardt",
    "PCGrad",
    "Sign",
    "Sophia",
    "StackBackprop",
    "Unfreeze",
    "UnitNorm",
    "agrees",
    "parts_differ",
    "written_out",
]
