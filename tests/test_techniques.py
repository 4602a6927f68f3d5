"""What is asked of every technique of ours, whatever it does. A new one is judged as soon as its folder names it."""

from __future__ import annotations

import copy
import dataclasses
import functools
import importlib
import pickle
import tempfile
import typing
from pathlib import Path
from typing import Any, Literal

import annotated_types
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from gradwise import recipefile
from gradwise.data import XOR
from gradwise.errors import RecipeError
from gradwise.fromrun import FromRun
from gradwise.gradient import PCGrad, Unfreeze
from gradwise.loss import (
    FAMO,
    BinaryCrossEntropy,
    CrossEntropy,
    GradNorm,
    Huber,
    MeanAbsoluteError,
    MeanSquaredError,
    MultiTask,
    Uncertainty,
)
from gradwise.model import MLP, ConvNet, Residual, Transfer
from gradwise.randomness import Rng
from gradwise.recipe import Recipe, Watching
from gradwise.stages import Batch, Memory
from gradwise.train import train
from gradwise.watch import Trace

TASKS = MultiTask((MeanSquaredError(), MeanSquaredError()), outputs=(1, 2), labels=(1, 2))
WEIGHING = (MultiTask, Uncertainty, FAMO, GradNorm)
NUMBERS = (BinaryCrossEntropy, MeanSquaredError, MeanAbsoluteError, Huber, *WEIGHING)  # to reach
REQUIRED: dict[str, dict[str, Any]] = {  # arguments without a default
    "Accumulate": {"parts": 2},
    "Activation": {"kind": "gelu"},
    "Balanced": {"data": XOR()},
    "Budget": {"steps": 10},
    "CSV": {"path": "set.csv", "target": "y"},
    "ClipNorm": {"max_norm": 1.0},
    "ClipValue": {"limit": 0.1},
    "ConfusedPairs": {"pairs": ((0, 2),)},
    "ConvNet": {"blocks": ((4, 3, 1, True),), "channels": 3},
    "CutMix": {"classes": 3},
    "Decay": {"share": 0.01},
    "Dataset": {"make": [(0.0, 1)]},
    "Distill": {"teachers": (ConvNet(((4, 3, 1, True),), channels=3, classes=3),)},
    "FAMO": {"objective": TASKS},
    "GradNorm": {"objective": TASKS},
    "FromRun": {"run": "runs/teacher"},
    "FeatureDistill": {
        "teacher": ConvNet(((4, 3, 1, True),), channels=3, classes=3),
        "layer": "0",
        "teacher_layer": "0",
        "strength": 0.5,
    },
    "ImageFolder": {"root": "pictures"},
    "MLP": {"widths": (4, 5, 3)},
    "Mixup": {"classes": 3},
    "MaxNorm": {"limit": 0.5},
    "MultiTask": {"tasks": (MeanSquaredError(), MeanSquaredError()), "outputs": (1, 2), "labels": (1, 2)},
    "NPZ": {"path": "set.npz"},
    "Prune": {"sparsity": 0.5, "begin": 0, "end": 2},
    "SWA": {"begin": 1},
    "SoftThreshold": {"amount": 0.01},
    "Target": {"value": 0.5},
    "Tensors": {"x": [0.0], "y": [1]},
    "Transfer": {"source": "weights.safetensors"},
    "Uncertainty": {"objective": TASKS},
    "WeightClip": {"limit": 0.1},
}
ALL = {name: (stage, kind) for stage, kinds in recipefile.techniques().items() for name, kind in kinds.items()}
each = pytest.mark.parametrize("name", ALL)


def example(name: str) -> Any:
    try:
        return ALL[name][1](**REQUIRED.get(name, {}))
    except RecipeError as error:
        pytest.fail(f"write what {name} cannot do without into REQUIRED: {error}")


