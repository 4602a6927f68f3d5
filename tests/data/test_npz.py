from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from gradwise.data import NPZ, Arrays
from gradwise.errors import DataError

X, Y = np.arange(12, dtype=np.float32).reshape(6, 2), np.array([0, 1, 2, 0, 1, 2])


def test_npz_and_npy_say_the_same(tmp_path: Path) -> None:
    np.savez(tmp_path / "set.npz", x=X, labels=Y, x_test=X[:2], y_test=Y[:2])
    np.save(tmp_path / "a.npy", X)
    np.save(tmp_path / "b.npy", Y)
    one = NPZ(str(tmp_path / "set.npz"), y="labels", valid=2, x_test="x_test", y_test="y_test")(3)
    two = NPZ(str(tmp_path), x="a.npy", y="b.npy", valid=2)(3)
    assert isinstance(one.train, Arrays)
    assert isinstance(two.train, Arrays)
    assert torch.equal(one.train.x, two.train.x)
    assert torch.equal(one.train.y, two.train.y)
    assert len(one.test or ()) == 2
    assert two.test is None
    assert one.classes == ("0", "1", "2")


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "set.npz", x=X, y=np.array([{}, None], dtype=object))
    (tmp_path / "bad.npz").write_bytes(b"PK\3\4 cut short")
    for path, name, message in (
        ("set.npz", "z", "no array 'z'"),
        ("set.npz", "y", "holds objects"),
        ("bad.npz", "x", "cannot be read"),
        ("none.npz", "x", "does not exist"),
        ("none.npy", "x.npy", "does not exist"),
    ):
        with pytest.raises(DataError, match=message):
            NPZ(str(tmp_path / path), x=name)(0)
