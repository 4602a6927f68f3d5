"""What several finished runs know, in one network: soups, ensembles.

A soup is the mean of weights that began alike (fine-tuned from the same, or of one run's way), and costs no more than
one network; an ensemble is the mean of answers of any networks, and costs all of them. Networks that did not begin
alike make no soup: their units do not lie in the same order, unless they are brought into it first (`alignment.py`).
`loss.Distill` pours an ensemble into one student.
Shapes: B samples, C classes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import update_bn

from gradwise import machine, recipefile, runs
from gradwise.alignment import aligned
from gradwise.assembly import network
from gradwise.data import Source
from gradwise.errors import RunError
from gradwise.evaluate import best_by, evaluate, is_better
from gradwise.recipe import Recipe
from gradwise.stages import Batch
from gradwise.stored import told, weights_of
from gradwise.supply import Supply, supply

Method = Literal["greedy", "uniform", "aligned", "ensemble"]
Figures = dict[str, float]
Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Member:
    """A finished run: its recipe, its network with the weights it was judged by, and its data."""

    name: str
    recipe: Recipe
    model: nn.Module
    fed: Supply


@dataclass(frozen=True)
class Fused:
    """What came of it."""

    model: nn.Module  # in evaluation mode
    method: Method
    parts: dict[str, Figures]  # run -> its own figures: "valid_accuracy", "test_loss"
    figures: Figures  # the fused network's
    kept: tuple[str, ...]  # the runs that are in it
    metric: str  # what a greedy soup goes by


class Ensemble(nn.Module):
    """The mean of several networks' answers: of probabilities (returned as their logarithms, (B, C)), or of numbers."""

    def __init__(self, members: Iterable[nn.Module], classes: bool) -> None:
        super().__init__()
        self.members, self.classes = nn.ModuleList(members), classes

    def forward(self, x: Tensor) -> Tensor:
        """(B, ...) inputs."""
        answers = torch.stack([member(x) for member in self.members])
        if not self.classes:
            return answers.mean(0)
        if answers.shape[2] == 1:  # one logit, for class 1
            return answers.sigmoid().mean(0).logit(eps=1e-7)
        return answers.log_softmax(2).logsumexp(0) - math.log(len(answers))


def _untrained(recipe: Recipe, fed: Supply) -> nn.Module:
    """The network of a recipe; random streams are left as they were."""
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        return network(recipe, fed)[0]


def member(run: str | Path, allow: Sequence[str] = (), owner: str = "gradwise fuse") -> Member:
    """The finished run of a folder. `owner`: who asks, for the error.

    Raises RunError, RecipeError, DataError for what cannot be read.
    """
    path = Path(run).expanduser()
    if not runs.is_run_folder(path):
        raise RunError(f"{owner}: {path} is no run folder.", fix="gradwise ls names the runs.")
    recipe = recipefile.from_dict(recipefile.read(runs.read_config(path), str(path / "config.yaml")), allow)
    weights = weights_of(path, owner)  # first: a run that has only begun may name itself
    device, _ = machine.device(recipe.device)
    fed = supply(recipe, device)
    model = _untrained(recipe, fed)
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise RunError(
            f"{owner}: the weights of {path} do not fit the network of its config.yaml.",
            why=told(error),
            fix="put back what was changed since: the file, the code that it names, or runs that it builds on.",
        ) from None
    return Member(str(run), recipe, model.eval(), fed)


def fuse(folders: Sequence[str | Path], method: Method = "greedy", *, allow: Sequence[str] = ()) -> Fused:
    """Fuse finished runs.

    "greedy": from the best on, each is taken into the mean of weights if it does not worsen its validation figure
    (Wortsman et al. 2022, arXiv:2203.05482, recipe 1); "uniform": the mean of all; "aligned": the same, the units of
    each in the places of those of the first; "ensemble": the mean of answers. Batch normalisation takes its statistics
    anew for a mean of weights. Raises RunError for runs that do not fit.
    """
    if len({Path(folder).resolve() for folder in folders}) < 2:
        raise RunError(f"Fusing takes at least two runs, got {len(folders)}.", fix="gradwise fuse runs/a runs/b ...")
    members = [member(folder, allow) for folder in folders]
    figures = {one.name: figures_of(one.model, one) for one in members}
    metric = _metric(members, figures, method)
    if method == "ensemble":
        _check_outputs(members)
        classes = not next(members[0].fed.batches(0, 0)).y.is_floating_point()
        model, kept = Ensemble([one.model for one in members], classes).eval(), members
    else:
        _check_weights(members)
        kept = _greedy(members, figures, metric) if method == "greedy" else members
        model = soup_of(_aligned(kept) if method == "aligned" else kept)
    return Fused(model, method, figures, figures_of(model, members[0]), tuple(one.name for one in kept), metric)


