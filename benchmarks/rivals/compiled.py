"""torch.compile on top of the hand-tuned settings.

Compiling the step of torch.optim.Adam apart is left out: it was slower than the fused Adam in every trial.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from rivals import Task
from rivals.hand_tuned import HandTuned
from rivals.torch_parts import LR


class Compiled(HandTuned):
    """Forward and loss compiled (and with them the backward pass), fused Adam beside it."""

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.loss = torch.compile(self.forward, fullgraph=True, dynamic=False)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return F.cross_entropy(self.model(x), y)

    def train(self, steps: int) -> float:
        optimizer, x, y = self.optimizer, self.x, self.y
        loss = torch.zeros(())
        for index in self.shuffled.take(steps):
            loss = self.loss(x[index], y[index])
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        return loss.item()


class CompiledStep(HandTuned):
    """The whole step as one graph, from the sample numbers to Adam, on one vector that holds all parameters."""

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        parameters = list(self.model.parameters())
        self.shapes = [p.shape for p in parameters]
        self.p = torch.cat([p.detach().flatten() for p in parameters])  # (P,)
        self.m, self.v, self.time = torch.zeros_like(self.p), torch.zeros_like(self.p), torch.zeros(())
        self.gradient = torch.func.grad_and_value(self.forward)
        self.step = torch.compile(self.update, fullgraph=True, dynamic=False)

    def forward(self, p: Tensor, x: Tensor, y: Tensor) -> Tensor:
        parts = p.split([shape.numel() for shape in self.shapes])
        w1, b1, w2, b2, w3, b3 = (part.view(shape) for part, shape in zip(parts, self.shapes, strict=True))
        x = F.relu(F.linear(F.relu(F.linear(x, w1, b1)), w2, b2))
        return F.cross_entropy(F.linear(x, w3, b3), y)

    def update(self, x: Tensor, y: Tensor, index: Tensor) -> Tensor:
        gradient, loss = self.gradient(self.p, x[index], y[index])
        self.time.add_(1)
        self.m.lerp_(gradient, 0.1)
        self.v.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
        root = torch.sqrt(1 - 0.999**self.time)
        self.p.sub_(LR * root / (1 - 0.9**self.time) * self.m / (self.v.sqrt() + 1e-8 * root))
        return loss

    @torch.no_grad()
    def train(self, steps: int) -> float:
        loss = torch.zeros(())
        for index in self.shuffled.take(steps):
            loss = self.step(self.x, self.y, index)
        return loss.item()
