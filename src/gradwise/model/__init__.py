"""Stages `model` (make a network) and `surgery` (initialise or rebuild it)."""

from gradwise.model.activation import Activation
from gradwise.model.dropout import Dropout
from gradwise.model.fit import LSUV, DataDependent
from gradwise.model.fixup import Fixup
from gradwise.model.init import ChannelsLast, He, Normal, Orthonormal, Xavier, Zeros
from gradwise.model.integers import int8
from gradwise.model.networks import MLP, ConvNet, ResNet
from gradwise.model.normalisation import Normalisation
from gradwise.model.prune import PruneUnits
from gradwise.model.quantise import QuantisationAware
from gradwise.model.residual import Residual, Shortcut, StochasticDepth, ZeroInitResidual
from gradwise.model.transfer import Freeze, Transfer
from gradwise.model.weights import SpectralNorm, WeightNorm, WeightStandardisation

__all__ = [
    "LSUV",
    "MLP",
    "Activation",
    "ChannelsLast",
    "ConvNet",
    "DataDependent",
    "Dropout",
    "Fixup",
    "Freeze",
    "He",
    "Normal",
    "Normalisation",
    "Orthonormal",
    "PruneUnits",
    "QuantisationAware",
    "ResNet",
    "Residual",
    "Shortcut",
    "SpectralNorm",
    "StochasticDepth",
    "Transfer",
    "WeightNorm",
    "WeightStandardisation",
    "Xavier",
    "ZeroInitResidual",
    "Zeros",
    "int8",
]
