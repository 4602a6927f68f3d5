"""Edits of a recipe as it is written (`recipefile.to_dict`): each gives the changes to make, or none.

A change is a line as people write it behind a command, "optimizer.lr=0.001".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

Written = dict[str, Any]
Changes = tuple[str, ...]
Edit = Callable[[Written], Changes]
INITIALISATIONS = ("He", "Xavier", "Orthonormal", "LSUV", "DataDependent", "Normal", "Zeros")
CLIPS = ("ClipNorm", "ClipValue", "AdaptiveClip", "AutoClip")
# The place of a surgery among others, as their cards say it.
_RANKS = {"Activation": 0, "Normalisation": 1, "Dropout": 2, "Residual": 3, "StochasticDepth": 4}
_INITIAL, _REST = 5, 6


def line(key: str, value: Any) -> str:
    """A change in YAML's own writing: 3e-05 without a dot would be a word."""
    return f"{key}={yaml.safe_dump([value], default_flow_style=True, sort_keys=False, width=10**6).strip()[1:-1]}"


def settings(written: Written, stage: str) -> dict[str, Any]:
    """The settings of a stage's technique; none of one that is written as a name alone."""
    value = written.get(stage)
    return value if isinstance(value, dict) else {}


def entries(written: Written, stage: str) -> list[Any]:
    """The techniques of a stage that takes several."""
    value = written.get(stage)
    return list(value) if isinstance(value, list) else []


def named(entry: Any) -> str:
    """What a written technique is called."""
    return str(entry.get("name", "")) if isinstance(entry, dict) else str(entry)


def activation(written: Written) -> str:
    """The hidden layers' activation, as far as the recipe says it."""
    kind = str(settings(written, "model").get("activation", ""))
    for entry in entries(written, "surgery"):
        if named(entry) == "Activation" and isinstance(entry, dict):
            kind = str(entry.get("kind", kind))
    return kind


# Updates.


def rate(factor: float) -> Edit:
    """Another learning rate."""

    def edit(written: Written) -> Changes:
        lr = settings(written, "optimizer").get("lr")
        return (line("optimizer.lr", float(f"{float(lr) * factor:.3g}")),) if lr else ()

    return edit


def optimizer(name: str, **chosen: Any) -> Edit:
    """Another optimizer."""

    def edit(written: Written) -> Changes:
        now = settings(written, "optimizer")
        same = now.get("name") == name and all(now.get(key) == value for key, value in chosen.items())
        return () if same else (line("optimizer", {"name": name, **chosen}),)

    return edit


def momentum(written: Written) -> Changes:
    """Of SGD without any."""
    now = settings(written, "optimizer")
    return ("optimizer.momentum=0.9",) if now.get("name") == "SGD" and not now.get("momentum") else ()


def schedule(name: str, *others: str, **chosen: Any) -> Edit:
    """Another schedule, where neither it nor one of the others is there."""

    def edit(written: Written) -> Changes:
        there = settings(written, "schedule").get("name") in (name, *others)
        return () if there else (line("schedule", {"name": name, **chosen}),)

    return edit


def clip(max_norm: float) -> Edit:
    """A bound on the gradient's length, before noise is added."""

    def edit(written: Written) -> Changes:
        now = entries(written, "gradient")
        if any(named(entry) in CLIPS for entry in now):
            return ()
        noise = next((i for i, entry in enumerate(now) if named(entry) == "GradientNoise"), len(now))
        return (line("gradient", [*now[:noise], {"name": "ClipNorm", "max_norm": max_norm}, *now[noise:]]),)

    return edit


def batch_size(factor: float, least: int = 1) -> Edit:
    """More samples a step."""

    def edit(written: Written) -> Changes:
        now = written.get("batch_size", 64)
        if now == "full":
            return ()
        wanted = max(least, round(now * factor))
        return (line("batch_size", wanted),) if wanted > now else ()

    return edit


def epochs(factor: float) -> Edit:
    """A longer run."""
    return lambda written: (line("epochs", float(written.get("epochs", 10)) * factor),)


def added(stage: str, name: str, *others: str, **chosen: Any) -> Edit:
    """One more technique at the end of a stage that takes several, where neither it nor one of the others is there."""

    def edit(written: Written) -> Changes:
        now = entries(written, stage)
        there = any(named(entry) in (name, *others) for entry in now)
        return () if there else (line(stage, [*now, {"name": name, **chosen}]),)

    return edit


# The network.


def surgery(name: str, **chosen: Any) -> Edit:
    """A surgery at its place among the others, in the place of another of its name."""

    def edit(written: Written) -> Changes:
        now = entries(written, "surgery")
        made = _operated(now, {"name": name, **chosen})
        return () if _same(made, now) else (line("surgery", made),)

    return edit


def initialise(name: str, **chosen: Any) -> Edit:
    """Other initial weights, in the place of every initialisation that is there."""

    def edit(written: Written) -> Changes:
        now = entries(written, "surgery")
        kept = [entry for entry in now if named(entry) not in INITIALISATIONS]
        made = _operated(kept, {"name": name, **chosen})
        return () if _same(made, now) else (line("surgery", made),)

    return edit


