"""What is known of a training beside its numbers per step: its losses (`lossfact.py`), layers, parameters, optimizers,
data, and what was tried beside it (`tried.py`). Statistics only: no sample and no weight. A field that is None was not
looked at.

A trace carries them (`trace.facts`), they go to JSON and back, and the rules read them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from gradwise.watch.lossfact import Loss
from gradwise.watch.tried import CustomFunction, GradientCheck, Probes

PHASES = 256  # beginnings that are kept


NOBODY = -101  # the label of a row of smoothed ones that has no 1


@dataclass
class Parameter:
    """A trainable tensor, or one that an optimizer holds."""

    name: str  # "fc1.weight"
    shape: list[int]
    requires_grad: bool = True
    held: bool = False  # by an optimizer that stepped, or by one that was made where none stepped
    in_model: bool = True  # of a module that was run; a plain tensor counts where the loss reaches it
    reached: bool = False  # a backward pass gave it a gradient
    changed: bool = False  # its values changed since the start
    zero_gradient: bool = False  # every gradient looked at was exactly 0
    equal_rows: bool | None = None  # of a matrix: all rows equal, at the last look of the start (step >= 5)
    start_equal_rows: bool | None = None  # at the first look
    start_spread: float | None = None  # standard deviation of the values at the first look
    fan_in: int = 0
    decay: float = 0.0  # weight decay of its group
    source: str = ""  # where its module was made, or its optimizer


@dataclass
class Layer:
    """A layer with weights and what follows it, in the order from the input to the loss."""

    name: str  # "fc1"
    kind: str  # the module's class or the operation: "Linear", "Conv2d", "LSTM", "addmm"
    weight: str = ""  # name of the parameter
    activation: str = ""  # "relu", "sigmoid", "tanh", ...; "" for none
    norm: str = ""  # "batch", "layer", "group" between this layer and its activation
    units: int = 0
    residual: bool = False  # its output is added to something that went past it
    depth: int = 0  # how many layers with weights lie before it, along the longest way
    last: bool = False  # nothing with weights lies between it and the loss


@dataclass
class Network:
    """A module that the program calls itself (not from another module), or plain tensors."""

    name: str  # its class
    layers: list[Layer] = field(default_factory=list[Layer])
    parameters: int = 0
    modules: list[str] = field(default_factory=list[str])  # classes of all modules within, each once
    nonlinearities: list[str] = field(default_factory=list[str])  # operations between input and loss that bend
    in_series: int = 0  # affine layers one after the other, along the longest way
    narrowest: int = 0  # units of the narrowest of these, its last excluded
    ends: list[int] = field(default_factory=list[int])  # inputs of the first and outputs of the last of these
    opaque: str = ""  # why its graph could not be seen: "torch.compile", "torch.func"
    # modes, per call
    training_calls: int = 0  # calls that backward followed
    training_in_eval: int = 0  # of these, with the module in evaluation mode
    evaluation_calls: int = 0  # calls without gradient
    evaluation_in_train: int = 0  # of these, with the module in training mode
    parts_in_eval: int = 0  # of training_in_eval, the module itself in training mode: parts were set so on purpose
    trained_in_train_at: int | None = None  # the last step of a call with gradient in training mode
    trained_in_eval_since: int = 0  # calls with gradient since then, all in evaluation mode
    evaluation_passes: int | None = None  # different steps, the start excepted, at which it was called without gradient
    evaluation_passes_in_train: int | None = None  # of these, in training mode
    mode_matters: list[str] = field(default_factory=list[str])  # "Dropout", "BatchNorm1d" within that the mode switches
    source: str = ""  # where the program calls it for training
    evaluation_source: str = ""  # where it calls it without gradient, in training mode if it ever does
    dropout: float = 0.0  # the largest probability
    batch_norm_values: int | None = None  # values per channel that a batch norm averaged over: the fewest seen
    batch_norm_batch: int | None = None  # and the batch size then
    batch_norm_usual: int | None = None  # values per channel at the commonest batch size: the last batch may be small
    batch_norm_samples: int | None = None  # and samples: those of a piece, where a norm is given pieces
    batch_norm_momentum: float | None = None
    batch_norm_unfed: bool = False  # evaluated with the running statistics that batch norms are made with
    first_norm: bool = False  # the input meets a normalisation before any weights
    first_input: float | None = None  # root mean square of what the first layer is given, where that is kept


@dataclass
class Inputs:
    """The floating-point inputs of a network, over the looks; per feature where there are at most 4096 of them."""

    network: str
    training: bool  # seen in training or in evaluation
    shape: list[int] = field(default_factory=list[int])
    samples: int = 0
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    spread: float | None = None  # standard deviation of all values
    largest_spread: float | None = None  # of a feature over samples (channels for pictures)
    smallest_spread: float | None = None  # of the features that vary
    largest_mean: float | None = None  # largest |mean| / standard deviation of a feature that varies
    constant: float | None = None  # share of features that do not vary at all
    distinct_rows: int | None = None  # different samples among those fingerprinted
    fingerprinted: int = 0
    source: str = ""


@dataclass
class Optimizer:
    """An optimizer of torch's that the program made; of kind "by hand" where it changes its weights itself."""

    kind: str  # "SGD"
    source: str  # where it was made
    steps: int = 0
    rate: float = 0.0  # learning rate at the first step
    arguments: dict[str, float | bool] = field(default_factory=dict[str, float | bool])  # momentum, weight_decay...
    maximize: bool = False
    stale: int = 0  # parameters it holds that no network has (any more) and the loss does not reach
    frozen: int = 0  # parameters it holds that do not require gradients
    clip: float | None = None  # clip_grad_norm_'s max_norm
    clipped: float | None = None  # share of looks in which it did clip
    scheduler: str = ""  # class of the learning-rate schedule
    scheduler_source: str = ""
    awaited: float | None = None  # the largest that ReduceLROnPlateau(mode="max") has been given
    step_source: str = ""
    zeroed: bool | None = None  # gradients were cleared between its steps
    piled_up: int = 0  # steps looked at whose gradient contained one that an earlier step had used
    looked: int = 0  # steps looked at for the above
    uphill: float | None = None  # share of looks with update . gradient > 0
    swallowed: int = 0  # steps with a gradient scaler that skipped (infinities: normal at the start of AMP)


