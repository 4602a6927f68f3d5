"""Keeps what is needed to try things on copies of a network when the program is over, and tries them then."""

from __future__ import annotations

import copy
import ctypes
import platform
import sys
import time
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.optim import Optimizer

from gradwise.diagnose.case import Case, learning
from gradwise.diagnose.generalisation import FITTED
from gradwise.diagnose.rates import LARGE, LEARNT
from gradwise.diagnose.weights import BEGIN, ratio
from gradwise.doctor import learnable, probes, standard, ways
from gradwise.doctor.aside import aside, copied
from gradwise.doctor.pace import Limit
from gradwise.doctor.probes import Batch, Recipe, Subject
from gradwise.doctor.sense import Backward, Call, LossCall, Sense
from gradwise.doctor.senses import averages
from gradwise.doctor.senses.given import BYTES, ROWS, Given, Samples

SECONDS = 8.0  # altogether
APART = 10  # steps between evaluations whose weights are kept: a policy that acts is evaluated in every one


class Trials(Sense):
    """Fills facts.probes. Comes last among the senses: it reads what the others found."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._limit: Limit = getattr(observer, "limit", Limit())
        self._subject: Subject | None = None
        self._samples = Samples()
        self._module: weakref.ref[nn.Module] | None = None
        self._latest: dict[str, Tensor] = {}
        self._numbers: dict[str, int] = {}  # of its weights, by name
        self._evaluated = -APART  # step of the last evaluation whose weights were kept
        self._why_not = "no network's output goes straight into a loss function of torch's"
        self._custom = ""  # why the program's steps cannot be repeated
        self._weighed = False  # the program weighs the losses of samples by itself
        self._clip: float | None = None
        self._optimizer: weakref.ref[Optimizer] | None = None

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Keep the batch."""
        if not look:
            return
        losses = backward.losses or ([backward.written] if backward.written is not None else [])
        given = backward.bare or next(iter(backward.calls), None)
        if len(losses) == 1 and given is not None and self._subject is None:
            self._samples.add(given, losses[0])
        for call in backward.calls:
            for loss in losses:
                if self._module is not None and self._module() is not call.module:
                    self._custom = "several networks are trained"
                    continue
                way = ways.find(call.output, loss.input)
                if way is not None and not (self._subject is not None and way != self._subject.way):
                    self._keep(call, loss, way, backward)
                    return

    def before_step(self, optimizer: Optimizer, look: bool) -> None:
        """How it is made."""
        module = self._module() if self._module is not None else None
        if not look or self._subject is None or module is None:
            return
        if not type(optimizer).__module__.startswith("torch.optim") or type(optimizer).__name__ == "LBFGS":
            self._custom = f"its optimizer is {type(optimizer).__name__}"
        elif self._optimizer is None:
            self._optimizer = weakref.ref(optimizer)
            self._subject.recipe = _recipe(optimizer, module)
        elif self._optimizer() is not optimizer:
            self._custom = "several optimizers step"
        elif self._subject.recipe is not None:
            for (_, options), group in zip(self._subject.recipe.groups, optimizer.param_groups, strict=False):
                options["lr"] = max(options["lr"], float(group["lr"]))

    def called(self, call: Call, look: bool) -> None:
        """Evaluated: with the running statistics of now, which passes in between may have changed."""
        module = self._module() if self._module is not None and not (call.gradient or call.training) else None
        if module is not None and call.module is module and self.observer.step >= self._evaluated + APART:
            if any(isinstance(part, _BatchNorm) for part in module.modules()):
                self._latest = {name: value.detach().clone() for name, value in _plain(module).state_dict().items()}
            self._evaluated = self.observer.step

    def after_step(self, optimizer: Optimizer | None, look: bool) -> None:
        """The weights as they are now: at the end the network may be gone."""
        module = self._module() if look and self._module is not None else None
        if module is not None:
            self._latest = {name: value.detach().clone() for name, value in _plain(module).state_dict().items()}

    def clipped(self, parameters: list[Tensor], limit: float, total: Tensor, source: str) -> None:
        """The steps are clipped."""
        self._clip = limit

    def ended(self) -> None:
        """Try."""
        facts, subject = self.facts.probes, self._subject
        interrupted = not self.facts.finished and not self._limit.ends(self.observer.step)
        if subject is None or interrupted or self.facts.crash is not None or not subject.batches:
            facts.why_not = "the program did not come to its end" if interrupted else self._why_not
            if not interrupted and self.facts.crash is None and self._samples.given and self._poor(Case(self.trace)):
                until = time.thread_time() + SECONDS - 2
                with aside():
                    self._explain(self._samples.given, self._samples.loss, lambda: time.thread_time() > until)
        else:
            _give_back()
            try:
                with aside():
                    self._try(subject, time.thread_time() + SECONDS)
            except Exception as error:  # what a network does on other batches than its own is not ours to know
                facts.why_not = f"a copy of the network fails: {type(error).__name__}"
        self._subject, self._latest, self._samples = None, {}, Samples()

    def _try(self, subject: Subject, until: float) -> None:
        facts = self.facts.probes
        module = self._module() if self._module is not None else None
        state = self._latest if module is None else _plain(module).state_dict()
        subject.final = copy.deepcopy(subject.initial)
        subject.final.load_state_dict(state or subject.initial.state_dict())
        case = Case(self.trace)
        loss = next((each for each in case.losses if each.source == subject.source), case.loss)
        went = learning(case.curve(loss), loss.baseline if loss is not None else None)
        recent = probes.few_enough(subject, subject.batches, self.observer.pace.afterwards(probes.FORWARD, went.learns))
        if not recent:
            facts.why_not = "a forward pass takes too long to try several"
            return
        if self._weighed:
            self._custom = "it weighs the losses of samples by itself"
        else:
            probes.look(subject, recent, facts)
            facts.over_the_batch = standard.over_the_batch(subject, recent[-1])
            self._average(subject, self.observer.pace.afterwards(averages.SECONDS, went.learns))
        if not went.known:
            facts.why_not = "too few steps to say whether it learns"
            return
        lost = went.stuck or went.diverged or went.progress < 0.1
        lost = lost or (went.progress < LEARNT and (ratio(case, BEGIN) or 0.0) > LARGE)  # are the steps too large?
        if lost and not self._custom and subject.recipe is not None:
            subject.recipe.clip = self._clip
            probes.train(subject, recent, facts, lambda: time.thread_time() > until - 4)
        elif lost:
            facts.why_not = self._custom or "no optimizer of torch's holds its weights"
        if went.progress < FITTED and not self._custom and time.thread_time() < until - 4:
            standard.standardise(subject, recent, facts)
        if (lost or went.progress < FITTED or self._fails_elsewhere(case)) and time.thread_time() < until - 2:
            given = [([x for x in (*b.args, *b.kwargs.values()) if isinstance(x, Tensor)], b.target, b.index)
                     for b in subject.batches]  # fmt: skip
            samples = self._explain(given, subject.loss, lambda: time.thread_time() > until - 2)
            facts.fitted = learnable.fitted(subject, samples) if samples is not None else None

    def _average(self, subject: Subject, seconds: float) -> None:
        average = self.observer.average
        if average is None:
            return
        mean = {name: average.mean[number] for name, number in self._numbers.items() if number in average.mean}
        if len(mean) == len(self._numbers):
            self.facts.probes.averages = average.values
            averages.compare(subject, mean, seconds, self.facts.probes)

    def _poor(self, case: Case) -> bool:
        went = case.learning
        return went.known and (went.stuck or went.diverged or went.progress < FITTED or self._fails_elsewhere(case))

    def _fails_elsewhere(self, case: Case) -> bool:
        """It learns what it is given, and evaluation stays where it was."""
        for loss in self.facts.losses:
            if not loss.training and loss.calls >= 3:
                went = learning(case.curve(loss), loss.baseline)
                values = case.curve(loss).finite.values
                worse = len(values) > 2 and float(np.median(values[-3:])) > 0.9 * (loss.baseline or float(values[0]))
                if worse or (went.known and went.progress < 0.2):
                    return True
        return False

    def _explain(self, given: list[Given], loss: str, late: Callable[[], bool]) -> learnable.Table | None:
        """What simple models find in the samples."""
        facts = self.facts.probes
        agreement = learnable.agreement(given, loss) if not self._weighed else None  # what was drawn is no label
        if agreement is not None:
            facts.equal, facts.agreed = agreement
        samples = learnable.table(given, loss)
        if samples is None:
            return None
        found = learnable.explain(samples, late)
        facts.learnable, facts.learnable_p, facts.stronger, facts.stronger_p = found
        facts.probe_samples = len(samples.x)
        facts.counted = any(not x.is_floating_point() and x[0].numel() > 4 for x in given[0][0] if x.ndim > 1)
        return samples

    def _keep(self, call: Call, loss: LossCall, way: ways.Way, backward: Backward) -> None:
        if self._subject is None:
            duplicate = copied(call.module)
            if isinstance(duplicate, str):
                self._why_not = f"{self.names.find(call.module) or 'the network'}: {duplicate}"
                return
            self._module = weakref.ref(call.module)
            trained = ((name, p) for name, p in _plain(call.module).named_parameters() if p.requires_grad)
            self._numbers = {name: id(p) for name, p in trained}
            self._subject = Subject(duplicate, loss.name, way, source=loss.chain[0] if loss.chain else "")
            if self.observer.step > 0:
                self._custom = "it was not seen from its first step on"
            elif len(backward.losses) > 1 or len(backward.calls) > 1 or len(backward.roots) > 1:
                self._custom = "several losses or calls make a step"
        self._weigh(loss, backward)
        batch = _batch(call, loss, self.observer.last_indices())
        if batch is None:
            self._why_not = "its inputs are no tensors, or too large to keep"
            return
        if any(isinstance(x, Tensor) and x.grad_fn is not None for x in (*call.args, *call.kwargs.values())):
            self._custom = "its inputs are computed by another network"
        kept = self._subject.batches
        kept.append(batch)
        while len(kept) > 1 and (sum(b.bytes for b in kept) > BYTES or sum(b.rows for b in kept) > ROWS):
            kept.pop(0)

    def _weigh(self, loss: LossCall, backward: Backward) -> None:
        """Backward starts from so many times the loss. Where that changes, more is added to it."""
        assert self._subject is not None
        if loss.value is None or backward.roots[0].numel() != 1:
            return
        value, root = float(loss.value.mean()), float(backward.roots[0])
        total = float(loss.value.sum())
        if not self._subject.batches and loss.value.numel() > 1 and abs(root - total) < 0.02 * abs(total):
            self._subject.summed = True
        value = total if self._subject.summed else value
        if loss.value.ndim and abs(root - value) > 0.02 * abs(value):
            self._weighed = True
        if abs(value) < 1e-12 or not np.isfinite([value, root]).all():
            return
        factor = root / value
        if not self._subject.batches:
            self._subject.factor = factor
        elif abs(factor - self._subject.factor) > 0.02 * abs(self._subject.factor):
            self._custom = self._custom or "something is added to the loss"


