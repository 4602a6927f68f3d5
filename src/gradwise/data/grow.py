"""A batch that grows with the run. stage: batch."""

from __future__ import annotations

import math
from typing import Annotated

from annotated_types import Gt

from gradwise.randomness import Rng
from gradwise.stages import Batch, Count, technique


@technique
class GrowingBatch:
    """Begin with few samples a step and take more and more (Smith et al. 2018, arXiv:1711.00489).

    The noise of the gradient falls as it does when the rate is lowered. `batch_size` is what is reached at the end;
    before that a step takes the first samples of its batch and leaves the others, so that steps stay as many: early
    epochs show fewer samples, and cost less.
    stage: batch. treats: noisy-gradient, plateau.
    equation: samples at progress p = batch_size / factor^(times - floor(p (times + 1)))
    Args: factor: at each of the intervals, above 1; good: 2 to 5, what a step schedule would divide the rate by; times:
        how often, at least 1; good: 2 or 3.
    order: first, before augmentations, which then work on fewer samples.
    conflicts: a schedule that falls as well (the noise falls twice).
    """

    factor: Annotated[float, Gt(1)] = 2.0
    times: Count = 3

    def __call__(self, batch: Batch, rng: Rng) -> Batch:
        """The first samples of the batch."""
        left = self.times - min(math.floor(rng.progress * (self.times + 1)), self.times)
        size = max(1, round(len(batch.x) / self.factor**left))
        return batch if size >= len(batch.x) else Batch(*(tensor[:size] for tensor in batch))
