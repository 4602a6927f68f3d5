"""Stages `model` (make a network) and `surgery` (initialise or rebuild it)."""

from gradwise.model.init import ChannelsLast, He, Xavier
from gradwise.model.networks import MLP, ConvNet, ResNet

__all__ = ["MLP", "ChannelsLast", "ConvNet", "He", "ResNet", "Xavier"]