def fitting(written: Written) -> Changes:
    """The initialisation that fits the activation."""
    kind = activation(written)
    if kind in ("tanh", "sigmoid"):
        return initialise("Xavier", gain=5 / 3 if kind == "tanh" else 1.0)(written)
    return initialise("He")(written)


def activate(kind: str) -> Edit:
    """Another activation, with the initialisation that fits it."""

    def edit(written: Written) -> Changes:
        if activation(written) == kind:
            return ()
        now = entries(written, "surgery")
        kept = [entry for entry in now if named(entry) not in INITIALISATIONS]  # its own fits
        return (line("surgery", _operated(kept, {"name": "Activation", "kind": kind})),)

    return edit


def wider(factor: int) -> Edit:
    """More units in every hidden layer."""

    def edit(written: Written) -> Changes:
        model = settings(written, "model")
        if model.get("name") == "MLP":
            first, *hidden, last = model["widths"]
            return (line("model.widths", [first, *(max(32, factor * units) for units in hidden or [last]), last]),)
        if model.get("name") == "ResNet":
            return (line("model.width", factor * int(model["width"])),)
        if model.get("name") == "ConvNet":
            return (line("model.blocks", [[factor * block[0], *block[1:]] for block in model["blocks"]]),)
        return ()

    return edit


def _operated(now: list[Any], entry: dict[str, Any]) -> list[Any]:
    others = [each for each in now if named(each) != entry["name"]]
    place = next((i for i, each in enumerate(others) if _rank(each) > _rank(entry)), len(others))
    return [*others[:place], entry, *others[place:]]


def _rank(entry: Any) -> int:
    return _INITIAL if named(entry) in INITIALISATIONS else _RANKS.get(named(entry), _REST)


def _same(made: list[Any], now: list[Any]) -> bool:
    """The same but for settings that are spelt out as their defaults."""
    pairs = [(a, b) for a, b in zip(made, now, strict=False) if isinstance(a, dict) and isinstance(b, dict)]
    alike = all(all(b.get(key) == value for key, value in a.items()) for a, b in pairs)
    return [named(each) for each in made] == [named(each) for each in now] and alike


# Data, regularisation.


def normalised(how: str) -> Edit:
    """Inputs of mean 0 and spread 1."""

    def edit(written: Written) -> Changes:
        now = settings(written, "data").get("normalise")
        return (line("data.normalise", how),) if now in ("none", "unit") else ()

    return edit


def balanced(written: Written) -> Changes:
    """Samples of rare classes more often, where nothing weighs classes yet."""
    data = settings(written, "data")
    if not data or data.get("name") == "Balanced" or settings(written, "objective").get("weights"):
        return ()
    return (line("data", {"name": "Balanced", "data": data}),)


def objective(old: str, new: str, **chosen: Any) -> Edit:
    """Another loss of the same kind."""

    def edit(written: Written) -> Changes:
        return (
            (line("objective", {"name": new, **chosen}),) if settings(written, "objective").get("name") == old else ()
        )

    return edit


def smoothed(written: Written) -> Changes:
    """Label smoothing, where there is none."""
    now = settings(written, "objective")
    smooth = now.get("name") == "CrossEntropy" and not now.get("label_smoothing")
    return ("objective.label_smoothing=0.1",) if smooth else ()


def decayed(written: Written) -> Changes:
    """Weight decay, where there is none."""
    now = settings(written, "optimizer")
    if now.get("weight_decay") or "lr" not in now:
        return ()
    if now.get("name") == "Adam":
        return (line("optimizer", {"name": "AdamW", "lr": now["lr"], "betas": now["betas"], "weight_decay": 0.05}),)
    return ("optimizer.weight_decay=0.0005",) if "weight_decay" in now else ()


def dropped(written: Written) -> Changes:
    """Dropout, where there is none."""
    return () if settings(written, "model").get("dropout") else surgery("Dropout", share=0.2)(written)


def augmented(written: Written) -> Changes:
    """Augmentation that fits the samples' shape, where there is none."""
    if entries(written, "batch"):
        return ()
    data = settings(written, "data")
    picture = data.get("image") is True or data.get("name") in ("CIFAR10", "ImageFolder")
    return (line("batch", [{"name": "RandomCrop", "padding": 2} if picture else {"name": "Noise", "std": 0.1}]),)


def relaxed(factor: float) -> Edit:
    """Less of all that regularises: decay and penalties by a factor, dropout and smoothing to what is usual."""

    def edit(written: Written) -> Changes:
        found: list[str] = []
        for key, stage in (("weight_decay", "optimizer"), ("strength", "objective")):
            value = settings(written, stage).get(key)
            found += [line(f"{stage}.{key}", float(f"{value * factor:.3g}"))] if value else []
        for i, entry in enumerate(entries(written, "surgery")):
            if named(entry) == "Dropout" and isinstance(entry, dict) and entry.get("share", 0) > 0.5:
                found.append(line(f"surgery.{i}.share", 0.2))
        for key, stage, most, usual in (("dropout", "model", 0.5, 0.2), ("label_smoothing", "objective", 0.2, 0.1)):
            if (settings(written, stage).get(key) or 0) > most:
                found.append(line(f"{stage}.{key}", usual))
        return tuple(found)

    return edit
