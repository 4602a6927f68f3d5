"""Average the weights along the way. stage: after."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

import torch
from annotated_types import Ge
from torch import Tensor, nn

from gradwise.stages import Count, Fraction, technique


@technique
class EMA:
    """An exponential moving average of weights and buffers, evaluated and saved in the weights' place.

    stage: after. treats: noisy-gradient (Polyak & Juditsky 1992, doi:10.1137/0330046). The decay rises as
    min(decay, (1 + t) / (10 + t)), t updates done, so that an early average is not the initial weights.
    Args: decay: 0 <= d < 1, usually 0.99 to 0.9999; every: steps between two updates of the average, at least 1;
        recalibrate: training samples, not augmented, from which batch normalisation takes its statistics anew for the
        averaged weights, 0 for none (Izmailov et al. 2018, arXiv:1803.05407, section 3.2).
    """

    decay: Fraction = 0.999
    every: Count = 1
    recalibrate: Annotated[int, Ge(0)] = 0
    average: dict[str, Tensor] = field(default_factory=dict[str, Tensor], init=False, repr=False, compare=False)

    def __call__(self, model: nn.Module, step: int) -> None:
        """Move the average towards the weights as they are after this step (counted from 0)."""
        if (step + 1) % self.every:
            return
        state = {name: tensor for name, tensor in model.state_dict().items() if tensor.is_floating_point()}
        if not self.average:
            self.average.update({name: tensor.detach().clone() for name, tensor in state.items()})
            return
        done = (step + 1) // self.every - 1
        share = 1 - min(self.decay, (1 + done) / (10 + done))
        torch._foreach_lerp_([self.average[name] for name in state], list(state.values()), share)

    def state(self) -> dict[str, Tensor]:
        """What a checkpoint keeps."""
        return self.average

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on from a checkpoint."""
        self.average.clear()
        self.average.update(state)
