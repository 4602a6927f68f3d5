"""Gradwise: the training system that looks after back-propagation."""

__version__ = "0.1.0"
