"""XOR: the smallest set that a network without a hidden layer cannot learn.

Source: M. Minsky & S. Papert (1969), Perceptrons; learnt by D. Rumelhart, G. Hinton & R. Williams (1986).
"""

from __future__ import annotations

import torch

from gradwise.data.sets import Arrays, Sets
from gradwise.stages import Count, technique


@technique
class XOR:
    """The four points and whether their coordinates differ. Stage `data`.

    x (4 * repeat, 2) float32, y (4 * repeat,) int64. repeat: how often the points occur. The same for every seed.
    """

    repeat: Count = 1

    def __call__(self, seed: int) -> Sets:
        """The points, none held out."""
        x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]).repeat(self.repeat, 1)
        return Sets(Arrays(x, torch.tensor([0, 1, 1, 0]).repeat(self.repeat)), classes=("equal", "different"))
