"""What the rivals that use torch have in common: the network, and the free settings of a hand-tuned process."""

from __future__ import annotations

import ctypes
from time import perf_counter

import numpy as np
import torch
import torch.nn.functional as F
from mnist import WIDTHS, order, read
from torch import Tensor, nn

from rivals import Task

LR = 1e-3


def network() -> nn.Sequential:
    a, b, c, d = WIDTHS
    return nn.Sequential(nn.Linear(a, b), nn.ReLU(), nn.Linear(b, c), nn.ReLU(), nn.Linear(c, d))


def settle(task: Task) -> None:
    torch.manual_seed(task.seed)
    torch.set_num_threads(task.threads)


def tensors() -> tuple[Tensor, Tensor]:
    """(60000, 784) float32 in [0, 1], (60000,) int64."""
    images, labels = read("train")
    return torch.from_numpy(images).float().div_(255), torch.from_numpy(labels).long()


def keep_heap() -> None:
    """Have glibc keep what is freed: otherwise each step faults its memory in again."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # no glibc
        return
    trim_threshold, mmap_threshold = -1, -3
    mallopt(trim_threshold, 2**31 - 1)
    mallopt(mmap_threshold, 2**30)


def tune_process(batch: int) -> str:
    """All free settings. Returns the matrix precision that was chosen."""
    keep_heap()
    torch.set_flush_denormal(True)
    return faster_precision(batch)


def faster_precision(batch: int) -> str:
    """Whichever of torch's settings 'highest' and 'medium' runs this network's step faster, if it stays exact.

    On a CPU 'medium' hands the products to oneDNN: as exact as MKL on most, but bfloat16 where the CPU has AMX.
    """
    x, y = torch.randn(batch, WIDTHS[0]), torch.zeros(batch, dtype=torch.int64)
    model = network()
    exact = x.double() @ model[0].weight.double().T

    def seconds(precision: str) -> float:
        torch.set_float32_matmul_precision(precision)
        start = perf_counter()
        for _ in range(20):
            F.cross_entropy(model(x), y).backward()
        return perf_counter() - start

    best = {"highest": float("inf"), "medium": float("inf")}
    for _ in range(6):
        best = {precision: min(known, seconds(precision)) for precision, known in best.items()}
    torch.set_float32_matmul_precision("medium")
    error = (x @ model[0].weight.T - exact).norm() / exact.norm()
    chosen = "medium" if best["medium"] < best["highest"] and error < 1e-5 else "highest"
    torch.set_float32_matmul_precision(chosen)
    return chosen


class Shuffled:
    """Sample numbers of one batch after another, (B,) int64 each."""

    def __init__(self, task: Task) -> None:
        self.rng, self.batch = np.random.default_rng(task.seed), task.batch

    def take(self, steps: int) -> tuple[Tensor, ...]:
        return torch.from_numpy(order(self.rng, steps, self.batch)).unbind()
