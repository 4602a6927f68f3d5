"""A recipe trained once under full watch, and what the rules say of it.

Beside what `consult` knows of our own runs, here are the facts about the parameters: how they start, whether the units
of a layer become different, how hard decay pulls.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import torch
from torch import Tensor

from gradwise.consult import facts_of
from gradwise.diagnose import Finding, diagnose
from gradwise.diagnose.case import Case
from gradwise.errors import NonFinite
from gradwise.events import EpochEnded, Started
from gradwise.recipe import Recipe, Watching, replaced
from gradwise.remedy import rates
from gradwise.training import Training
from gradwise.watch import Trace, facts

ALIKE = 1e-5  # of the largest weight
_WHAT = {
    "The data": "input",
    "The labels": "target",
    "A weight": "weight",
    "The output": "activation",
    "The gradient": "gradient",
}  # as `watch.blame` says it


@dataclass(frozen=True)
class Examination:
    """What a run showed."""

    findings: tuple[Finding, ...]
    figures: dict[str, float]
    failed: str = ""  # the first line of the error that ended it

    def codes(self, notes: bool = False) -> set[str]:
        """What is wrong; notes where they count."""
        return {finding.code for finding in self.findings if notes or finding.severity != "note"}


def examine(recipe: Recipe) -> Examination:
    """Train it and judge the run. Raises what training raises for a recipe that cannot begin."""
    training = Training(replaced(recipe, watch=Watching(every=1)))
    figures: dict[str, float] = {}
    weights: Weights | None = None
    failed = ""
    try:
        for event in training.events():
            if isinstance(event, Started):
                weights = Weights(training)
            elif isinstance(event, EpochEnded) and weights is not None:
                weights.look()
                figures |= {name: value for name, value in event.row.items() if name != "lr"}
    except NonFinite as error:
        failed = str(error).partition("\n")[0]
    training.signals.raise_caught()
    done = training.finished
    if done is not None:
        figures |= done.test | ({done.metric: done.best} if done.best is not None else {})
    return Examination(tuple(_findings(recipe, training, weights, failed)), figures, failed)


def _findings(recipe: Recipe, training: Training, weights: Weights | None, failed: str) -> list[Finding]:
    trace = training.trace
    if not trace.facts.networks:  # it ended before its first epoch did
        with contextlib.suppress(RuntimeError):
            trace.facts = facts_of(training)
    trace.facts.steps, trace.facts.finished = training.step, training.step == training.steps
    if weights is not None:
        weights.look()
        trace.facts.parameters = weights.tell(trace)
    if failed:
        what = next((what for words, what in _WHAT.items() if failed.startswith(words)), "loss")
        trace.facts.nonfinite = facts.NonFinite(training.step, what)
    elif rates.lost(Case(trace)):
        trace.facts.probes = rates.tried(recipe)
    return diagnose(trace).findings


class Weights:
    """The trainable parameters from their start on."""

    def __init__(self, training: Training) -> None:
        self._named = [(name, p) for name, p in training.parts.model.named_parameters() if p.requires_grad]
        groups = training.parts.optimizer.param_groups
        self._decays = {id(p): float(group.get("weight_decay") or 0.0) for group in groups for p in group["params"]}
        self._start = {name: p.detach().clone() for name, p in self._named}
        self._alike = {name for name, p in self._named if _alike(p)}
        self._still = set(self._alike)

    def look(self) -> None:
        """After some steps: whose units are still alike, whom the loss has reached."""
        self._still &= {name for name, p in self._named if name in self._still and _alike(p)}

    def tell(self, trace: Trace) -> list[facts.Parameter]:
        """The facts, the parameter next to the input first."""
        return [self._fact(name, p, trace) for name, p in self._named]

    def _fact(self, name: str, p: Tensor, trace: Trace) -> facts.Parameter:
        squares = [float(value) for value in _gradients(name, trace)]
        start = self._start[name]
        return facts.Parameter(
            name,
            list(p.shape),
            held=id(p) in self._decays,
            reached=bool(squares),
            changed=not torch.equal(start, p.detach()),
            zero_gradient=bool(squares) and not any(squares),
            equal_rows=name in self._still if p.ndim > 1 else None,
            start_equal_rows=name in self._alike if p.ndim > 1 else None,
            start_spread=float(start.float().std(correction=0)),
            fan_in=p.numel() // max(1, len(p)) if p.ndim > 1 else 0,
            decay=self._decays.get(id(p), 0.0),
        )


def _gradients(name: str, trace: Trace) -> list[float]:
    """The squared norms of its gradient, where it was measured."""
    with contextlib.suppress(KeyError):
        _, values = trace.series("gradient", name, "square_sum")
        return [float(value) for value in values[values == values]]  # NaN: not measured
    return []


def _alike(p: Tensor) -> bool:
    """Have all units of this layer the same weights?"""
    if p.ndim < 2 or len(p) < 2:
        return False
    rows = p.detach().flatten(1)
    return bool((rows - rows[:1]).abs().max() <= ALIKE * rows.abs().max())
