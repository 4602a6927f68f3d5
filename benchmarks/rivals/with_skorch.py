"""skorch: a scikit-learn classifier round the network, no validation split, no scores, no printing."""

from __future__ import annotations

import torch
from skorch import NeuralNetClassifier
from torch import nn

from rivals import Task
from rivals.torch_parts import LR, network, settle, tensors


class Skorch:
    def __init__(self, task: Task) -> None:
        settle(task)
        self.batch, (self.x, self.y) = task.batch, tensors()
        silent = {f"callbacks__{name}": None for name in ("epoch_timer", "train_loss", "valid_acc", "print_log")}
        self.net = NeuralNetClassifier(
            network(),
            criterion=nn.CrossEntropyLoss,
            optimizer=torch.optim.Adam,
            lr=LR,
            batch_size=task.batch,
            iterator_train__shuffle=True,
            train_split=None,
            verbose=0,
            **silent,
        ).initialize()

    def train(self, steps: int) -> float:
        samples = steps * self.batch
        for start in range(0, samples, len(self.y)):
            part = slice(0, min(samples - start, len(self.y)))
            self.net.partial_fit(self.x[part], self.y[part], epochs=1)
        return self.net.history[-1, "batches", -1, "train_loss"]
