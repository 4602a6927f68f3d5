"""What was tried beside a training, not seen in it: steps on copies of its network, derivatives by differences."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Probes:
    """What was tried on copies, from the weights of the start or of the end, with batches of the program's own."""

    why_not: str = ""  # why nothing was tried
    steps: int = 0  # of each of the following
    start: float | None = None  # mean loss of these batches before
    same: float | None = None  # after as many steps with the program's optimizer
    rates: dict[str, float] = field(default_factory=dict[str, float])  # the loss at other learning rates: {"0.1": ...}
    start_apart: float | None = None  # start and rates once more, of batches that none of these was trained on
    rates_apart: dict[str, float] = field(default_factory=dict[str, float])
    # the data's loss on batches kept apart: at the end of the program, after some steps from the start as it took them,
    # and after as many without "decay", without a "penalty" on weights or on a "code", without "dropout"
    began: float | None = None  # the same at the start
    code: float | None = None  # what the term on a code adds to it at the end
    ended: float | None = None
    kept: float | None = None
    freed_steps: int = 0
    freed: dict[str, float] = field(default_factory=dict[str, float])
    raw: float | None = None  # inputs that are far from a spread of 1: the loss after some steps from the start,
    standardised: float | None = None  # and after as many with each feature at mean 0 and spread 1
    adam: float | None = None  # with Adam and a usual rate, from fresh initial weights of torch's
    sixteen: float | None = None  # loss of sixteen samples after training on them alone, from the start
    sixteen_start: float | None = None
    # at the end of the program, on its last batches
    train_mode: float | None = None  # loss with batch norms in training mode, everything else in evaluation mode
    eval_mode: float | None = None  # and with all in evaluation mode
    zeroed: float | None = None  # loss with the input replaced by its mean over the batch
    as_is: float | None = None  # loss with the input as it is
    last: float | None = None  # the loss of the data, without dropout
    averaged: float | None = None  # the same with the weights averaged over the last part of the run
    averages: int = 0  # values of each weight
    over_the_batch: list[str] = field(default_factory=list[str])  # layers that take samples for steps of a sequence
    batch_sensitivity: float | None = None  # loss of two batches at once over that of one: 1 for a mean, 2 for a sum
    learnable: float | None = None  # how much of the target neighbours and linear models explain, cross-validated: 0..1
    learnable_p: float | None = None  # p-value of that by permutation
    stronger: float | None = None  # how much a stronger model (boosted trees) explains, cross-validated: 0..1
    stronger_p: float | None = None  # p-value of that by permutation
    counted: bool = False  # inputs are sequences of ids, of which these models saw how often each came, not the order
    fitted: float | None = None  # how much the network explains on the same samples: 0..1
    probe_samples: int = 0
    equal: int = 0  # pairs of samples whose inputs are the same
    agreed: float | None = None  # how far the classes of those agree beyond chance: 0 not at all, 1 always


@dataclass
class CustomFunction:
    """A hand-written autograd.Function, its backward checked against differences in double precision."""

    name: str
    source: str
    error: float | None = None  # |analytic - numeric| / max of both, along random directions; the median
    ratio: float | None = None  # analytic / numeric where that is constant
    deliberate: str = ""  # "straight-through", "gradient reversal": the forward pass is flat or the identity
    argument: int = 0  # number of the input that is worst


@dataclass
class GradientCheck:
    """A parameter's gradient as logged, against differences of the loss in double precision: `trace.check`."""

    name: str
    ratio: float  # logged / numeric, least squares
    cosine: float  # between the two; 1 is the same direction
    batch: int | None = None  # samples, where known
    order: int = 0  # 0 is the parameter next to the input
