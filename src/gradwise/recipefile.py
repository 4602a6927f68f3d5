"""Recipes as files: YAML <-> Recipe, and `key=value` changes.

A technique is written as its name, or as a mapping with its name and its arguments:

    optimizer: {name: Adam, lr: 0.001}

Names are those of our techniques, or dotted names (`package.module.Thing`) from packages that the user allows: a recipe
file alone never makes us import anything.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import types
import typing
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
import yaml
from torch import nn

from gradwise import stages
from gradwise.errors import RecipeError, did_you_mean
from gradwise.fromrun import FromRun
from gradwise.recipe import LISTS, STAGES, Recipe, Watching, arguments
from gradwise.recipes import BUILT_IN, find
from gradwise.safeyaml import read
from gradwise.stages import name_of

PACKAGES = ("data", "model", "loss", "gradient", "update", "evaluate")
# A stage is told by its signature: the arguments' names and, where two stages share them, what is given back.
_SIGNATURES: dict[tuple[str, ...], str] = {
    ("seed",): "data",
    (): "model",
    ("batch", "rng"): "batch",
    ("objective", "model", "batch"): "backward",
    ("progress",): "schedule",
    ("model", "step"): "after",
    ("trace",): "stop",
    ("model", "batch", "nn.Module"): "surgery",
    ("model", "batch", "Tensor"): "objective",
    ("params", "None"): "gradient",
    ("params", "torch.optim.Optimizer"): "optimizer",
}
# An argument of one of these types holds a technique itself, written as any other.
_HELD: dict[Any, str] = {
    stages.Data: "data",
    stages.Model: "model",
    stages.Surgery: "surgery",
    stages.BatchEdit: "batch",
    stages.Objective: "objective",
    stages.Backward: "backward",
    stages.GradientEdit: "gradient",
    stages.MakeOptimizer: "optimizer",
    stages.Schedule: "schedule",
    stages.After: "after",
    stages.Stop: "stop",
}


@functools.cache
def techniques() -> dict[str, dict[str, type]]:
    """Our techniques by stage and name."""
    found: dict[str, dict[str, type]] = {stage: {} for stage in STAGES}
    for package in PACKAGES:
        module = importlib.import_module(f"gradwise.{package}")
        for name in module.__all__:
            thing = getattr(module, name)
            stage = stage_of(thing)
            if stage:
                found[stage][name] = thing
    found["model"]["FromRun"] = FromRun  # in no folder: it reads recipes itself
    return found


def stage_of(thing: Any) -> str | None:
    """The stage whose signature a technique of ours has; None for anything else."""
    if not isinstance(thing, type) or not hasattr(thing, "__pydantic_config__"):
        return None
    call = inspect.signature(thing.__call__)
    names = tuple(name for name in call.parameters if name != "self")
    return _SIGNATURES.get(names) or _SIGNATURES.get((*names, str(call.return_annotation)))


def load(name: str, changes: Iterable[str] = (), allow: Sequence[str] = ()) -> Recipe:
    """Read a recipe by name or path, with changes such as "optimizer.lr=0.01" made to it."""
    path = find(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path} cannot be read.", why=str(error), fix="a recipe is a text file in UTF-8.") from None
    written = read(text, str(path) if path.parent != BUILT_IN else f"recipe {name}")
    written.setdefault("name", path.stem)
    for change in changes:
        change_in(written, change)
    return from_dict(written, allow)


def change_in(written: dict[str, Any], change: str) -> None:
    """Make one change, "key.key=value", in a recipe as written. A list's element goes by its number or its name."""
    path, equals, value = change.partition("=")
    if not equals or not path:
        raise RecipeError(f"A change is written key=value, got {change!r}.", fix="e.g. optimizer.lr=0.01 seed=3")
    *parents, last = path.split(".")
    place: Any = written
    for depth, key in enumerate(parents):
        at = ".".join(parents[: depth + 1])
        here: Any = _number(place, key, at) if isinstance(place, list) else key
        inner = place[here] if isinstance(place, list) else place.get(key)
        if inner is None and depth == 0:
            inner = _default(key)
        place[here] = {"name": inner} if isinstance(inner, str) else inner
        place = place[here]
        if not isinstance(place, (dict, list)):
            raise RecipeError(
                f"The recipe has no {at!r} to change.", where=f"{change}", fix="write it in a file first."
            )
    parsed = read(f"value: {value}", change)["value"]
    if isinstance(place, list):
        place[_number(place, last, path)] = parsed
    else:
        place[last] = parsed


def _default(key: str) -> Any:
    """A field that is not written has its default: that is what a change of a part of it changes."""
    from dataclasses import fields

    known = {f.name: f.default for f in fields(Recipe)}  # pyright: ignore[reportArgumentType]
    if key not in known:
        raise RecipeError(f"Recipe has no setting {key!r}.", fix=did_you_mean(key, known))
    if key in ("data", "model"):
        raise RecipeError(f"Recipe.{key} is missing.", fix=f"write {key}: and its value.")
    return _write(known[key])


def _number(place: list[Any], key: str, path: str) -> int:
    named = [str(entry.get("name", "")) if isinstance(entry, dict) else str(entry) for entry in place]
    if key in named:
        return named.index(key)
    if key.isdecimal() and int(key) < len(place):
        return int(key)
    raise RecipeError(f"The recipe has no {path!r}.", fix=did_you_mean(key, [*named, *map(str, range(len(place)))]))


