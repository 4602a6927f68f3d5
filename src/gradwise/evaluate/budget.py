"""Stop because enough was spent, or because too little carries over. stage: stop."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge

from gradwise.errors import RecipeError
from gradwise.stages import NonNegative, Positive, Trace, technique


@technique
class Budget:
    """Stop after so many steps, or so many seconds, whatever has been reached.

    It is asked after every step; the network is then evaluated as at an epoch's end. `epochs` stays what schedules go
    by. Seconds are those spent training, over all parts of a run that was resumed; a run that time stops does not end
    at the same step twice.
    stage: stop.
    equation: t >= steps or time >= seconds
    Args: steps: updates in all, 0 for any number; seconds: at least 0, 0 for any time; one of them is above 0.
    """

    steps: Annotated[int, Ge(0)] = 0
    seconds: NonNegative = 0.0

    def __post_init__(self) -> None:
        if not self.steps and not self.seconds:
            raise RecipeError("Budget.steps must be above 0, or Budget.seconds, got neither.", fix="steps: 1000")

    def __call__(self, trace: Trace) -> bool:
        """Is it spent, at the last evaluation?"""
        return self.spent(trace.step, trace.seconds)

    def spent(self, step: int, seconds: float) -> bool:
        """Is it spent, now that so many steps are done in so many seconds?"""
        return bool(self.steps and step >= self.steps) or bool(self.seconds and seconds >= self.seconds)


@technique
class GeneralisationGap:
    """Stop when the validation loss lies too far above the training loss.

    The gap is what was learnt by heart (Keskar et al. 2017, arXiv:1609.04836, section 2.1). Where regularisation makes
    the training loss larger than the validation loss, there is none.
    stage: stop. treats: overfitting.
    equation: E_valid - E_train > share E_valid
    Args: share: of the validation loss, above 0; good: 0.3 to 0.7; after: epochs that pass before it is asked, at least
        0; good: 2 to 5 (an epoch's training loss is the mean over it, while the network still learns).
    """

    share: Positive = 0.5
    after: Annotated[int, Ge(0)] = 2

    def __call__(self, trace: Trace) -> bool:
        """Is the gap too wide?"""
        valid, train = trace.metric("valid_loss")[1], trace.metric("train_loss")[1]
        if train and not valid:
            raise RecipeError("GeneralisationGap needs a validation set.", fix="data.valid=0.1 holds samples out.")
        return len(valid) > self.after and valid[-1] - train[-1] > self.share * abs(valid[-1])