def soup_of(members: Sequence[Member]) -> nn.Module:
    """A network with the mean of their weights, in evaluation mode."""
    first, states = members[0], [one.model.state_dict() for one in members]
    mean = {
        name: torch.stack([state[name] for state in states]).mean(0) if tensor.is_floating_point() else tensor
        for name, tensor in states[0].items()
    }
    model = _untrained(first.recipe, first.fed)
    model.load_state_dict(mean)
    if len(members) > 1:
        update_bn((batch.x for batch in first.fed.some(4000)), model)
    return model.eval()


def figures_of(model: nn.Module, one: Member) -> Figures:
    """Loss and metric on the validation and test set of a member."""
    found: Figures = {}
    for name, part in (("valid", one.fed.sets.valid), ("test", one.fed.sets.test)):
        if part is not None:
            measured = evaluate(model, one.recipe.objective, one.fed.all(part))
            found |= {f"{name}_{key}": value for key, value in measured.items()}
    return found


def _greedy(members: Sequence[Member], figures: dict[str, Figures], metric: str) -> list[Member]:
    sign = -1 if metric.endswith("accuracy") else 1
    best_first = sorted(members, key=lambda one: sign * figures[one.name][metric])
    chosen, best = best_first[:1], figures[best_first[0].name][metric]
    for one in best_first[1:]:
        value = figures_of(soup_of([*chosen, one]), members[0])[metric]
        if value == best or is_better(metric, value, best):
            chosen, best = [*chosen, one], value
    return chosen


def _aligned(members: Sequence[Member]) -> list[Member]:
    """Every one like the first."""
    first, *rest = members
    batch = next(first.fed.batches(0, 0))
    return [first, *(replace(one, model=aligned(one.model, first.model, batch)) for one in rest)]


def _metric(members: Sequence[Member], figures: dict[str, Figures], method: Method) -> str:
    """What a greedy soup goes by; samples that any of them has trained on cannot choose."""
    if method != "greedy":
        return ""
    valid = [one.fed.sets.valid for one in members]
    if any(part is None for part in valid) or not all(_same(members[0], one) for one in members[1:]):
        raise RunError(
            "A greedy soup needs validation samples that no run has trained on.",
            why="the runs hold out none, or each others.",
            fix="train them with data.valid=1/10 (a fold is the same for every seed), or take --method uniform.",
        )
    return best_by(figures[members[0].name])


def _same(one: Member, other: Member) -> bool:
    """Do they hold out the same samples?"""
    mine, theirs = one.fed.sets.valid, other.fed.sets.valid
    if mine is None or theirs is None or len(mine) != len(theirs):
        return False
    return all(
        torch.equal(a.x, b.x) and torch.equal(a.y, b.y)
        for a, b in zip(_batches(one, mine), _batches(other, theirs), strict=True)
    )


def _batches(one: Member, part: Source) -> Iterable[Batch]:
    return one.fed.all(part)


def _check_weights(members: Sequence[Member]) -> None:
    shapes = [{name: tuple(t.shape) for name, t in one.model.state_dict().items()} for one in members]
    for one, found in zip(members[1:], shapes[1:], strict=True):
        if found != shapes[0]:
            differs = next(name for name in {**shapes[0], **found} if shapes[0].get(name) != found.get(name))
            raise RunError(
                f"{members[0].name} and {one.name} differ in {differs}.",
                why="a soup is the mean of weights: layers must have the same names and shapes.",
                fix="--method ensemble averages the answers of any networks.",
            )


def _check_outputs(members: Sequence[Member]) -> None:
    shapes = [one.model(next(one.fed.batches(0, 0)).x[:1]).shape for one in members]
    if len(set(shapes)) > 1:
        told = ", ".join(f"{one.name}: {tuple(shape)}" for one, shape in zip(members, shapes, strict=True))
        raise RunError(f"The runs differ in their outputs: {told}.", fix="fuse runs of the same classes.")
