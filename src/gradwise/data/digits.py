"""The 8 x 8 digits that come with scikit-learn: a set for the first minute, without any download.

Source: E. Alpaydin & C. Kaynak (1998), Optical recognition of handwritten digits, UCI, doi:10.24432/C50P49.
"""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gradwise.data.normalise import Normalise
from gradwise.data.sets import Arrays, Sets
from gradwise.data.split import HeldOut, assemble
from gradwise.stages import technique


@technique
class Digits:
    """1797 handwritten digits, pixels 0 to 16; "unit" divides them by 16. Stage `data`.

    valid, test: share or count held out. image: samples (1, 8, 8) in place of (64,).
    """

    valid: HeldOut = 0.15
    test: HeldOut = 0.15
    normalise: Normalise = "unit"
    image: bool = False

    def __call__(self, seed: int) -> Sets:
        """Cut into three parts; the held-out one by f(seed)."""
        table = _table()
        x = torch.from_numpy(table[:, :64]).to(torch.uint8).reshape(-1, 1, 8, 8)  # (1797, 1, 8, 8)
        whole = Arrays(x, torch.from_numpy(table[:, 64]).long())
        names = tuple("0123456789")
        held, how, flat = self.valid, self.normalise, not self.image
        return assemble(whole, seed, valid=held, test=self.test, normalise=how, top=16, classes=names, flat=flat)


def _table() -> Any:
    """(1797, 65) numbers: 64 pixels and the digit. Read from scikit-learn's file: to import it takes over a second."""
    found = importlib.util.find_spec("sklearn")
    for place in (found.submodule_search_locations or []) if found else []:
        path = Path(place, "datasets", "data", "digits.csv.gz")
        if path.is_file():
            with gzip.open(path, "rt") as lines:
                return np.loadtxt(lines, delimiter=",", dtype=np.int64)
    from sklearn.datasets import load_digits  # where it has moved

    digits: Any = load_digits()
    return np.concatenate([digits.data, digits.target[:, None]], 1).astype(np.int64)
