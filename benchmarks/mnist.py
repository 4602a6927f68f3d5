"""MNIST as NumPy arrays, read from the four files as they are published (IDX, unpacked)."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

TRAIN, TEST, PIXELS, CLASSES = 60_000, 10_000, 784, 10
MEAN, STD = 0.1307, 0.3081  # of the training pixels in [0, 1]
WIDTHS = (PIXELS, 256, 128, CLASSES)


def folder() -> Path:
    root = Path(os.environ.get("GRADWISE_DATA", Path.home() / ".cache" / "gradwise"))
    for candidate in (root / "mnist" / "MNIST" / "raw", root / "MNIST" / "raw"):
        if (candidate / "train-images-idx3-ubyte").exists():
            return candidate
    raise SystemExit(
        f"MNIST is not under {root}. Unpack its four files into {root}/MNIST/raw (torchvision.datasets.MNIST("
        f"'{root}', download=True) does it), or name another place in the environment variable GRADWISE_DATA."
    )


def read(part: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """(N, 784) uint8 pixels and (N,) uint8 classes of the part `train` or `t10k`."""
    raw = folder()
    images = np.fromfile(raw / f"{part}-images-idx3-ubyte", np.uint8, offset=16).reshape(-1, PIXELS)
    return images, np.fromfile(raw / f"{part}-labels-idx1-ubyte", np.uint8, offset=8)


def order(rng: np.random.Generator, steps: int, batch: int, samples: int = TRAIN) -> np.ndarray:
    """(steps, batch) int64 sample numbers: shuffled epochs one after another, incomplete batches left out."""
    per_epoch = samples // batch
    epochs = [
        rng.permutation(samples)[: per_epoch * batch].reshape(per_epoch, batch) for _ in range(-(-steps // per_epoch))
    ]
    return np.concatenate(epochs)[:steps]
