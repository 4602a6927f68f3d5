"""Keras 3 on torch."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "torch"  # before keras is imported

from rivals import Task
from rivals.keras_model import KerasModel
from rivals.torch_parts import settle


class KerasTorch(KerasModel):
    def __init__(self, task: Task) -> None:
        settle(task)
        super().__init__(task)
