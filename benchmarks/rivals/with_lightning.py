"""PyTorch Lightning: as its documentation writes it, in the mode that it offers for measuring (`barebones`)."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import lightning
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from rivals import Task
from rivals.torch_parts import LR, Shuffled, network, settle, tensors, tune_process

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", module="lightning")


class Classifier(lightning.LightningModule):
    def __init__(self, fused: bool | None) -> None:
        super().__init__()
        self.model, self.last = network(), torch.zeros(())
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=LR, fused=fused)

    def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        x, y = batch
        loss = F.cross_entropy(self.model(x), y)
        self.last = loss.detach()
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return self.optimizer  # the same one each time: a later fit continues


class Lightning:
    def __init__(self, task: Task) -> None:
        settle(task)
        self.module, self.batches = Classifier(fused=None), self.data(task)

    def data(self, task: Task) -> Iterable[Any]:
        return DataLoader(TensorDataset(*tensors()), task.batch, shuffle=True, drop_last=True)

    def train(self, steps: int) -> float:
        trainer = lightning.Trainer(max_steps=steps, max_epochs=-1, accelerator="cpu", devices=1, barebones=True)
        trainer.fit(self.module, self.batches)
        return self.module.last.item()


class Indexed:
    """Batches by index from memory, one epoch each time it is gone through."""

    def __init__(self, task: Task) -> None:
        self.x, self.y = tensors()
        self.shuffled, self.steps = Shuffled(task), len(self.y) // task.batch

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for index in self.shuffled.take(self.steps):
            yield self.x[index], self.y[index]


class LightningTuned(Lightning):
    """Lightning round everything that the hand-tuned loop has: what remains is the cost of the trainer itself."""

    def __init__(self, task: Task) -> None:
        settle(task)
        self.note = f"matrix precision '{tune_process(task.batch)}'"
        self.module, self.batches = Classifier(fused=True), self.data(task)

    def data(self, task: Task) -> Iterable[Any]:
        return Indexed(task)
