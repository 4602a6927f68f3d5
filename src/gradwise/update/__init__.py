"""Stages `optimizer`, `schedule` and `after`: move the weights, at what rate, and what follows."""

from gradwise.update.adan import Adan
from gradwise.update.adaptive import Adamax, NAdam, RAdam
from gradwise.update.average import EMA, SWA, Lookahead
from gradwise.update.classic import Adadelta, Adagrad, RMSprop, Rprop
from gradwise.update.lbfgs import LBFGS
from gradwise.update.lion import Lion
from gradwise.update.muon import Muon
from gradwise.update.optimizers import SGD, Adam, AdamW
from gradwise.update.phases import CosineRestarts, InverseSquareRoot, OneCycle, WarmUpStableDecay
from gradwise.update.plateau import ReduceOnPlateau
from gradwise.update.prune import Prune
from gradwise.update.rounding import Round
from gradwise.update.schedule import Constant, Cosine, Exponential, Linear, Polynomial, StepDecay, WarmUp
from gradwise.update.schedule_free import ScheduleFree
from gradwise.update.shampoo import Shampoo
from gradwise.update.soap import SOAP
from gradwise.update.trust import LAMB, LARS
from gradwise.update.weights import Decay, MaxNorm, SoftThreshold, WeightClip

__all__ = [
    "EMA",
    "LAMB",
    "LARS",
    "LBFGS",
    "SGD",
    "SOAP",
    "SWA",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Adan",
    "Constant",
    "Cosine",
    "CosineRestarts",
    "Decay",
    "Exponential",
    "InverseSquareRoot",
    "Linear",
    "Lion",
    "Lookahead",
    "MaxNorm",
    "Muon",
    "NAdam",
    "OneCycle",
    "Polynomial",
    "Prune",
    "RAdam",
    "RMSprop",
    "ReduceOnPlateau",
    "Round",
    "Rprop",
    "ScheduleFree",
    "Shampoo",
    "SoftThreshold",
    "StepDecay",
    "WarmUp",
    "WarmUpStableDecay",
    "WeightClip",
]
