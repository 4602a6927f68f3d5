"""The loop that people write: eager, a DataLoader, torch.optim.Adam as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import torch
from mnist import MEAN, STD, read
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from rivals import Task
from rivals.torch_parts import LR, network, settle, tensors


class Images(Dataset[tuple[Tensor, int]]):
    """Image by image, transformed when it is asked for: ToTensor and Normalize without torchvision and PIL."""

    def __init__(self, part: str = "train", normalise: bool = True) -> None:
        images, labels = read(part)
        self.images, self.labels = torch.from_numpy(images).view(-1, 28, 28), torch.from_numpy(labels)
        self.normalise = normalise

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image = self.images[index].unsqueeze(0).to(torch.float32).div(255)
        if self.normalise:
            image = image.sub_(MEAN).div_(STD)
        return image, int(self.labels[index])


def endless(loader: DataLoader[Any]) -> Iterator[Any]:
    while True:
        yield from loader


class Plain:
    def __init__(self, task: Task) -> None:
        settle(task)
        self.model = nn.Sequential(nn.Flatten(), *network())
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=LR)
        self.loss = nn.CrossEntropyLoss()
        self.batches = endless(DataLoader(self.data(), task.batch, shuffle=True, drop_last=True))

    def data(self) -> Dataset[Any]:
        return Images()

    def train(self, steps: int) -> float:
        value = 0.0
        for x, y in islice(self.batches, steps):
            self.optimizer.zero_grad()
            loss = self.loss(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            value = loss.item()
        return value


class PlainTensors(Plain):
    """The same with the images transformed beforehand."""

    def data(self) -> Dataset[Any]:
        return TensorDataset(*tensors())