def settings(kind: Any) -> dict[str, Any]:
    """Argument -> its type, with the domain that is written beside it."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind) if field.init}


def outside(hint: Any) -> list[Any]:
    """Values that an argument of this type cannot take."""
    base, *rules = typing.get_args(hint) if typing.get_origin(hint) is typing.Annotated else (hint,)
    found: list[Any] = [] if base is Any else [object()]
    for rule in rules:
        match rule:
            case annotated_types.Gt(bound):
                found += [bound, bound - 1]
            case annotated_types.Ge(bound):
                found.append(bound - 1)
            case annotated_types.Lt(bound):
                found += [bound, bound + 1]
            case annotated_types.Le(bound):
                found.append(bound + 1)
            case annotated_types.Len(least):
                found += [()] if least else []
            case _:
                pass
    if base is float:
        found += [float("nan"), float("inf"), "wide"]
    if typing.get_origin(base) is Literal:
        found.append("no such thing")
    return found


def test_they_are_found() -> None:
    assert len(ALL) >= 30
    assert all(recipefile.techniques()[stage] for stage in recipefile.STAGES)
    assert sum(map(len, recipefile.techniques().values())) == len(ALL)  # no name twice


@pytest.mark.parametrize("package", recipefile.PACKAGES)
def test_every_technique_in_a_folder_is_named_by_it(package: str) -> None:
    module = importlib.import_module(f"gradwise.{package}")
    for path in module.__path__:
        for file in sorted(Path(path).glob("*.py")):
            part = importlib.import_module(f"gradwise.{package}.{file.stem}")
            made_here = [thing for thing in vars(part).values() if getattr(thing, "__module__", "") == part.__name__]
            for thing in made_here:
                if recipefile.stage_of(thing) and not thing.__name__.startswith("_"):
                    assert thing.__name__ in module.__all__


@each
def test_it_is_written_as_it_is_made(name: str) -> None:
    one = example(name)
    assert eval(repr(one), {kind.__name__: kind for _, kind in ALL.values()}) == one


@each
def test_it_can_be_copied_and_sent(name: str) -> None:
    one = example(name)
    for other in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert other == one
        assert type(other) is type(one)


@each
def test_it_is_frozen(name: str) -> None:
    one = example(name)
    for argument in settings(ALL[name][1]):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(one, argument, 1)


@each
def test_it_stores_its_arguments_untouched(name: str) -> None:
    one = example(name)
    for argument, value in REQUIRED.get(name, {}).items():
        assert getattr(one, argument) == value


@each
def test_a_value_outside_an_argument_s_domain_is_refused_by_name(name: str) -> None:
    kind = ALL[name][1]
    for argument, hint in settings(kind).items():
        for value in outside(hint):
            with pytest.raises(RecipeError) as caught:
                kind(**REQUIRED.get(name, {}) | {argument: value})
            text = str(caught.value)
            assert f"{name}.{argument}" in text, f"{argument}={value!r}: {text}"
            assert len(text.splitlines()) <= 5


@each
def test_a_misspelt_argument_is_answered_with_the_nearest(name: str) -> None:
    kind = ALL[name][1]
    with pytest.raises(RecipeError, match="has no setting 'qqqq'"):
        kind(**REQUIRED.get(name, {}), qqqq=1)
    for argument in settings(kind):
        if len(argument) > 3:
            misspelt = argument[:2] + argument[3:]
            with pytest.raises(RecipeError, match=f"did you mean '{argument}'"):
                kind(**{misspelt: 1})


@each
def test_it_says_what_it_does_and_what_each_argument_is(name: str) -> None:
    kind = ALL[name][1]
    text = kind.__doc__ or ""
    assert len(text.splitlines()[0]) > 15
    assert not text.startswith(f"{name}(")  # a dataclass's own
    assert kind.__call__.__doc__
    if ALL[name][0] != "data":  # what the sets have in common is not told at each
        assert [argument for argument in settings(kind) if argument not in text] == []


# What it does, at its stage.


def images(size: int = 6) -> Batch:
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(size, 3, 8, 8, generator=generator)
    return Batch(x, torch.randint(3, (size,), generator=generator), torch.arange(size) + 40)


def small() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 3))


def vector(tensors: Any) -> Tensor:
    return torch.cat([tensor.detach().flatten().float() for tensor in tensors])


def try_model(thing: Any, batch: Batch) -> Tensor:
    if isinstance(thing, FromRun):
        return FromRun(finished())()(batch.x.flatten(1)[:, :2])
    x = batch.x if hasattr(thing, "channels") else batch.x.flatten(1)[:, :4]
    return thing()(x)


@functools.cache
def finished() -> str:
    """A run's folder."""
    path = Path(tempfile.mkdtemp()) / "run"
    recipe = Recipe(data=XOR(), model=MLP((2, 4, 2)), epochs=1, watch=Watching(on=False))
    train(recipe, path, show=lambda event: None)
    return str(path)


def written(model: nn.Module) -> str:
    path = Path(tempfile.mkdtemp()) / "weights.safetensors"
    save_file(model.state_dict(), path)
    return str(path)


def try_surgery(thing: Any, batch: Batch) -> Tensor:
    model = small()
    if isinstance(thing, Transfer):
        thing = Transfer(written(small()))
    if type(thing).__name__ in ("Residual", "StochasticDepth", "ZeroInitResidual", "Fixup"):  # equal layers in a row
        equal = [nn.Conv2d(3, 3, 3, padding=1), nn.ReLU(), nn.Conv2d(3, 3, 3, padding=1), nn.ReLU()]
        model = nn.Sequential(*equal, nn.Flatten(), nn.Linear(192, 3))
        model = model if isinstance(thing, Residual) else Residual()(model, batch)
    model = thing(model, batch)
    return vector([*model.parameters(), model(batch.x)])


