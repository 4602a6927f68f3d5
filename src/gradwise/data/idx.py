"""MNIST and Fashion-MNIST, and the IDX format they come in.

Sources: Y. LeCun, L. Bottou, Y. Bengio & P. Haffner (1998), Gradient-based learning applied to document recognition;
H. Xiao, K. Rasul & R. Vollgraf (2017), arXiv:1708.07747.
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gradwise.data.normalise import Normalise
from gradwise.data.places import find
from gradwise.data.sets import Arrays, Sets
from gradwise.data.split import HeldOut, assemble
from gradwise.errors import DataError
from gradwise.stages import technique

FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
GARMENTS = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_idx(path: Path) -> Tensor:
    """The array of an IDX file, plain or .gz, in the type of the file. Raises DataError where it is damaged."""
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _damaged(path, f"it cannot be unpacked: {error}") from error
    if len(raw) < 4 or raw[:2] != b"\0\0" or raw[2] not in _TYPES or len(raw) < 4 + 4 * raw[3]:
        raise _damaged(path, "it does not begin as an IDX file does (0, 0, type, dimensions)")
    kind, axes = np.dtype(_TYPES[raw[2]]), raw[3]
    shape = tuple(int(size) for size in np.frombuffer(raw, ">u4", axes, offset=4))
    expected = 4 + 4 * axes + math.prod(shape) * kind.itemsize
    if len(raw) != expected:
        raise _damaged(path, f"its header promises {expected} bytes, it has {len(raw)}")
    values = np.frombuffer(raw, kind, offset=4 + 4 * axes).reshape(shape)
    return torch.from_numpy(values.astype(kind.newbyteorder("=")))  # a copy: what torch shares must be writable


def _damaged(path: Path, why: str) -> DataError:
    return DataError("An IDX file is damaged.", where=str(path), why=why, fix="delete it and fetch it again.")


def _load(name: str, folders: tuple[str, ...], root: str) -> tuple[Arrays, Arrays]:
    """The official parts (60000 and 10000): x (N, 1, 28, 28) uint8; y (N,) int64."""
    arrays = [read_idx(path) for path in find(name, folders, FILES, root)]
    train, test = (Arrays(x.reshape(-1, 1, 28, 28), y.long()) for x, y in (arrays[:2], arrays[2:]))
    return train, test


@technique
class MNIST:
    """Handwritten digits, 28 x 28 bytes; 60000 to train and 10000 to test. Stage `data`.

    root: where it lies, "": see places. valid: share or count held out of the training part. image: samples
    (1, 28, 28) in place of (784,). download: fetch it where it is missing. Raises DataError: not found, damaged.
    """

    root: str = ""
    valid: HeldOut = 0
    normalise: Normalise = "global"
    image: bool = False
    download: bool = False

    def __call__(self, seed: int) -> Sets:
        """Read both parts; hold out f(seed)."""
        folders = ("MNIST/raw", "mnist/MNIST/raw", "mnist/raw", "mnist")
        return _sets(self, "MNIST", folders, tuple("0123456789"), seed)


@technique
class FashionMNIST:
    """Ten kinds of garment in MNIST's format, harder than the digits. Stage `data`; arguments as for MNIST."""

    root: str = ""
    valid: HeldOut = 0
    normalise: Normalise = "global"
    image: bool = False
    download: bool = False

    def __call__(self, seed: int) -> Sets:
        """Read both parts; hold out f(seed)."""
        folders = ("FashionMNIST/raw", "fashion_mnist/FashionMNIST/raw", "fashion_mnist/raw", "fashion_mnist")
        return _sets(self, "FashionMNIST", folders, GARMENTS, seed)


def _sets(
    asked: MNIST | FashionMNIST, name: str, folders: tuple[str, ...], classes: tuple[str, ...], seed: int
) -> Sets:
    if asked.download:
        from gradwise.data.download import download

        download(name, asked.root)
    train, test = _load(name, folders, asked.root)
    held, how = asked.valid, asked.normalise
    return assemble(train, seed, valid=held, test=test, normalise=how, classes=classes, flat=not asked.image)
