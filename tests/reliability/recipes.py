"""The trainings that are killed: small, and each with something else that a restart has to bring back."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from gradwise.data import Digits
from gradwise.data.sets import Mapped, Sets

ALLOW = ("reliability",)

_DIGITS = "data: {name: Digits, valid: 0.4, test: 0.2}\n"
_PICTURES = "data: {name: Digits, valid: 0.4, test: 0.3, image: true}\n"
_EVERY_STEP = "batch_size: 32\nwatch: {every: 1}\n"

RECIPES: dict[str, str] = {
    # Our own kernels: the written-out pass, the fused Adam.
    "stack": f"""
{_DIGITS}{_EVERY_STEP}save_every: 5
seed: 1
epochs: 3.5
model: {{name: MLP, widths: [64, 64, 32, 10]}}
surgery: [He]
optimizer: {{name: Adam, lr: 0.003}}
schedule: {{name: WarmUp, share: 0.05, then: cosine}}
""",
    # Random numbers of torch's stream (dropout), buffers, an average, a stop that counts epochs.
    "noisy": f"""
{_DIGITS}{_EVERY_STEP}save_every: 7
seed: 2
epochs: 4
model: {{name: MLP, widths: [64, 48, 32, 10], dropout: 0.2, batch_norm: true}}
batch: [{{name: Noise, std: 0.1}}]
gradient: [{{name: ClipNorm, max_norm: 1.0}}]
optimizer: {{name: SGD, lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.0005}}
schedule: Cosine
after: [{{name: EMA, decay: 0.98}}]
stop: [{{name: Patience, epochs: 3}}]
""",
    # Convolutions, augmentation by sample, torch's autograd.
    "pictures": f"""
{_PICTURES}{_EVERY_STEP}save_every: 3
seed: 3
epochs: 1.7
model: {{name: ResNet, blocks: 1, width: 4, channels: 1}}
batch: [HorizontalFlip, {{name: RandomCrop, padding: 1}}]
optimizer: {{name: AdamW, lr: 0.004, weight_decay: 0.05}}
""",
    # Somebody else's dataset with its own random transform, which other processes load.
    "workers": f"""
data: {{name: reliability.recipes.jittered_digits, workers: 2}}
{_EVERY_STEP}save_every: 4
seed: 4
epochs: 2
model: {{name: MLP, widths: [64, 32, 10], dropout: 0.1}}
optimizer: {{name: Adam, lr: 0.002}}
""",
    "no-workers": f"""
data: {{name: reliability.recipes.jittered_digits, workers: 0}}
{_EVERY_STEP}save_every: 4
seed: 4
epochs: 2
model: {{name: MLP, widths: [64, 32, 10], dropout: 0.1}}
optimizer: {{name: Adam, lr: 0.002}}
""",
    # A batch in uneven parts, two techniques for the batch that mix samples or draw once a step.
    "parts": f"""
{_DIGITS}{_EVERY_STEP}save_every: 6
seed: 5
epochs: 3
model: {{name: MLP, widths: [64, 40, 10], activation: tanh, dropout: 0.3}}
batch: [{{name: Mixup, classes: 10}}]
backward: {{name: Accumulate, parts: 3}}
optimizer: {{name: SGD, lr: 0.05, momentum: 0.8}}
schedule: {{name: StepDecay, drops: 2}}
""",
    # Every epoch's last step is saved twice, before its evaluation and after it.
    "ends": f"""
{_DIGITS}{_EVERY_STEP}save_every: 11
seed: 6
epochs: 2
model: {{name: MLP, widths: [64, 24, 10], batch_norm: true}}
after: [{{name: EMA, decay: 0.9}}]
""",
}


class Jittered(torch.utils.data.Dataset[tuple[Tensor, int]]):
    """Digits that are shifted, scaled and blurred by numbers of NumPy's, Python's and torch's global streams."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.x, self.y = x, y

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        import random

        picture = self.x[index].float().reshape(8, 8) / 16
        picture = picture.roll(int(np.random.randint(-1, 2)), dims=1) * random.uniform(0.8, 1.2)
        return (picture + 0.05 * torch.randn(8, 8)).reshape(64), int(self.y[index])


def jittered_digits(seed: int, workers: int = 0) -> Sets:
    """A data stage: (seed) -> Sets."""
    found: Any = Digits(valid=0.4, test=0.2)(seed)
    train = Jittered(found.train.x, found.train.y)
    return Sets(Mapped(train, workers), found.valid, None, found.classes)