def _give_back() -> None:
    """What the program's last steps have freed goes back to the system: what is tried is not piled on top of it."""
    if sys.platform == "linux" and platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


def _plain(module: nn.Module) -> nn.Module:
    inner = getattr(module, "_orig_mod", module)
    return inner if isinstance(inner, nn.Module) else module


def _recipe(optimizer: Optimizer, module: nn.Module) -> Recipe | None:
    names = {id(p): name for name, p in _plain(module).named_parameters()}
    groups: list[tuple[list[str], dict[str, Any]]] = []
    for group in optimizer.param_groups:
        options = {k: v for k, v in group.items() if k in optimizer.defaults and not isinstance(v, Tensor)}
        options["lr"] = float(group["lr"])
        groups.append(([names[id(p)] for p in group["params"] if id(p) in names], options))
    groups = [group for group in groups if group[0]]
    return Recipe(type(optimizer), groups) if groups else None


def _batch(call: Call, loss: LossCall, index: list[int] | None) -> Batch | None:
    """A copy of it, of its first rows where it is large."""
    given = [*call.args, *call.kwargs.values()]
    if not all(x is None or isinstance(x, (Tensor, int, float, bool, str)) for x in given):
        return None
    tensors = [x for x in given if isinstance(x, Tensor)]
    size = sum(x.nbytes for x in tensors) + loss.target.nbytes
    whole = Batch(call.args, call.kwargs, loss.target, loss.arguments, index)
    rows = whole.rows
    if not tensors or rows == 0:
        return None
    if size > BYTES // 4:
        few = int(rows * (BYTES / 4) / size)
        if few < 4 or not all(x.ndim and len(x) == rows for x in (*tensors, loss.target)):
            return None
        whole = whole.changed(lambda x: x[:few], target=True)
        whole.index = index[:few] if index is not None else None

    def own(x: Any) -> Any:
        return x.detach().clone() if isinstance(x, Tensor) else x

    args, kwargs = tuple(map(own, whole.args)), {name: own(x) for name, x in whole.kwargs.items()}
    arguments = {name: own(x) for name, x in whole.arguments.items()}
    known = whole.index if whole.index is not None and len(whole.index) == whole.rows else None
    return Batch(args, kwargs, own(whole.target), arguments, known)
