"""The stages of back-propagation, one Protocol each, and what passes between them.

A technique is anything with its stage's signature: a function of torch's, a lambda, or one of our small frozen
dataclasses. `@technique` makes such a dataclass: the domain of an argument stands beside it (`Annotated[float, Gt(0)]`)
and a value outside it is refused in one line, from Python and from a recipe file alike.

Shapes: B samples, C classes, D features.
"""

from __future__ import annotations

import reprlib
import types
from collections.abc import Callable, Iterable
from dataclasses import field
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Protocol, TypeVar, dataclass_transform, runtime_checkable

import pydantic
import torch
from annotated_types import Ge, Gt, Le, Lt
from pydantic.dataclasses import dataclass as pydantic_dataclass
from torch import Tensor, nn

from gradwise.errors import RecipeError, did_you_mean

if TYPE_CHECKING:
    from gradwise.randomness import Rng

Positive = Annotated[float, Gt(0)]
NonNegative = Annotated[float, Ge(0)]
Fraction = Annotated[float, Ge(0), Lt(1)]  # 0 <= value < 1
Share = Annotated[float, Ge(0), Le(1)]  # 0 <= value <= 1
Count = Annotated[int, Ge(1)]

T = TypeVar("T")


class Batch(NamedTuple):
    """What one turn of the cycle learns from, on the device."""

    x: Tensor  # (B, ...) inputs
    y: Tensor  # (B,) class numbers, or (B, C) soft labels, or (B, ...) numbers to reach
    # Hides tuple.index, which nobody looks for in a batch.
    index: Tensor  # (B,) int64, the samples' numbers in their set: randomness per sample hangs on it  # pyright: ignore[reportIncompatibleMethodOverride]


@runtime_checkable
class Data(Protocol):
    """stage `data`: a training set and, where there are, sets for validation and test (`gradwise.data.Sets`)."""

    def __call__(self, seed: int) -> Any: ...


@runtime_checkable
class Model(Protocol):
    """stage `model`: makes a fresh network."""

    def __call__(self) -> nn.Module: ...


@runtime_checkable
class Surgery(Protocol):
    """stage `surgery`: initialises or rebuilds a network; the batch serves what depends on data."""

    def __call__(self, model: nn.Module, batch: Batch) -> nn.Module: ...


@runtime_checkable
class BatchEdit(Protocol):
    """stage `batch`: augments. Its randomness comes from `rng` alone."""

    def __call__(self, batch: Batch, rng: Rng) -> Batch: ...


@runtime_checkable
class Objective(Protocol):
    """stage `objective`: owns the forward pass; the scalar to be made small."""

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor: ...


@runtime_checkable
class Backward(Protocol):
    """stage `backward`: fills every parameter's `.grad` and returns the loss, still on the device."""

    def __call__(self, objective: Objective, model: nn.Module, batch: Batch) -> Tensor: ...


@runtime_checkable
class GradientEdit(Protocol):
    """stage `gradient`: rewrites `.grad` in place."""

    def __call__(self, params: list[nn.Parameter]) -> None: ...


@runtime_checkable
class MakeOptimizer(Protocol):
    """stage `optimizer`: an optimizer for these parameters (or torch's parameter groups)."""

    def __call__(self, params: Iterable[Any]) -> torch.optim.Optimizer: ...


@runtime_checkable
class Schedule(Protocol):
    """stage `schedule`: progress (0 at the first step, below 1) -> factor on the learning rate."""

    def __call__(self, progress: float) -> float: ...


@runtime_checkable
class After(Protocol):
    """stage `after`: follows the update."""

    def __call__(self, model: nn.Module, step: int) -> None: ...


@runtime_checkable
class Averaging(Protocol):
    """Whoever keeps better weights than the network's own: an `after` technique, an optimizer.

    They are evaluated and saved in the place of the network's.
    """

    @property
    def recalibrate(self) -> int:
        """Training samples from which batch normalisation takes its statistics anew for them, 0 for none."""
        ...

    def averaged(self, model: nn.Module) -> dict[str, Tensor]:
        """They, by their names in the network's state; {} before they have begun."""
        ...


@runtime_checkable
class Gradual(Protocol):
    """An `after` technique that changes what the network is, step by step: before it is through, no epoch is the best.

    Whatever is evaluated earlier is not the network that was asked for: no stop is shown it either.
    """

    @property
    def ready(self) -> int:
        """Steps after which the network is as it was asked for."""
        ...


