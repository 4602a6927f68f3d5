"""Learning rate over the run. stage: schedule: progress p in [0, 1) -> factor on the optimizer's rate."""

from __future__ import annotations

import math
from typing import Literal

from gradwise.stages import Count, Fraction, NonNegative, Share, technique


@technique
class Constant:
    """The same rate throughout."""

    def __call__(self, progress: float) -> float:
        """1."""
        return 1.0


@technique
class StepDecay:
    """Multiply the rate by `factor` at each of `drops` equal intervals.

    Args: factor: 0 < f, usually 0.1 to 0.5; drops: how many, at least 1.
    """

    factor: NonNegative = 0.1
    drops: Count = 2

    def __call__(self, progress: float) -> float:
        """factor ** floor(p (drops + 1))."""
        return self.factor ** math.floor(progress * (self.drops + 1))


@technique
class Cosine:
    """Half a cosine from 1 down to `final` (Loshchilov & Hutter 2017, arXiv:1608.03983, equation 5).

    Args: final: the factor at the end, 0 to 1.
    """

    final: Share = 0.0

    def __call__(self, progress: float) -> float:
        """Final + (1 - final) (1 + cos(pi p)) / 2."""
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * progress)) / 2


@technique
class WarmUp:
    """Rise linearly over the first share of the run, then follow constant, linear or cosine decay to `final`.

    treats: learning-rate-too-high at the start (Goyal et al. 2017, arXiv:1706.02677, section 2.2).
    Args: share: of the run, 0 <= s < 1; then: the shape of the rest; start, final: factors at either end, 0 to 1.
    """

    share: Fraction = 0.05
    then: Literal["constant", "linear", "cosine"] = "cosine"
    start: Share = 0.0
    final: Share = 0.0

    def __call__(self, progress: float) -> float:
        """The factor at this progress."""
        if progress < self.share:
            return self.start + (1 - self.start) * progress / self.share
        if self.then == "constant":
            return 1.0
        rest = (progress - self.share) / (1 - self.share)
        shape = 1 - rest if self.then == "linear" else (1 + math.cos(math.pi * rest)) / 2
        return self.final + (1 - self.final) * shape
