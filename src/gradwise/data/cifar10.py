"""CIFAR-10 in either of its published layouts, binary or Python.

Source: A. Krizhevsky (2009), Learning multiple layers of features from tiny images.
"""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gradwise.data.normalise import Normalise
from gradwise.data.places import find
from gradwise.data.sets import Arrays, Sets
from gradwise.data.split import HeldOut, assemble
from gradwise.errors import DataError
from gradwise.stages import technique

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
_BATCHES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")
_PIXELS = 3 * 32 * 32


@technique
class CIFAR10:
    """Colour photographs of ten things, 32 x 32; 50000 to train and 10000 to test. Stage `data`.

    root: where it lies, "": see places. valid: share or count held out of the training part. image: samples
    (3, 32, 32); false: (3072,). download: fetch it where it is missing. Raises DataError: not found, damaged.
    """

    root: str = ""
    valid: HeldOut = 0
    normalise: Normalise = "channel"
    image: bool = True
    download: bool = False

    def __call__(self, seed: int) -> Sets:
        """Read both parts; hold out f(seed)."""
        if self.download:
            from gradwise.data.download import download

            download("CIFAR10", self.root)
        parts = [read_batch(path) for path in _find(self.root)]
        x, y = (torch.cat(column) for column in zip(*parts[:5], strict=True))
        train, test = (Arrays(x.reshape(-1, 3, 32, 32), y) for x, y in ((x, y), parts[5]))
        held, how = self.valid, self.normalise
        return assemble(train, seed, valid=held, test=test, normalise=how, classes=CLASSES, flat=not self.image)


def _find(root: str) -> list[Path]:
    """The six files: the Python layout where it is complete, else the binary one, which the download brings."""
    above = ("", "cifar10/", "CIFAR10/")
    try:
        return find("CIFAR-10", [f"{folder}cifar-10-batches-py" for folder in above], _BATCHES, root)
    except DataError:
        files = [f"{name}.bin" for name in _BATCHES]
        return find("CIFAR-10", [f"{folder}cifar-10-batches-bin" for folder in above], files, root)


def read_batch(path: Path) -> tuple[Tensor, Tensor]:
    """x (N, 3072) uint8, red then green then blue, row by row; y (N,) int64. Raises DataError: damaged."""
    raw = path.read_bytes()
    try:
        x, y = _from_binary(raw) if path.suffix == ".bin" else _from_pickle(raw)
    except (pickle.UnpicklingError, EOFError, KeyError, TypeError, ValueError, IndexError) as error:
        why = f"{type(error).__name__}: {error}"
        raise DataError(
            "A CIFAR-10 file is damaged.", where=str(path), why=why, fix="delete it and fetch it again."
        ) from error
    return torch.from_numpy(np.array(x, np.uint8)), torch.from_numpy(np.array(y, np.int64))


def _from_binary(raw: bytes) -> tuple[Any, Any]:
    if not raw or len(raw) % (_PIXELS + 1):
        raise ValueError(f"{len(raw)} bytes are no whole number of records of {_PIXELS + 1}")
    records = np.frombuffer(raw, np.uint8).reshape(-1, _PIXELS + 1)  # label, then pixels
    return records[:, 1:], records[:, 0]


def _from_pickle(raw: bytes) -> tuple[Any, Any]:
    content = Unpickler(io.BytesIO(raw), encoding="bytes").load()
    x, y = (content[name.encode()] if name.encode() in content else content[name] for name in ("data", "labels"))
    if not isinstance(x, np.ndarray) or x.dtype != np.uint8 or x.shape != (len(y), _PIXELS):
        raise ValueError(f"data is no (N, {_PIXELS}) array of bytes, one row per label")
    return x, y


class Unpickler(pickle.Unpickler):
    """Reads NumPy arrays in plain containers and refuses everything else: a pickle could run any program."""

    def find_class(self, module: str, name: str, /) -> Any:
        """What an array of Python 2's or of today's needs; other names are an UnpicklingError."""
        allowed: dict[tuple[str, str], Any] = {
            ("multiarray", "_reconstruct"): np.zeros(0).__reduce__()[0],  # wherever this NumPy keeps it
            ("numpy", "ndarray"): np.ndarray,
            ("numpy", "dtype"): np.dtype,
            ("_codecs", "encode"): _bytes_of,
        }
        owner = module.rpartition(".")[2] if module.startswith(("numpy.core.", "numpy._core.")) else module
        if (owner, name) not in allowed:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is no array")
        return allowed[owner, name]


def _bytes_of(text: str, encoding: str) -> bytes:
    """How a pickle of protocol 2 writes bytes; no other codec is looked up."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"it asks for the codec {encoding!r}")
    return text.encode("latin1")
