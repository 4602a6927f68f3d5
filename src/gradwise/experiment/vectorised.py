"""Trials in one program: seeds and scalar variants of one small network, each with its own weights, order and schedule.

Every trial is set up, evaluated and judged by the `Training` that it would have by itself; only the steps between are
shared (`stacked.py`, `stepping.py`). A trial that meets NaN ends there, the others go on. Nothing is watched, and no
run folder is made.

Shapes: T trials, B samples, D numbers of a sample.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import is_dataclass
from typing import Any

import torch
from torch import Tensor

from gradwise import data, loss, model
from gradwise.errors import NonFinite
from gradwise.experiment.stacked import Stacked, layers_of, structure
from gradwise.experiment.stepping import Feed, Kept, Update, clip
from gradwise.experiment.trials import Outcome, Trial, last_figures, peak, reset_peak
from gradwise.gradient import Backprop, ClipNorm, ClipValue, StackBackprop
from gradwise.randomness import key
from gradwise.recipe import LISTS, Recipe, Watching, arguments, replaced
from gradwise.stages import Looking, name_of
from gradwise.training import Training
from gradwise.update import SGD, Adam, AdamW

MOST = 32  # trials in one program
LARGEST = 100_000  # weights of a network beyond which a step is all arithmetic: nothing is left to be shared
CACHE = 16 << 20  # bytes of weights, gradients and moments beyond which they come from memory at every step
# What can differ in its numbers from trial to trial without changing what is computed.
KNOWN: dict[str, tuple[type, ...]] = {
    "data": (data.CIFAR10, data.CSV, data.NPZ, data.XOR, data.Digits, data.FashionMNIST, data.MNIST, data.Tensors),
    "surgery": (model.Dropout, model.He, model.Normal, model.Orthonormal, model.Xavier, model.Zeros),
    "batch": (),
    "objective": (
        *(loss.BinaryCrossEntropy, loss.CrossEntropy, loss.Huber),
        *(loss.MeanAbsoluteError, loss.MeanSquaredError),
    ),
    "backward": (Backprop,),
    "gradient": (ClipNorm, ClipValue),
    "optimizer": (SGD, Adam, AdamW),
    "after": (),
    "stop": (),
}


def suits(trials: Sequence[Trial]) -> str:
    """Can they be trained together? "", or the reason in words why not."""
    if len(trials) < 2:
        return "it is the only one of its kind"
    first = trials[0].recipe
    for trial in trials:
        reason = _alone(trial.recipe) or _beside(first, trial.recipe)
        if reason:
            return reason
    layers, weights, reason = _built(first.model)
    if reason or weights > LARGEST:
        return reason or f"{weights:,} weights: more than {LARGEST:,} gain nothing"
    for trial in trials[1:]:
        if _same(first.model, trial.recipe.model):
            continue
        others, _, reason = _built(trial.recipe.model)
        if reason or others != layers:
            return reason or "different networks"
    return ""


def grouped(trials: Sequence[Trial]) -> list[tuple[list[Trial], str]]:
    """Those that can be trained together, and why each other one cannot."""
    groups: list[list[Trial]] = []
    units: list[tuple[list[Trial], str]] = []
    for trial in trials:
        reason = suits([trial, trial])
        if reason:
            units.append(([trial], reason))
            continue
        fitting = next((group for group in groups if not suits([group[0], trial])), None)
        if fitting is None:
            groups.append([trial])
        else:
            fitting.append(trial)
    for group in groups:
        units += [(part, "" if len(part) > 1 else suits(part)) for part in _parts(group)]
    return units


def _parts(group: list[Trial]) -> list[list[Trial]]:
    """As few parts as MOST and CACHE allow, of about the same size."""
    bytes_each = 16 * max(1, _built(group[0].recipe.model)[1])
    count = -(-len(group) // max(2, min(MOST, CACHE // bytes_each)))
    return [group[i::count] for i in range(count)]


def _alone(recipe: Recipe) -> str:
    """Why it cannot be trained together with any other."""
    if isinstance(recipe.data, (data.Dataset, data.ImageFolder)):
        return f"data: {name_of(recipe.data)} is mapped, sample by sample"
    for stage, known in KNOWN.items():
        value = getattr(recipe, stage)
        for technique in value if stage in LISTS else (value,):
            if type(technique) not in known:
                return f"{stage}: {name_of(technique)} is only known one by one"
    if isinstance(recipe.schedule, Looking):
        return f"schedule: {name_of(recipe.schedule)} goes by each one's record"
    if getattr(recipe.backward, "precision", "") != "float32":
        return "backward: bfloat16"
    if any(getattr(technique, "kind", "element") != "element" for technique in recipe.surgery):
        return "surgery: dropout of channels"
    if getattr(recipe.optimizer, "layer_decay", 1.0) < 1:
        return "optimizer: rates by layer"
    if recipe.device not in ("auto", "cpu") or (recipe.device == "auto" and torch.cuda.is_available()):
        return "device: a GPU"
    return "compile: always" if recipe.compile == "always" else ""


def _beside(first: Recipe, other: Recipe) -> str:
    """Why these two cannot be trained together, for all that their networks tell."""
    for name in ("batch_size", "epochs"):
        if getattr(first, name) != getattr(other, name):
            return f"different {name}"
    if type(first.data) is not type(other.data):
        return "data stages of different type"
    if not _same(first.data, other.data):
        return "different data"
    for stage in ("surgery", "objective", "gradient", "optimizer"):
        ours, theirs = getattr(first, stage), getattr(other, stage)
        if stage not in LISTS:
            ours, theirs = (ours,), (theirs,)
        if [type(technique) for technique in ours] != [type(technique) for technique in theirs]:
            return f"different techniques at stage {stage}"
    return ""


def _built(make: Any) -> tuple[list[str], int, str]:
    """What the network of a model stage is like, how many weights it has, and why it cannot be stacked, if so."""
    with torch.random.fork_rng(devices=[]):
        network = make()
    layers, reason = layers_of(network)
    return structure(layers), sum(p.numel() for p in network.parameters()), reason


def _same(one: Any, other: Any) -> bool:
    """Equal, arrays only where they are the same object."""
    if one is other:
        return True
    if type(one) is not type(other) or (callable(one) and not is_dataclass(one)):
        return False
    if is_dataclass(one):
        return all(_same(a, b) for a, b in zip(arguments(one).values(), arguments(other).values(), strict=True))
    return isinstance(one, (bool, int, float, str, tuple)) and bool(one == other)


def run_together(trials: Sequence[Trial]) -> list[Outcome]:
    """Train them in one program; they suit. Time is a share of the whole, memory the whole's.

    Raises what setting up raises: NaN alone is an outcome.
    """
    reset_peak()
    begun, cpu = time.perf_counter(), time.process_time()
    together = _Together([trial.recipe for trial in trials])
    together.train()
    count = len(trials)
    cpu, seconds, memory = (time.process_time() - cpu) / count, (time.perf_counter() - begun) / count, peak()
    return [
        Outcome(
            trial.label,
            trial.recipe.seed,
            trial.key,
            together.figures[t],
            together.trainings[t].step,
            cpu,
            seconds,
            memory,
            together.failed[t],
            how=f"together with {count - 1} more",
        )
        for t, trial in enumerate(trials)
    ]


class _Together:
    """T trainings whose steps are made side by side."""

    def __init__(self, recipes: Sequence[Recipe]) -> None:
        kept = Kept(recipes[0].data)
        self.trainings = [_set_up(recipe, kept) for recipe in recipes]
        self.figures: list[dict[str, float]] = [{} for _ in recipes]
        self.failed = [""] * len(recipes)
        self.live = list(range(len(recipes)))
        self.step = 0
        parts = [training.parts for training in self.trainings]
        size = parts[0].supply.batch_size
        ways = [part.recipe.backward for part in parts]
        self.stack = Stacked(
            [layers_of(part.model)[0] for part in parts],
            [part.recipe.objective for part in parts],
            [torch.Generator().manual_seed(key(part.recipe.seed, "dropout")) for part in parts],
            size,
            all(isinstance(way, StackBackprop) and way.sparse for way in ways),
        )
        self.feed = Feed(self.trainings)
        self.clips = list(zip(*(part.recipe.gradient for part in parts), strict=True))
        self.updates = [Update(part.optimizer) for part in parts]
        self.sums = torch.zeros(len(recipes), dtype=torch.float64)

    def train(self) -> None:
        """To the end of all that do not fail."""
        supply, begun = self.trainings[0].parts.supply, time.perf_counter()
        for epoch in range(supply.epochs):
            for training in self.trainings:
                training._epoch_begun = begun
            for x, y in self.feed.epoch(epoch, min(supply.per_epoch, supply.steps - self.step)):
                self._turn(x, y)
                if not self.live:
                    return
            self._end_epoch()
        for t in self.live:
            done = self.trainings[t]._finish("finished", 0, time.perf_counter() - begun)
            self.figures[t] |= done.test | ({done.metric: done.best} if done.best is not None else {})

    def _turn(self, x: Tensor, y: Tensor) -> None:
        """One step of all: as `cycle`."""
        losses = self.stack.loss_and_gradient(x, y)
        for t in self.stack.not_finite(losses):
            if t in self.live:
                self.trainings[t].step = self.step
                self._lose(t, self.trainings[t]._lost(self.step))
        for techniques in self.clips:
            clip(techniques, self.stack.gradients)
        progress = self.step / self.trainings[0].steps
        for t in self.live:
            self.updates[t](self.trainings[t].recipe.schedule(progress))
        self.sums += losses
        self.step += 1

    def _end_epoch(self) -> None:
        for t in list(self.live):
            training = self.trainings[t]
            training.step = self.step
            training.loss_sum.copy_(self.sums[t])
            try:
                last_figures(training._end_epoch(), self.figures[t])
            except NonFinite as error:
                self._lose(t, error)
        self.sums.zero_()

    def _lose(self, t: int, error: NonFinite) -> None:
        self.failed[t] = error.what
        self.live.remove(t)
        self.stack.forget(t)


def _set_up(recipe: Recipe, kept: Kept) -> Training:
    training = Training(replaced(recipe, data=kept, watch=Watching(on=False)))
    for _ in training.set_up():
        pass
    training.parts.model.train()
    return training
