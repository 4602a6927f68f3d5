"""A recipe to start from: every stage with what it holds now, and above it, as comments, what it could hold instead."""

from __future__ import annotations

import dataclasses
from typing import Any

import yaml

from gradwise.errors import GradwiseError
from gradwise.recipe import LISTS, STAGES, Recipe
from gradwise.recipefile import as_written, techniques, to_dict

_STAGES = {
    "data": "Where samples come from.",
    "model": "The network, made afresh for each run.",
    "surgery": "Initialises or rebuilds the network. A list, in the order of work.",
    "batch": "Edits each batch: augmentation. A list.",
    "objective": "The loss that is made small.",
    "backward": "Fills the gradients.",
    "gradient": "Edits the gradients before the step. A list.",
    "optimizer": "Turns gradients into steps.",
    "schedule": "The learning rate over the run, as a factor.",
    "after": "Follows each step. A list.",
    "stop": "Ends the run early. A list.",
}
_SETTINGS = {
    "name": "The name of the run folder.",
    "seed": "Decides all that is random: another seed is another run.",
    "epochs": "Passes over the training set; fractions are allowed.",
    "batch_size": "Samples a step; full: all of them.",
    "watch": "What is measured beside the training: each k-th step, or (0) as the budget, a share of a step, allows.",
    "save_every": "Steps between checkpoints; 0: one per epoch, and one a minute.",
    "device": "auto, cpu, cuda or cuda:1.",
    "compile": "auto, always or never.",
}


def commented(recipe: Recipe, source: str) -> str:
    """The recipe as YAML with its choices. `source`: what it was made from."""
    written = to_dict(recipe)
    lines = [
        f"# A recipe for `gradwise train`, made from {source}. Each setting below stands at its present value;",
        "# the comments are the other choices, with their defaults. Change one here, or for a single run:",
        "# `gradwise train THIS_FILE optimizer.lr=0.01 epochs=5`. <...> is yours to fill in.",
    ]
    for key in [*(key for key in written if key not in STAGES), *STAGES]:
        lines += ["", f"# {_STAGES.get(key) or _SETTINGS.get(key, '')}".rstrip()]
        lines += [f"#   {choice}" for choice in _choices(key, written[key])]
        lines.append(f"{key}: {_flow(written[key])}")
    return "\n".join(lines) + "\n"


def _choices(stage: str, chosen: Any) -> list[str]:
    """The techniques of a stage beside the chosen ones, as they would be written."""
    if stage not in STAGES:
        return []
    taken = [entry.get("name") for entry in (chosen if isinstance(chosen, list) else [chosen])]
    others = [kind for name, kind in techniques()[stage].items() if name not in taken]
    written = [_example(kind) for kind in others if _in_yaml(kind)]
    return [f"[{example}]" for example in written] if stage in LISTS else written


def _in_yaml(kind: Any) -> bool:
    """Whether a technique can be written in a file: one that needs a Python object cannot."""
    return all(f.type != "Any" for f in dataclasses.fields(kind) if f.default is dataclasses.MISSING)


def _example(kind: Any) -> str:
    settings: dict[str, Any] = {"name": kind.__name__}
    fields = [field for field in dataclasses.fields(kind) if field.init]
    asked = {field.name for field in fields if field.default is dataclasses.MISSING}
    if not asked and _refused(kind):  # it needs one of several
        asked = {field.name for field in fields if not field.default}
    for field in fields:
        settings[field.name] = f"<{field.name}>" if field.name in asked else as_written(field.default)
    return _flow(settings)


def _refused(kind: Any) -> bool:
    """Whether it cannot be made as it comes."""
    try:
        kind()
    except GradwiseError:
        return True
    return False


def _flow(value: Any) -> str:
    """A value on one line of YAML."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(entry) for entry in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(entry)}" for key, entry in value.items()) + "}"
    text: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6)
    return text.strip().removesuffix("...").strip()  # a value alone is a document, which ends with three dots