def try_objective(thing: Any, batch: Batch) -> Tensor:
    model = small()
    output = model(batch.x)
    labels = torch.rand(output.shape) if isinstance(thing, NUMBERS) else batch.y
    loss = thing(model, batch._replace(y=labels))
    assert loss.dim() == 0
    return vector(torch.autograd.grad(loss, list(model.parameters())))


def try_backward(thing: Any, batch: Batch) -> Tensor:
    model, several = small(), isinstance(thing, PCGrad)
    batch = batch._replace(y=torch.rand(len(batch.x), 3)) if several else batch
    loss = thing(TASKS if several else CrossEntropy(), model, batch)
    assert not loss.requires_grad
    held = isinstance(thing, Unfreeze)  # and the layers that it holds have no gradient
    return vector([loss, *(p.grad for p in model.parameters() if p.grad is not None or not held)])


def try_gradient(thing: Any, batch: Batch) -> Tensor:
    params = list(small().parameters())
    for p in params:
        p.grad = torch.randn_like(p)
    thing(params)
    return vector(p.grad for p in params)


def try_optimizer(thing: Any, batch: Batch) -> Tensor:
    model = small()
    optimizer = thing(model.parameters())
    assert isinstance(optimizer, torch.optim.Optimizer)
    before = vector(model.parameters())
    for _ in range(3):
        optimizer.zero_grad()
        CrossEntropy()(model, batch).backward()
        optimizer.step()
    after = vector(model.parameters())
    assert not torch.equal(before, after)
    return after


def try_after(thing: Any, batch: Batch) -> Tensor:
    thing = copy.deepcopy(thing)
    model = small()
    for step in range(4):
        thing(model, step)
        with torch.no_grad():
            for p in model.parameters():
                p.add_(torch.randn_like(p))
    kept = [kept for memory in vars(thing).values() if isinstance(memory, Memory) for kept in memory.values()]
    return vector([*model.parameters(), *kept])


def try_stop(thing: Any, batch: Batch) -> Tensor:
    trace, answers = Trace(), list[float]()
    trace.best_by = "valid_loss"
    for epoch in range(20):
        trace.evaluated(epoch, {"valid_loss": 1.0 / (epoch + 1) if epoch < 5 else 1.0, "train_loss": 1.0 / (epoch + 1)})
        answer = thing(trace)
        assert isinstance(answer, bool)
        answers.append(float(answer))
    assert 0 < sum(answers) < 20
    return torch.tensor(answers)


TRIALS: dict[str, Any] = {
    "model": try_model,
    "surgery": try_surgery,
    "batch": lambda thing, batch: vector(thing(batch, Rng(0, 0, 0))[:2]),
    "objective": try_objective,
    "backward": try_backward,
    "gradient": try_gradient,
    "optimizer": try_optimizer,
    "schedule": lambda thing, batch: torch.tensor([thing(i / 50) for i in range(50)]),
    "after": try_after,
    "stop": try_stop,
}
tried = pytest.mark.parametrize("name", [name for name, (stage, _) in ALL.items() if stage != "data"])


def trial(name: str, seed: int = 0) -> Tensor:
    torch.manual_seed(seed)
    return TRIALS[ALL[name][0]](example(name), images())


@tried
@pytest.mark.usefixtures("kernels")
def test_it_does_the_same_each_time_and_nothing_that_is_not_finite(name: str) -> None:
    one = trial(name)
    assert one.dtype == torch.float32
    assert one.isfinite().all()
    assert torch.equal(one, trial(name))


@tried
def test_kernels_or_not_the_numbers_are_the_same(name: str, request: pytest.FixtureRequest) -> None:
    with_kernels = trial(name)
    request.getfixturevalue("without_kernels")
    torch.testing.assert_close(trial(name), with_kernels, rtol=1e-4, atol=1e-5)


@tried
def test_it_leaves_the_samples_that_it_was_given(name: str) -> None:
    batch = images()
    TRIALS[ALL[name][0]](example(name), batch)
    assert all(torch.equal(a, b) for a, b in zip(batch, images(), strict=True))


@each
def test_it_is_kept_in_a_recipe_s_file(name: str) -> None:
    stage, one = ALL[name][0], example(name)
    if name in ("Dataset", "Tensors"):
        pytest.skip("what is in hand is not written")
    fields: dict[str, Any] = {"data": example("XOR"), "model": example("MLP")}
    recipe = Recipe(**fields | {stage: (one,) if stage in recipefile.LISTS else one})
    text = recipefile.to_text(recipe)
    assert name in text
    assert recipefile.from_dict(recipefile.read(text, "here")) == recipe


def test_watching_is_judged_alike() -> None:
    assert eval(repr(Watching(every=3))) == Watching(every=3)
    with pytest.raises(RecipeError, match=r"Watching\.budget must be above 0"):
        Watching(budget=0)
