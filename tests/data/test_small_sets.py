"""Sets that bring their own samples: Digits and XOR; and how light the import is."""

from __future__ import annotations

import subprocess
import sys

import torch

from gradwise.data import XOR, Arrays, Digits, batches, check


def test_digits() -> None:
    sets = Digits()(0)
    assert [len(part or ()) for part in (sets.train, sets.valid, sets.test)] == [1257, 270, 270]
    batch = next(batches(sets.train, torch.arange(1257), 1257))
    assert batch.x.shape == (1257, 64)
    assert (batch.x.min(), batch.x.max()) == (0, 1)
    assert check(sets, 10) == []
    train = Digits(valid=0, test=0, image=True)(0).train
    assert isinstance(train, Arrays)
    assert train.x.shape == (1797, 1, 8, 8)
    assert train.x.dtype == torch.uint8


def test_the_held_out_part_follows_the_seed() -> None:
    one, again, other = (Digits()(seed).valid for seed in (1, 1, 2))
    assert isinstance(one, Arrays)
    assert isinstance(again, Arrays)
    assert isinstance(other, Arrays)
    assert torch.equal(one.x, again.x)
    assert not torch.equal(one.x, other.x)


def test_xor() -> None:
    train = XOR()(0).train
    assert isinstance(train, Arrays)
    assert train.y.tolist() == (train.x[:, 0] != train.x[:, 1]).long().tolist() == [0, 1, 1, 0]
    assert len(XOR(repeat=3)(0).train) == 12


def test_the_import_is_light() -> None:
    program = (
        "import sys, gradwise.data;"
        "sys.exit(' '.join(m for m in ('sklearn', 'PIL', 'platformdirs', 'scipy') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
