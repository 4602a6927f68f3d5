"""Average the weights along the way. stage: after.

Each is `gradwise.stages.Averaging`: what `averaged(model)` gives is evaluated and saved in the weights' place.
"""

from __future__ import annotations

from typing import Annotated

import torch
from annotated_types import Ge, Gt, Le
from torch import Tensor, nn

from gradwise.stages import Count, Fraction, Memory, memory, technique


@technique
class EMA:
    """An exponential moving average of weights and buffers (Polyak & Juditsky 1992, doi:10.1137/0330046).

    stage: after. treats: noisy-gradient, oscillating-loss.
    equation: a <- d a + (1 - d) w, d = min(decay, (1 + t) / (10 + t)), t updates of the average done
    It is evaluated and saved in the weights' place. The decay rises: an early average is not the initial weights.
    Args: decay: 0 <= d < 1; good: 0.99 to 0.9999; every: steps between two updates of the average, at least 1; good: 1
        to 10; recalibrate: training samples, not augmented, from which batch normalisation takes its statistics anew
        for the averaged weights, 0 for none (Izmailov et al. 2018, arXiv:1803.05407, section 3.2); good: 0 or 1000.
    order: last, after all that changes weights.
    conflicts: SWA, Lookahead (the last of them is what is evaluated).
    """

    decay: Fraction = 0.999
    every: Count = 1
    recalibrate: Annotated[int, Ge(0)] = 0
    average: Memory[Tensor] = memory()

    def __call__(self, model: nn.Module, step: int) -> None:
        """Move the average towards the weights as they are after this step (counted from 0)."""
        if (step + 1) % self.every:
            return
        done = (step + 1) // self.every - 1
        _move(self.average, model, 1 - min(self.decay, (1 + done) / (10 + done)))

    def averaged(self, model: nn.Module) -> dict[str, Tensor]:
        """The average, by the names in the network's state; {} before it has begun."""
        return self.average


@technique
class SWA:
    """The plain mean of the weights from a step on (Izmailov et al. 2018, arXiv:1803.05407, algorithm 1).

    stage: after. treats: noisy-gradient, oscillating-loss, overfitting.
    equation: a <- (n a + w) / (n + 1), n weights averaged so far
    It is evaluated and saved in the weights' place, once it has begun. Its weights should still move much: the rate
    stays high (Constant, CosineRestarts) while it averages.
    Args: begin: the step of the first weights, counted from 0; good: three quarters of the run; every: steps between
        two weights of the mean, at least 1; good: an epoch's; recalibrate: as EMA's; good: 1000 or more wherever there
        is batch normalisation.
    order: last, after all that changes weights.
    conflicts: EMA, Lookahead (the last of them is what is evaluated).
    """

    begin: Annotated[int, Ge(0)]
    every: Count = 1
    recalibrate: Annotated[int, Ge(0)] = 0
    average: Memory[Tensor] = memory()

    def __call__(self, model: nn.Module, step: int) -> None:
        """Take the weights as they are after this step (counted from 0) into the mean."""
        since = step - self.begin
        if since >= 0 and since % self.every == 0:
            _move(self.average, model, 1 / (since // self.every + 1))

    def averaged(self, model: nn.Module) -> dict[str, Tensor]:
        """The mean, by the names in the network's state; {} before it has begun."""
        return self.average


@technique
class Lookahead:
    """Every few steps go back part of the way: slow weights follow the fast (Zhang et al. 2019, arXiv:1907.08610).

    stage: after. treats: oscillating-loss, noisy-gradient.
    equation: every `every` steps: s <- s + share (w - s); w <- s (algorithm 1; the optimizer keeps its moments)
    The slow weights s are evaluated and saved in the weights' place.
    Args: share: of the way that is kept, 0 < s <= 1; good: 0.5 to 0.8; every: steps between two returns, at least 1;
        good: 5 to 10.
    order: before EMA and SWA, so that they are what is evaluated.
    conflicts: EMA, SWA (the last of them is what is evaluated).
    """

    share: Annotated[float, Gt(0), Le(1)] = 0.5
    every: Count = 5
    slow: Memory[Tensor] = memory()

    def __call__(self, model: nn.Module, step: int) -> None:
        """Return, where it is time; the first step's weights are the first slow ones."""
        params = dict(model.named_parameters())
        if not self.slow:  # a step late: nobody is asked before the first
            self.slow.update({name: p.detach().clone() for name, p in params.items()})
        if (step + 1) % self.every:
            return
        with torch.no_grad():
            slow = [_beside(self.slow, name, p) for name, p in params.items()]
            torch._foreach_lerp_(slow, list(params.values()), self.share)
            torch._foreach_copy_(list(params.values()), slow)

    @property
    def recalibrate(self) -> int:
        """None: batch normalisation's statistics are those of the fast weights, which are near."""
        return 0

    def averaged(self, model: nn.Module) -> dict[str, Tensor]:
        """The slow weights, by name, tied ones by each of theirs; {} before the first step."""
        first = {id(p): name for name, p in model.named_parameters()}
        every = model.named_parameters(remove_duplicate=False)
        return {name: self.slow[first[id(p)]] for name, p in every} if self.slow else {}


def _move(average: dict[str, Tensor], model: nn.Module, share: float) -> None:
    """Move an average of weights and buffers this share of the way to where they are; it begins there."""
    state = {name: tensor for name, tensor in model.state_dict().items() if tensor.is_floating_point()}
    if not average:
        average.update({name: tensor.detach().clone() for name, tensor in state.items()})
        return
    torch._foreach_lerp_(
        [_beside(average, name, tensor) for name, tensor in state.items()], list(state.values()), share
    )


def _beside(kept: dict[str, Tensor], name: str, tensor: Tensor) -> Tensor:
    """What is kept of a tensor, on its device: a checkpoint's comes from the CPU."""
    if kept[name].device != tensor.device:
        kept[name] = kept[name].to(tensor.device)
    return kept[name]