@dataclass
class Loader:
    """A DataLoader that was iterated over."""

    source: str
    samples: int | None = None  # len(dataset)
    batch_size: int | None = None
    shuffled: bool | None = None  # its sampler is random
    iterated: int = 0  # passes begun
    batches: int = 0
    workers: int = 0
    sampler: str = ""
    training: bool = False  # a backward pass followed its batches
    longest: int = 0  # batches that were taken in one pass at most


@dataclass
class Overlap:
    """Samples that were evaluated and trained on: one entry per place that evaluates."""

    source: str
    evaluated: int  # different samples fingerprinted there
    trained: int  # different samples fingerprinted in training
    shared: int
    covered: float = 1.0  # share of the training steps that were fingerprinted
    continuous: bool = True  # the inputs have many different values: two samples are not equal by chance
    held_out: bool = False  # the program's line speaks of validation or test
    redrawn: bool = False  # other samples in every pass: those of the last one were trained on before, not since


@dataclass
class Repeats:
    """How many different batches training saw."""

    steps: int  # looked at
    distinct: int
    batch: int  # samples of a batch
    pool: int | None = None  # samples that were there to be drawn from, where that is known
    pool_source: str = ""
    source: str = ""
    late: int | None = None  # different ones of the last 64 steps looked at, where they are as large as the others
    continuous: bool = True  # the inputs are no few whole numbers, of which there are no more than states of a game


@dataclass
class NonFinite:
    """Where NaN or infinity began."""

    step: int
    what: str  # "input", "target", "weight", "activation", "loss", "gradient"
    layer: str = ""  # or the tensor's name
    operation: str = ""  # "log", "exp", "div", "sqrt"
    low: float | None = None  # range of the operation's input
    high: float | None = None
    batch: int | None = None  # number within the epoch, where a DataLoader gave it
    samples: list[int] = field(default_factory=list[int])  # rows of the batch, or numbers in the data set (indexed)
    indexed: bool = False
    source: str = ""
    note: str = ""  # what is special about the input: "a row of it is minus infinity throughout"
    skipped: bool = False  # a gradient scaler skipped this step: normal
    before: dict[str, float] = field(default_factory=dict[str, float])  # of the last finite steps: loss, gradient


@dataclass
class Crash:
    """The exception that ended the program."""

    kind: str  # "IndexError"
    message: str
    source: str  # the last line of the program's own
    code: str = ""  # the problem it is, where known
    says: str = ""  # what happened, in words
    fix: str = ""


@dataclass
class Facts:
    """All of it. Lists are in the order in which things were first seen."""

    program: str = ""
    steps: int = 0  # optimizer steps, or updates by hand
    backwards: int = 0
    looks: int = 0  # steps that were looked at in full
    finished: bool = False  # the program came to its end (not stopped by --steps or --for)
    losses: list[Loss] = field(default_factory=list[Loss])
    networks: list[Network] = field(default_factory=list[Network])
    parameters: list[Parameter] = field(default_factory=list[Parameter])
    optimizers: list[Optimizer] = field(default_factory=list[Optimizer])
    loaders: list[Loader] = field(default_factory=list[Loader])
    inputs: list[Inputs] = field(default_factory=list[Inputs])
    overlaps: list[Overlap] = field(default_factory=list[Overlap])
    repeats: Repeats | None = None
    nonfinite: NonFinite | None = None
    crash: Crash | None = None
    functions: list[CustomFunction] = field(default_factory=list[CustomFunction])
    checks: list[GradientCheck] = field(default_factory=list[GradientCheck])
    probes: Probes = field(default_factory=Probes)
    manual_updates: bool = False  # weights change without an optimizer of torch's
    update_source: str = ""
    alive_graphs: list[int] = field(default_factory=list[int])  # graphs of past steps alive, at steps 2, 4, 8, 16...
    graph_nodes: list[int] = field(default_factory=list[int])  # operations in a step's graph, at the same steps
    listed_graphs: list[int] = field(default_factory=list[int])  # of past steps, in the list that holds most, likewise
    passed_again: int = 0  # backward passes of one step whose graphs a later pass of it goes through once more
    alive_source: str = ""
    phases: list[int] = field(default_factory=list[int])  # steps from which on another optimizer, or shape, is used
    loads: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])  # step, network, line
    reseeded: int = 0  # steps in which one line set the same seed once more, in a row
    reseeded_source: str = ""
    rewards: list[float] = field(default_factory=list[float])  # mean and spread of what drawn actions brought, at first
    adversarial: bool = False  # two optimizers with opposed losses: curves mean little
    not_seen: dict[str, str] = field(default_factory=dict[str, str])  # {"torch.compile": "why"}

    def begins(self, step: int) -> None:
        """Another optimizer, or samples of another shape, from this step on. The first so many are kept."""
        if len(self.phases) < PHASES:
            self.phases.append(step)

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Facts:
        """From a file. Raises pydantic.ValidationError for what is no facts."""
        from pydantic import TypeAdapter  # late: a program under the doctor has no need of it

        return TypeAdapter(cls).validate_python(data)
