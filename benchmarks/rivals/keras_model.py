"""Keras 3, whichever its backend: `compile` and `fit` on arrays in memory."""

from __future__ import annotations

import keras
import numpy as np
from mnist import WIDTHS, read

from rivals import Task


class KerasModel:
    steps_per_execution = 1

    def __init__(self, task: Task) -> None:
        keras.utils.set_random_seed(task.seed)
        images, labels = read("train")
        self.x, self.y, self.batch = images.astype(np.float32) / 255, labels.astype(np.int32), task.batch
        a, b, c, d = WIDTHS
        layers = keras.layers
        self.model = keras.Sequential(
            [layers.Input((a,)), layers.Dense(b, "relu"), layers.Dense(c, "relu"), layers.Dense(d)]
        )
        self.model.compile(
            optimizer=keras.optimizers.Adam(1e-3),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            steps_per_execution=self.steps_per_execution,
        )

    def train(self, steps: int) -> float:
        samples, loss = steps * self.batch, float("nan")
        for start in range(0, samples, len(self.y)):
            part = slice(0, min(samples - start, len(self.y)))
            history = self.model.fit(self.x[part], self.y[part], self.batch, epochs=1, shuffle=True, verbose=0)
            loss = history.history["loss"][-1]
        return loss
