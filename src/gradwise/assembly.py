"""What a run is made of: data, network, back-propagation, optimizer and watch, made ready from a recipe.

Where there is a choice (device, threads, matrix product, how to back-propagate, whether to compile), it is taken here
and told with its reason. Read top to bottom: that is the order in which a run is put together.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, cast

import torch
from torch import Tensor, nn

from gradwise import machine, memory, state
from gradwise.data import check
from gradwise.errors import RecipeError
from gradwise.gradient import Accumulate, Backprop, Guard, agrees, parts_differ, written_out
from gradwise.kernels import status
from gradwise.loss import CrossEntropy
from gradwise.preflight import check_objective, outputs_of
from gradwise.randomness import key
from gradwise.recipe import Recipe, edited, replaced
from gradwise.runs import Checkpoint
from gradwise.stages import Batch, name_of
from gradwise.supply import Supply, supply
from gradwise.watch import Trace, watch


@dataclass
class Watched:
    """The watch of a run, and under which facts its pace is remembered on this machine."""

    watch: watch
    facts: tuple[object, ...]

    def remember(self) -> None:
        """Keep how often it measures, once it has found out, for the next run of this network."""
        if self.watch.trying and self.watch.settled and memory.recall(*self.facts) is None:
            memory.keep(self.watch.every, *self.facts)


@dataclass
class Assembly:
    """The parts of a run."""

    recipe: Recipe  # its backward stage is the written-out pass where that is the same
    supply: Supply
    model: nn.Module
    forward: nn.Module  # the model, or what it was compiled to
    optimizer: torch.optim.Optimizer
    guard: Guard
    watched: Watched | None
    choices: tuple[str, ...]  # a line each, with the reason
    notes: list[str] = field(default_factory=list[str])
    trace: Trace = field(default_factory=Trace)


def assemble(recipe: Recipe, checkpoint: Checkpoint | None = None) -> Assembly:
    """Put a run together. `checkpoint`: the one that it will go on from, which settles how this machine computes."""
    machine.settle_memory()
    device, device_line = machine.device(recipe.device)
    fed = supply(recipe, device)
    model, first, notes = network(recipe, fed)
    threads = machine.settle_threads(model, fed.batch_size)
    products = machine.settle_products(model, fed.batch_size)
    if checkpoint is not None:
        notes += state.same_machine(checkpoint.state)
        threads = f"{torch.get_num_threads()} (as before the stop)"
    recipe, precision_line = _choose_precision(recipe, device)
    notes += _check_parts(recipe, model, first)
    recipe, backward_line = _choose_backward(recipe, model, edited(recipe, first, 0, 0, 0.0))
    compiled, compile_line = machine.compiling(recipe.compile, device, fed.steps)
    if backward_line:
        compiled, compile_line = False, backward_line
    params = [p for p in model.parameters() if p.requires_grad]
    if not params:
        raise RecipeError("The network has no parameter to train.", fix="unfreeze some: p.requires_grad_(True).")
    optimizer = recipe.optimizer(params)
    guard = Guard(params, optimizer)
    watched = _watched(recipe, model, optimizer, guard, fed.batch_size, compiled)
    forward: Any = torch.compile(model) if compiled else model
    state.seed_streams(key(recipe.seed, "dropout"))
    choices = (
        f"device: {device_line}",
        f"threads: {threads}",
        f"precision: {precision_line}",
        f"products: {products}",
        f"kernels: {status()}",
        f"back-propagation: {compile_line}",
        f"watching: {_watching_line(recipe, compiled)}",
    )
    trace = watched.watch.trace if watched else Trace()
    return Assembly(recipe, fed, model, forward, optimizer, guard, watched, choices, notes, trace)


def network(recipe: Recipe, fed: Supply) -> tuple[nn.Module, Batch, list[str]]:
    """The network, the first batch that it was tried with, and what is odd about the data."""
    torch.manual_seed(key(recipe.seed, "initialisation"))
    model = recipe.model().to(fed.device)
    first = next(fed.batches(0, 0))
    outputs_of(model, first)
    for operate in recipe.surgery:
        model = operate(model, first)
    output = outputs_of(model, first)
    check_objective(recipe.objective, model, output, first)
    _check_normalisation(recipe, model, fed.batch_size)
    notes = check(fed.sets, _classes(output, first))
    if recipe.batch_size != "full" and recipe.batch_size > fed.batch_size:
        notes.append(f"batch_size {recipe.batch_size} is above the {fed.batch_size} samples: every step takes them all")
    return model, first, notes


def _check_normalisation(recipe: Recipe, model: nn.Module, batch_size: int) -> None:
    """Batch normalisation of vectors needs two samples at a time. Raises RecipeError where it gets one."""
    parts = recipe.backward.parts if isinstance(recipe.backward, Accumulate) else 1
    name = next((name for name, module in model.named_modules() if isinstance(module, nn.BatchNorm1d)), None)
    smallest = torch.empty(batch_size).chunk(parts)[-1]  # 7 in 3 parts are 3, 3 and 1
    if name is not None and len(smallest) < 2:
        raise RecipeError(
            f"Layer {name} normalises over the batch, which is a single sample.",
            why=f"batch_size {batch_size}"
            + (f" in {parts} parts leaves one of a single sample." if parts > 1 else "."),
            fix="raise batch_size to 2 at least" + (" in each part." if parts > 1 else "."),
        )


def _check_parts(recipe: Recipe, model: nn.Module, first: Batch) -> list[str]:
    """A batch in parts is to have the gradient of the batch in one; a line where it has not."""
    parts = recipe.backward.parts if isinstance(recipe.backward, Accumulate) else 1
    if parts < 2 or not hasattr(recipe.objective, "criterion"):  # what keeps a state is not tried
        return []
    differ = parts_differ(cast(Accumulate, recipe.backward), recipe.objective, model, first)
    if differ <= 1e-6:
        return []
    return [
        f"Accumulate: {parts} parts give another gradient than one (by {differ:.0e}): the loss is no mean over samples"
    ]


def _classes(output: Any, batch: Batch) -> int | None:
    if not isinstance(output, Tensor):  # several, for several tasks
        return None
    if batch.y.is_floating_point() or output.dim() < 2:
        return None
    return max(2, output.shape[1])


def _choose_precision(recipe: Recipe, device: torch.device) -> tuple[Recipe, str]:
    """The precision that was asked for, unless it would only cost here; the line for the log."""
    wanted = getattr(recipe.backward, "precision", "float32")
    if wanted == "float32":
        return recipe, "float32"
    gain = machine.gain_of_bfloat16(device)
    if gain >= 1:
        return recipe, f"{wanted} ({gain:.1f} times as fast as float32 here)"
    slower: Any = recipe.backward
    line = f"float32 (bfloat16 runs at {gain:.2f} of its speed on this processor)"
    return replaced(recipe, backward=dataclasses.replace(slower, precision="float32")), line


def _choose_backward(recipe: Recipe, model: nn.Module, first: Batch) -> tuple[Recipe, str]:
    """Take the written-out pass where it is the same; the line for the log, "" where autograd stays."""
    plain = type(recipe.backward) is Backprop and recipe.backward.precision == "float32"
    if not plain or first.x.device.type != "cpu" or recipe.compile == "always":
        return recipe, ""
    if not isinstance(recipe.objective, CrossEntropy) or recipe.objective.weights:
        return recipe, ""
    stack, how = written_out(model, recipe.objective.label_smoothing, first.x)
    if stack is None or first.y.dim() != 1 or not agrees(stack, recipe.objective, model, first):
        return recipe, ""
    return replaced(recipe, backward=stack), f"{how}; agrees with autograd on the first batch"


def _watched(
    recipe: Recipe,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    guard: Guard,
    batch_size: int,
    compiled: bool,
) -> Watched | None:
    settings = recipe.watch
    if not settings.on:
        return None
    facts = ("watching", batch_size, settings.budget, str(model), name_of(recipe.backward))
    made = watch(
        model,
        optimizer,
        backward=recipe.backward,
        guard=guard,
        every=settings.every,
        budget=settings.budget,
        known=int(memory.recall(*facts) or 0),
        activations=not compiled,
    )
    return Watched(made, facts)


def _watching_line(recipe: Recipe, compiled: bool) -> str:
    if not recipe.watch.on:
        return "off"
    how = f"every {recipe.watch.every} steps" if recipe.watch.every else f"at most {recipe.watch.budget:.0%} of a step"
    what = "loss, gradients and updates" if compiled else "loss, gradients, updates and activations"
    return f"{what} of every layer, {how}"