class Trace(Protocol):
    """What a stop sees of the record: the figures of every evaluation so far."""

    step: int  # done when the last of them was made
    seconds: float  # spent training until then

    def metric(self, name: str) -> tuple[str, list[float]]:
        """One column of the epoch table, oldest first; "" names the one that "best" goes by."""
        ...


@runtime_checkable
class Looking(Protocol):
    """A schedule that goes by the record: it is shown it after every evaluation, and when a run goes on."""

    def look(self, trace: Trace) -> None:
        """Settle the factor until the next evaluation: a function of the trace alone."""
        ...


@runtime_checkable
class Limiting(Protocol):
    """A stop that is asked after every step too."""

    def spent(self, step: int, seconds: float) -> bool:
        """Is it enough, after so many steps and seconds?"""
        ...


@runtime_checkable
class Stop(Protocol):
    """stage `stop`: asked after every evaluation; a pure function of the trace, so that a resumed run stops alike."""

    def __call__(self, trace: Trace) -> bool: ...


class Memory(dict[str, T]):
    """What a technique remembers from step to step: a checkpoint keeps it. A technique has one at most, as a field."""

    def state(self) -> dict[str, T]:
        """What a checkpoint keeps, as plain data."""
        return dict(self)

    def restore(self, state: dict[str, T]) -> None:
        """Go on from a checkpoint."""
        self.clear()
        self.update(state)


def memory() -> Any:
    """The field: `kept: Memory[Tensor] = memory()`."""
    return field(default_factory=Memory[Any], init=False, repr=False, compare=False)


@dataclass_transform(frozen_default=True)
def technique(cls: type[T]) -> type[T]:
    """Make a class a technique: a frozen dataclass that checks its arguments and says in one line what is wrong."""
    config = pydantic.ConfigDict(extra="forbid", arbitrary_types_allowed=True, allow_inf_nan=False)
    made: Any = pydantic_dataclass(cls, frozen=True, config=config)
    validate: Callable[..., None] = made.__init__

    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        known = [name for name, field in made.__dataclass_fields__.items() if field.init]
        if len(args) > len(known):  # pydantic would drop it where the class keeps state of its own
            raise RecipeError(f"{cls.__name__} has {len(known)} settings, got one more: {_short(args[len(known)])}.")
        try:
            validate(self, *args, **kwargs)
        except pydantic.ValidationError as error:
            raise explain(cls.__name__, error, known) from None

    made.__init__ = initialise
    return made


def explain(owner: str, error: pydantic.ValidationError, fields: Iterable[str]) -> RecipeError:
    """The first complaint of pydantic's as a sentence: owner, rule, value, way out."""
    unknown = ("unexpected_keyword_argument", "extra_forbidden")
    errors = error.errors(include_url=False)
    first = next((e for e in errors if e["type"] in unknown), errors[0])  # a misspelt name explains a missing one
    named = list(fields)
    loc = list(first["loc"])
    if loc and isinstance(loc[0], int):  # a positional argument
        loc[0] = named[loc[0]] if loc[0] < len(named) else f"argument {loc[0] + 1}"
    # Of a union: which of its types pydantic tried says nothing to a user.
    branches = ("int", "float", "str", "bool", "constrained-int")
    path = ".".join(str(p) for p in loc if p not in branches and not str(p).startswith(("function-", "tuple[")))
    rules = {
        "greater_than": "above {gt}",
        "greater_than_equal": "at least {ge}",
        "less_than": "below {lt}",
        "less_than_equal": "at most {le}",
        "literal_error": "one of {expected}",
        "too_short": "at least {min_length} long",
        "too_long": "at most {max_length} long",
    }
    kind, got = first["type"], first["input"]
    context = {name: f"{v:g}" if isinstance(v, float) else v for name, v in first.get("ctx", {}).items()}
    if kind in unknown:
        return RecipeError(f"{owner} has no setting {path!r}.", fix=did_you_mean(path, named))
    if kind in ("missing", "missing_argument"):
        return RecipeError(f"{owner}.{path} is missing.", fix=f"write {path}: and its value.")
    rule = rules[kind].format(**context) if kind in rules else first["msg"].removeprefix("Input should be ")
    return RecipeError(f"{owner}.{path} must be {rule}, got {_short(got)}.")


def _short(value: Any) -> str:
    """A value in a sentence: one line, however many numbers it holds."""
    text = " ".join(reprlib.repr(value).split())
    return text if len(text) <= 120 else f"{text[:117]}..."


def name_of(thing: Any) -> str:
    """What a technique is called in a table or a log: its class, or its function's name."""
    named = thing if isinstance(thing, (type, types.FunctionType, types.BuiltinFunctionType)) else type(thing)
    return named.__name__
