"""Keras 3 on JAX, several steps per call as its documentation advises for small models."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "jax"  # before keras is imported

from rivals.keras_model import KerasModel


class KerasJax(KerasModel):
    steps_per_execution = 32