def from_dict(written: dict[str, Any], allow: Sequence[str] = ()) -> Recipe:
    """The recipe that is written: every name resolved, every value checked."""
    made: dict[str, Any] = {}
    for key, value in written.items():
        if key in LISTS:
            entries = value if isinstance(value, list) else [] if value is None else [value]
            made[key] = tuple(_technique(key, entry, allow) for entry in entries)
        elif key in STAGES:
            made[key] = _technique(key, value, allow)
        elif key == "watch":
            settings = value if isinstance(value, dict) else {"on": value}
            made[key] = Watching(**{str(name): setting for name, setting in settings.items()})
        else:
            made[key] = value
    return Recipe(**made)


def _technique(stage: str, entry: Any, allow: Sequence[str]) -> Any:
    if isinstance(entry, str):
        entry = {"name": entry}
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise RecipeError(
            f"{stage} is a technique's name, or a mapping with one, got {entry!r}.",
            fix=f"e.g. {stage}: {{name: {next(iter(techniques()[stage]), 'Name')}}}",
        )
    name, settings = entry["name"], {str(key): value for key, value in entry.items() if key != "name"}
    if stage == "model" and "/" in name:
        raise RecipeError(
            f"There is no model technique {name!r}.", fix=f"of a run's folder: {{name: FromRun, run: {name}}}"
        )
    if "." in name:
        thing = _allowed(name, allow)
        # torch's classes have their stage's signature themselves: a network is made, an optimizer is given parameters
        whole = not isinstance(thing, type) or issubclass(thing, (nn.Module, torch.optim.Optimizer))
        try:
            if not whole:
                return thing(**settings)
            with contextlib.suppress(ValueError):  # of a function in C, nothing is known
                inspect.signature(thing).bind_partial(**settings)
            return functools.partial(thing, **settings) if settings else thing
        except TypeError as error:
            raise RecipeError(f"{name} cannot be made with {settings or 'no settings'}.", why=str(error)) from None
    known = techniques()[stage]
    if name not in known:
        elsewhere = [other for other, members in techniques().items() if name in members]
        fix = f"it belongs under {elsewhere[0]}:" if elsewhere else did_you_mean(name, known)
        raise RecipeError(f"There is no {stage} technique {name!r}.", fix=fix)
    made = known[name](**_held(known[name], settings, allow))
    if isinstance(made, FromRun):
        made.allowed.extend(allow)
    return made


def _held(kind: type, settings: dict[str, Any], allow: Sequence[str]) -> dict[str, Any]:
    """The settings with the techniques among them made: those of arguments whose type is a stage, or holds one."""
    made, hints = dict(settings), typing.get_type_hints(kind)
    for key, value in settings.items():
        hint = hints.get(key)
        parts = (hint, *typing.get_args(hint))
        stage = next((stage for protocol, stage in _HELD.items() if protocol in parts), None)
        if stage is not None and isinstance(value, (str, dict)):
            made[key] = _technique(stage, value, allow)
        elif stage is not None and isinstance(value, list):
            made[key] = tuple(_technique(stage, entry, allow) for entry in value)
    return made


def _allowed(name: str, allow: Sequence[str]) -> Callable[..., Any]:
    package, _, attribute = name.rpartition(".")
    if not any(package == top or package.startswith(top + ".") for top in allow):
        raise RecipeError(
            f"The recipe names {name}, which is not ours.",
            why="a recipe runs only code that you allow.",
            fix=f"if you trust it: --allow {package.partition('.')[0]}",
        )
    try:
        return getattr(importlib.import_module(package), attribute)
    except (ImportError, AttributeError) as error:
        fix = "is it spelt right, and installed where Gradwise is? Your own file: PYTHONPATH=. gradwise ..."
        raise RecipeError(f"{name} cannot be imported.", why=str(error), fix=fix) from None


def to_dict(recipe: Recipe) -> dict[str, Any]:
    """The recipe as it is written in a file, every setting spelt out."""
    return {key: _write(value) for key, value in arguments(recipe).items()}


def _write(thing: Any) -> Any:
    if isinstance(thing, (list, tuple)):
        return [_write(entry) for entry in thing]
    if isinstance(thing, Watching):
        return arguments(thing)
    if isinstance(thing, functools.partial):
        return {"name": f"{thing.func.__module__}.{thing.func.__qualname__}", **thing.keywords}
    kind = type(thing)
    if stage_of(kind):
        return {"name": kind.__name__, **{key: as_written(value) for key, value in arguments(thing).items()}}
    if callable(thing):
        named = thing if hasattr(thing, "__qualname__") else kind
        return f"{named.__module__}.{name_of(named) if named is kind else named.__qualname__}"
    return as_written(thing)


def as_written(value: Any) -> Any:
    """A technique's argument as it is written in a file."""
    if isinstance(value, (list, tuple)):
        return [as_written(entry) for entry in value]
    if stage_of(type(value)) or isinstance(value, (functools.partial, types.FunctionType)):
        return _write(value)  # a technique within a technique
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return f"{type(value).__module__}.{type(value).__qualname__}"


def to_text(recipe: Recipe) -> str:
    """The recipe as YAML; `from_dict(read(text))` gives an equal recipe where all its techniques are ours."""
    return yaml.safe_dump(to_dict(recipe), sort_keys=False, default_flow_style=None, width=100, allow_unicode=True)
