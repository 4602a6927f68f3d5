from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gradwise.data import CIFAR10, Arrays, check
from gradwise.data.cifar10 import read_batch
from gradwise.errors import DataError

NAMES = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]


def content(number: int) -> tuple[np.ndarray, list[int]]:
    x = (np.arange(2 * 3072).reshape(2, 3072) % 251 + number).astype(np.uint8)
    return x, [number, 9 - number]


def write(root: Path, layout: str, protocol: int = 2) -> None:
    folder = root / f"cifar-10-batches-{layout}"
    folder.mkdir(parents=True)
    for number, name in enumerate(NAMES):
        x, y = content(number)
        if layout == "bin":
            records = np.concatenate([np.array(y, np.uint8)[:, None], x], 1)
            (folder / f"{name}.bin").write_bytes(records.tobytes())
        else:
            raw = {b"data": x, b"labels": y, b"batch_label": b"one", b"filenames": [b"a.png", b"b.png"]}
            (folder / name).write_bytes(pickle.dumps(raw, protocol))


@pytest.mark.parametrize("above", ["", "cifar10", "CIFAR10"])
@pytest.mark.parametrize("layout", ["bin", "py"])
def test_both_layouts_say_the_same(tmp_path: Path, layout: str, above: str) -> None:
    write(tmp_path / above, layout)
    sets = CIFAR10(root=str(tmp_path))(0)
    assert isinstance(sets.train, Arrays)
    assert sets.train.x.shape == (10, 3, 32, 32)
    assert sets.train.y.tolist() == [0, 9, 1, 8, 2, 7, 3, 6, 4, 5]
    assert isinstance(sets.test, Arrays)
    np.testing.assert_array_equal(sets.test.x.reshape(2, 3072).numpy(), content(5)[0])
    flat = CIFAR10(root=str(tmp_path), image=False)(0).train  # normalised per channel all the same
    assert isinstance(flat, Arrays)
    every = torch.arange(10)
    torch.testing.assert_close(flat.fetch(every).x, sets.train.fetch(every).x.reshape(10, 3072))


def test_strings_as_keys_are_read_too(tmp_path: Path) -> None:
    x, y = content(0)
    (tmp_path / "b").write_bytes(pickle.dumps({"data": x, "labels": y}, 2))
    assert read_batch(tmp_path / "b")[1].tolist() == y


class Evil:
    def __reduce__(self) -> Any:
        return os.system, ("echo never",)


@pytest.mark.parametrize(
    "raw",
    [
        pickle.dumps({b"data": Evil(), b"labels": []}, 2),
        pickle.dumps({b"data": np.zeros((2, 5), np.uint8), b"labels": [1, 2]}, 2),
        pickle.dumps({b"labels": [1, 2]}, 2),
        pickle.dumps([1], 2),
        b"",
        pickle.dumps({b"data": content(0)[0], b"labels": [0, 1]}, 2)[:-50],
    ],
)
def test_damage_and_malice_are_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "data_batch_1").write_bytes(raw)
    with pytest.raises(DataError, match="damaged") as caught:
        read_batch(tmp_path / "data_batch_1")
    assert caught.value.where.endswith("data_batch_1")


def test_a_binary_file_that_is_cut_short(tmp_path: Path) -> None:
    (tmp_path / "data_batch_1.bin").write_bytes(b"\0" * 3072)
    with pytest.raises(DataError, match="no whole number of records"):
        read_batch(tmp_path / "data_batch_1.bin")


def test_not_found(nowhere: Path) -> None:
    with pytest.raises(DataError, match="CIFAR-10 was not found"):
        CIFAR10()(0)


def test_the_published_set(real_data: Path) -> None:
    one, other = (next(real_data.rglob(name)) for name in ("data_batch_1", "data_batch_1.bin"))
    for python, binary in zip(read_batch(one), read_batch(other), strict=True):
        assert torch.equal(python, binary)
    sets = CIFAR10(normalise="unit")(0)
    assert (len(sets.train), len(sets.test or ())) == (50000, 10000)
    assert check(sets, 10) == []
