"""What a trace knows of a loss function at one place of the program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Loss:
    """A loss function at one place of the program, or what `backward` was called on where no known function made it.

    Its values are the series ("loss", source, "value") where training, ("evaluation", source, "value") elsewhere; one
    value per call, at the step that it was made at.
    """

    name: str  # "cross_entropy", "mse_loss", ... as in torch.nn.functional; "" for what the program computes itself
    source: str  # "train.py:31", the line of the program; the key of its series
    training: bool = True  # backward reached it; False: it was only evaluated
    by_hand: bool = False  # the program writes it out: `name` is what does the same
    backward_source: str = ""  # the line of backward()
    calls: int = 0
    samples: int = 0  # targets seen, over all calls looked at
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])  # those given: weight: true, reduction: "sum"...
    input_shape: list[int] = field(default_factory=list[int])
    target_shape: list[int] = field(default_factory=list[int])
    target_dtype: str = ""  # "int64", "float32"
    data_dtype: str = ""  # of the same values where they came from a DataLoader: "int64" though cast to float since
    # the input (prediction), over the looks
    input_low: float | None = None
    input_high: float | None = None
    input_rows_sum_to_one: float | None = None  # share of rows within [0, 1] that sum to 1 (dim 1)
    input_rows_log_normal: float | None = None  # share of rows whose logsumexp is 0: log-probabilities
    input_spread: float | None = None  # standard deviation over the batch, mean over outputs, at the last looks
    # the target
    target_low: float | None = None
    target_high: float | None = None
    target_mean: float | None = None
    target_spread: float | None = None  # standard deviation
    target_integer: bool = False  # every value is a whole number
    target_distinct: int = 0  # different values seen, at most 1000 counted
    target_batches: int = 0  # of real numbers: batches of targets that were looked at, and how many of them differ
    target_batches_distinct: int = 0
    target_rows_sum_to_one: float | None = None  # of float targets shaped as the input
    counts: list[int] = field(default_factory=list[int])  # how often each class came, for class indices and 0/1
    predicted: list[int] = field(default_factory=list[int])  # how often each class was predicted, at the last looks
    recalled: list[float | None] = field(default_factory=list[float | None])  # recall per class, at the last looks
    ignored: int = 0  # targets equal to ignore_index
    baseline: float | None = None  # the loss of the best constant prediction, reduction included
    chance: float | None = None  # what knowing nothing costs at the start: ln C, ln 2; for real targets = baseline
    # the way from the last weights to the loss, last first: ["softmax"]; views are left out
    through: list[str] = field(default_factory=list[str])
    softmax_size: int | None = None  # how many units a softmax in `through` runs over
    sign: int = 1  # -1: backward was called on the negated value
    ctc: float | None = None  # of a connectionist temporal classification: share of frames whose logsumexp is 0
    likelihood: int = 0  # of a loss without a name: 1 for a mean of log-probabilities, -1 for minus that
    similarity: int = 0  # likewise: 1 for a mean of cosines with what the data give, -1 for minus that
    signed: bool = False  # its samples are weighted by numbers of both signs: an advantage, whose value tells nothing
    lost: str = ""  # the program's name for a reward whose log-probabilities it makes small
    earned: str = ""  # the same, where it makes them large
    penalty: float | None = None  # share of what backward was called on that is not this loss, at the last looks
    broadcast: list[list[int]] = field(default_factory=list[list[int]])  # [prediction, difference] shapes that grew
    # the order in which targets come
    repeats: float | None = None  # share of neighbours in the order of training that have the same class
    batch_spread: float | None = None  # variance of batch means over what shuffling would give (1)
