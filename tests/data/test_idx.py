from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from gradwise.data import MNIST, Arrays, FashionMNIST, check
from gradwise.data.idx import FILES, read_idx
from gradwise.errors import DataError


def idx(array: np.ndarray, kind: int = 0x08) -> bytes:
    header = struct.pack(">BBBB", 0, 0, kind, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write_set(folder: Path, first: int = 0, gz: bool = False) -> None:
    folder.mkdir(parents=True)
    for name, size in zip(FILES, (6, 6, 4, 4), strict=True):
        shape = (size, 28, 28) if "images" in name else (size,)
        raw = idx((np.arange(np.prod(shape)).reshape(shape) % 7 + first).astype(np.uint8))
        path = folder / (name + ".gz" * gz)
        path.write_bytes(gzip.compress(raw) if gz else raw)


@pytest.mark.parametrize("kind", [(0x08, "u1"), (0x09, "i1"), (0x0B, "i2"), (0x0C, "i4"), (0x0D, "f4"), (0x0E, "f8")])
def test_reads_what_was_written(tmp_path: Path, kind: tuple[int, str]) -> None:
    array = np.arange(24).reshape(2, 3, 4).astype(kind[1])
    (tmp_path / "plain").write_bytes(idx(array, kind[0]))
    (tmp_path / "packed.gz").write_bytes(gzip.compress(idx(array, kind[0])))
    for name in ("plain", "packed.gz"):
        got = read_idx(tmp_path / name)
        assert got.numpy().dtype == array.dtype
        np.testing.assert_array_equal(got.numpy(), array)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("short", idx(np.zeros((2, 3), np.uint8))[:-1]),
        ("long", idx(np.zeros((2, 3), np.uint8)) + b"x"),
        ("header", b"\0\0\x08\x03\0"),
        ("other", b"PK\3\4 something else"),
        ("empty", b""),
        ("packed.gz", gzip.compress(idx(np.zeros((2, 3), np.uint8)))[:-9]),
        ("no.gz", b"<html>not found</html>"),
        ("huge", b"\0\0\x08\x03" + b"\xff" * 12),
    ],
)
def test_damage_is_named(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(DataError, match="damaged") as caught:
        read_idx(tmp_path / name)
    assert caught.value.where.endswith(name)
    assert caught.value.why


@pytest.mark.parametrize("gz", [False, True])
@pytest.mark.parametrize("below", ["MNIST/raw", "mnist/MNIST/raw", "raw", ""])
def test_places_below_the_root(tmp_path: Path, below: str, gz: bool) -> None:
    write_set(tmp_path / "data" / below, gz=gz)
    sets = MNIST(root=str(tmp_path / "data"), valid=2)(0)
    assert isinstance(sets.train, Arrays)
    assert sets.train.x.shape == (4, 784)
    assert len(sets.valid or ()) == 2
    assert len(sets.test or ()) == 4


def test_the_environment_the_folder_and_the_cache(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError) as caught:
        MNIST()(0)
    assert "--download" in caught.value.fix
    assert "MNIST/raw/train-images-idx3-ubyte" in caught.value.where
    assert len(str(caught.value).splitlines()) <= 5
    for number, place in enumerate(("cache/gradwise/data", "data", "named")):  # each goes before the last
        write_set(nowhere / place / "MNIST/raw", first=number)
        if place == "named":
            monkeypatch.setenv("GRADWISE_DATA", str(nowhere / place))
        sets = MNIST(normalise="none")(0)
        assert isinstance(sets.train, Arrays)
        assert int(sets.train.x.min()) == number


def test_fashion_is_not_mistaken_for_mnist(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_set(nowhere / "all" / "FashionMNIST/raw")
    monkeypatch.setenv("GRADWISE_DATA", str(nowhere / "all"))
    assert FashionMNIST(image=True)(0).train.fetch(torch.tensor([0])).x.shape == (1, 1, 28, 28)  # type: ignore[union-attr]
    with pytest.raises(DataError, match="MNIST was not found"):
        MNIST()(0)


def test_the_published_sets(real_data: Path) -> None:
    sets = MNIST(valid=5000)(0)
    assert isinstance(sets.train, Arrays)
    assert sets.train.x.dtype == torch.uint8
    assert (len(sets.train), len(sets.valid or ()), len(sets.test or ())) == (55000, 5000, 10000)
    assert sets.train.y[:1].dtype == torch.int64
    assert sets.train.scale is not None
    assert float(1 / sets.train.scale / 255) == pytest.approx(0.3081, abs=1e-3)  # the spread that is known of MNIST
    assert check(sets, 10) == []
    assert FashionMNIST()(0).classes[9] == "ankle boot"
