"""Hooks in, rows out: what a training's activations, gradients and updates were."""

from gradwise.watch.nonfinite import blame
from gradwise.watch.trace import Column, Row, Trace
from gradwise.watch.watch import watch

__all__ = ["Column", "Row", "Trace", "blame", "watch"]
