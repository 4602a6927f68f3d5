"""Our own runs under diagnosis: what is known of a run beside its trace, and what the rules say of both.

The facts are taken as the doctor takes them from a stranger's program: a copy of the network goes through a few batches
under its senses.
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gradwise import runs
from gradwise.events import Found
from gradwise.stages import name_of
from gradwise.watch import Trace

if TYPE_CHECKING:
    from torch import nn

    from gradwise.training import Training
    from gradwise.watch.facts import Facts, Parameter

BATCHES = 4  # that a copy goes through
SHARE = 0.02  # of a run's time may be spent on diagnosing while it runs


class Consultation:
    """Looks at a training after its epochs, as often as the budget allows, and after the last one."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self._spent, self._begun = 0.0, time.perf_counter()
        self._told: set[str] = set()
        facts = _recorded(training)
        if facts is not None:
            training.trace.facts = facts

    def look(self) -> Iterator[Found]:
        """What the rules find that they had not found before."""
        begun = time.perf_counter()
        training = self.training
        if not training.trace.facts.networks:  # after the first epoch, whatever it costs: a resumed run does the same
            training.trace.facts = facts_of(training)
        last = training.step == training.steps
        if last or self._spent <= SHARE * (begun - self._begun):
            from gradwise.diagnose import diagnose

            for finding in diagnose(self._trace()).findings:
                if finding.code not in self._told:
                    self._told.add(finding.code)
                    fix = finding.remedies[0].change if finding.remedies else ""
                    yield Found(finding.code, finding.severity, training.step, finding.says, fix)
        self._spent += time.perf_counter() - begun

    def _trace(self) -> Trace:
        """The whole trace: rows that were saved have left the memory."""
        training = self.training
        trace = training.trace
        trace.facts.steps, trace.facts.finished = training.step, training.step == training.steps
        if training.folder is None:
            return trace
        training.trace_file.append(trace.take())
        training.trace_file.flush(fsync=False)
        runs.write_atomic(training.folder.trace_header, trace.header().encode())
        runs.write_atomic(training.folder.path / "facts.json", json.dumps(trace.facts.as_json(), indent=1).encode())
        whole = Trace.read(training.folder.path)
        whole.best_by = trace.best_by
        return whole


def _recorded(training: Training) -> Facts | None:
    """The facts of a run that goes on."""
    if training.folder is None or not (training.folder.path / "facts.json").exists():
        return None
    from gradwise.watch.facts import Facts

    return Facts.from_json(json.loads((training.folder.path / "facts.json").read_text()))


def facts_of(training: Training) -> Facts:
    """What a copy of the network shows in its first batches."""
    from gradwise.doctor.aside import aside, copied
    from gradwise.doctor.observer import Observer
    from gradwise.doctor.senses import OWN
    from gradwise.recipe import edited
    from gradwise.watch.facts import Facts, Optimizer

    parts, recipe = training.parts, training.recipe
    model = copied(parts.model)
    if isinstance(model, str):
        return Facts(not_seen={"the network": model})
    objective = copy.deepcopy(recipe.objective)  # what one remembers from step to step is the run's
    observer = Observer(Path.cwd(), senses=OWN)
    with aside(), observer:
        model.train()
        for step, batch in enumerate(itertools.islice(parts.supply.batches(0, 0), BATCHES)):
            objective(model, edited(recipe, batch, 0, step, 0.0)).backward()
    facts = observer.finish().facts
    facts.parameters = _alike(model)
    group = parts.optimizer.param_groups[0]
    kind, rate = name_of(recipe.optimizer), float(group.get("initial_lr", group["lr"]))
    facts.optimizers = [Optimizer(kind, "", rate=rate, steps=training.step)]
    facts.losses = [dataclasses.replace(loss, source="") for loss in facts.losses]
    facts.program = recipe.name
    return facts


def _alike(model: nn.Module) -> list[Parameter]:
    """The parameters, where some layer's units are still the same after an epoch: they have been from the start."""
    from gradwise.doctor.senses.values import units_alike, usable
    from gradwise.watch.facts import Parameter

    found: list[Parameter] = []
    for name, p in model.named_parameters():
        alike = bool(usable(p) and units_alike(p, "rows", 1e-6))
        zero = p.grad is not None and not bool(p.grad.any())
        known = Parameter(name, list(p.shape), p.requires_grad, True, True, p.grad is not None, not zero, zero)
        known.equal_rows = known.start_equal_rows = alike
        known.start_spread = float(p.detach().std(correction=0))
        known.fan_in = p.numel() // max(1, len(p)) if p.ndim > 1 else 0
        found.append(known)
    return found if any(p.equal_rows for p in found) else []
