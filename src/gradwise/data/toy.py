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

    x (4 * repeat, 2) float32, y (4 * repeat,) int64. There are no other points: all four are validation and test too.
    The same for every seed.
    Args: repeat: how often the points occur; centred: coordinates -1 and 1 in place of 0 and 1.
    """

    repeat: Count = 1
    centred: bool = False

    def __call__(self, seed: int) -> Sets:
        """The points, repeated for training."""
        x, y = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), torch.tensor([0, 1, 1, 0])
        x = 2 * x - 1 if self.centred else x
        points = Arrays(x, y)
        return Sets(Arrays(x.repeat(self.repeat, 1), y.repeat(self.repeat)), points, points, ("equal", "different"))
