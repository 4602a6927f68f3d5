"""The best eager loop: data in memory, fused Adam, every free setting of the process."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from rivals import Task
from rivals.torch_parts import LR, Shuffled, network, settle, tensors, tune_process


class HandTuned:
    def __init__(self, task: Task) -> None:
        settle(task)
        self.note = f"matrix precision '{tune_process(task.batch)}'"
        self.x, self.y = tensors()
        self.model = network()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=LR, fused=True)
        self.shuffled = Shuffled(task)

    def train(self, steps: int) -> float:
        model, optimizer, x, y = self.model, self.optimizer, self.x, self.y
        loss = torch.zeros(())
        for index in self.shuffled.take(steps):
            loss = F.cross_entropy(model(x[index]), y[index])
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        return loss.item()
