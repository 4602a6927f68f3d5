"""The 8 x 8 digits that come with scikit-learn: a set for the first minute, without any download.

Source: E. Alpaydin & C. Kaynak (1998), Optical recognition of handwritten digits, UCI, doi:10.24432/C50P49.
"""

from __future__ import annotations

from typing import Any

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
        from sklearn.datasets import load_digits

        found: Any = load_digits()
        x = torch.from_numpy(found.data).to(torch.uint8).reshape(-1, 1, 8, 8)  # (1797, 1, 8, 8)
        whole = Arrays(x, torch.from_numpy(found.target).long())
        names = tuple("0123456789")
        held, how, flat = self.valid, self.normalise, not self.image
        return assemble(whole, seed, valid=held, test=self.test, normalise=how, top=16, classes=names, flat=flat)
