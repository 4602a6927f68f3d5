"""Rules of the family "start": how the weights begin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.weights import layer_of, matrices, module, parameter
from gradwise.watch.facts import Layer, Parameter

FACTOR = 2.0  # a layer that makes the signal so many times larger or smaller (LSUV keeps it at 1)
IN_ALL = 20.0  # all layers together
TOWERING = 1e3  # the same, where each of many layers adds a little
BAD = 10.0  # times the loss of knowing nothing, at the first step
BEYOND = 100.0  # the same, where the layers themselves were not seen
OFF = 3.0  # times what He or Xavier would have chosen
USUAL = 1.3  # the same: what grows with such weights does not grow by them


def symmetric_initialisation(case: Case) -> Iterator[Finding]:
    """Units of a layer that start equal and are still equal after some steps."""
    found = [p for p in case.facts.parameters if _alike(p, case)]
    if not found:
        return
    names = list(dict.fromkeys(module(p.name) for p in found))
    zero = all(p.start_spread == 0 and p.zero_gradient for p in found)
    layer = layer_of(case, found[0].name)
    table = layer is not None and "mbedding" in layer.kind
    units = found[0].shape[1 if table else 0]
    what = f"{'columns' if table else 'units'} of {' and '.join(names[:3])}"
    says = f"All {what} start with the same weights, get the same gradient, and are still the same after some steps: "
    says += f"{units} of them do the work of one."
    if zero:
        says += " Their gradient is exactly 0, too: they will stay what they are."
    remedies = (
        Remedy("He", "nn.init.kaiming_normal_(weight) before a ReLU", "random numbers make the units differ"),
        Remedy("Xavier", "nn.init.xavier_uniform_(weight) before a tanh or sigmoid; biases may be 0", "likewise"),
    )
    evidence = {"equal_units": units, "start_spread": found[0].start_spread, "parameters": [p.name for p in found]}
    sources = tuple(dict.fromkeys(filter(None, [p.source for p in found])))[:1]
    severity, certainty = ("error", 0.95) if not case.learning.progress > 0.9 else ("warning", 0.8)
    steps = (0, case.last_step)
    where = tuple(names)
    yield Finding("symmetric-initialisation", severity, certainty, says, remedies, where, sources, steps, evidence)


def _alike(p: Parameter, case: Case) -> bool:
    """Units that move, or would, and stay the same. The last layer's are usually told apart by their targets."""
    if not p.start_equal_rows or p.equal_rows is not True or not p.requires_grad or not p.reached:
        return False
    layer = layer_of(case, p.name)
    if layer is not None and layer.last and "mbedding" not in layer.kind:
        return p.changed and p.shape[0] > 2  # heads of equal standing, as a mixture's
    return p.changed or p.zero_gradient


def initialisation_scale(case: Case) -> Iterator[Finding]:
    """The signal grows or shrinks from layer to layer, at the first step."""
    bad, off = _first_loss(case), _off(case)
    found = _scaled(case, off) if case.stuck or bad > BAD else None
    if found is None and off is not None and off > OFF and bad > BEYOND and len(matrices(case)) > 2:
        yield _beyond(case, bad, off)
        return
    if found is None or grows_between(case) is not None or (found.grows and bad <= 1.5 and not case.learning.diverged):
        return
    sizes, values, usual, total, grows = found
    first, last = sizes[0][0].name, sizes[-1][0].name
    per = f"grows {usual:.1f} times" if grows else f"shrinks {1 / usual:.1f} times"
    says = f"At the first step the signal {per} from layer to layer: its spread is {values[0]:.2g} after {first} and "
    says += f"{values[-1]:.2g} after {last}"
    says += f"; the weights are {off:.2g} times what He's initialisation would give. " if off is not None else ". "
    says += f"The first loss is {bad:.0f} times that of knowing nothing." if bad > BAD else case.sentence
    squash = {layer.activation for layer, _ in sizes} & {"tanh", "sigmoid"}
    own = ("Xavier", "nn.init.xavier_uniform_") if squash else ("He", "nn.init.kaiming_normal_")
    remedies = (
        Remedy(own[0], f"{own[1]}(weight) for each layer", "it keeps the spread of the signal from layer to layer"),
        Remedy("", "leave it to nn.Linear and nn.Conv2d, whose own initialisation will do", "it fits most networks"),
        Remedy("", "a LayerNorm or BatchNorm after each layer", "then the scale of the weights matters little"),
    )
    evidence = {"spreads": values.tolist(), "per_layer": usual, "threshold_per_layer": FACTOR, "in_all": total}
    evidence |= {"first_loss_over_chance": bad, "weights_over_he": off}
    where = tuple(layer.name for layer, _ in sizes)
    source = (case.network.source,) if case.network is not None and case.network.source else ()
    severity, certainty = ("error", 0.88) if case.stuck else ("warning", 0.8)
    steps = (0, case.last_step)
    yield Finding("initialisation-scale", severity, certainty, says, remedies, where, source, steps, evidence)


def _beyond(case: Case, bad: float, off: float) -> Finding:
    """Layers whose outputs were not seen (kernels in a list), by their weights and what came of them."""
    names = tuple(dict.fromkeys(map(module, matrices(case))))
    says = f"The weights of {len(matrices(case))} layers are {off:.2g} times what He's initialisation would give, so "
    says += f"that the signal grows from layer to layer: the first loss is {bad:.0g} times that of knowing nothing."
    remedies = (
        Remedy("He", "nn.init.kaiming_normal_(weight) for each layer", "it keeps the spread of the signal"),
        Remedy("", "std = sqrt(2 / fan_in): inputs times the size of the kernel", "all that enter a sum count"),
    )
    evidence = {"first_loss_over_chance": bad, "weights_over_he": off, "threshold": OFF}
    source = (case.network.source,) if case.network is not None and case.network.source else ()
    steps = (0, case.last_step)
    return Finding("initialisation-scale", "warning", 0.8, says, remedies, names, source, steps, evidence)


def grows_between(case: Case) -> Scaled | None:
    """The signal grows from layer to layer and the weights are of usual size: what lies between them makes it grow."""
    weights = _over_he(case)
    if weights is None or weights > USUAL or _first_loss(case) < BAD:
        return None
    found = _scaled(case, None) or _scaled(case, None, branches=True)
    return found if found is not None and found.grows else None


class Scaled(NamedTuple):
    """Layers that make the signal larger or smaller, one after the other."""

    sizes: list[tuple[Layer, float]]
    values: NDArray[np.float64]
    usual: float  # times per layer
    total: float
    grows: bool


def _scaled(case: Case, off: float | None, branches: bool = False) -> Scaled | None:
    """By spread; where the weights are too small by what tells samples apart: biases hide that it is lost.

    branches: of layers beside a shortcut, too, whose sums are the signal.
    """
    for measure in ("spread", "signal") if off is not None and off < 1 else ("spread",):
        sizes = _spreads(case, measure, branches)
        if len(sizes) < 3:
            return None
        values = np.array([size for _, size in sizes])
        usual, total = float(np.exp(np.median(np.diff(np.log(values))))), float(values[-1] / values[0])
        grows = (usual > FACTOR and total > IN_ALL) or (usual > 1 and total > TOWERING)
        if grows or (usual < 1 / FACTOR and total < 1 / IN_ALL):
            return Scaled(sizes, values, usual, total, grows)
    return None


def _spreads(case: Case, measure: str = "spread", branches: bool = False) -> list[tuple[Layer, float]]:
    """Layers one after the other without a normalisation, with the spread of what comes out at the first look.

    measure: "spread" over samples and units, or "signal", over samples alone.
    """
    network = case.network
    found: list[tuple[Layer, float]] = []
    for layer in network.layers if network is not None else ():
        series = case.series("activation", layer.name, measure)
        if series is None or layer.norm or (layer.residual and not branches) or layer.last:
            continue
        if found and found[-1][0].depth == layer.depth:  # beside the other, not behind it: what is told is their sum
            continue
        spread = float(series.values[0])
        if np.isfinite(spread) and spread > 0:
            found.append((layer, spread))
    return found


def _first_loss(case: Case) -> float:
    """The first loss over that of knowing nothing; 1 where that is not known."""
    loss, learning = case.loss, case.learning
    chance = (loss.chance or loss.baseline) if loss is not None else None
    values = case.curve().finite.values
    if not len(values):
        return 1.0
    start = learning.start if learning.known else float(values[0])  # it may be over after a step or two
    if chance is not None and chance > 0:
        return start / chance
    sizes = [layer.units for layer in (case.network.layers if case.network is not None else ()) if layer.last]
    through = loss.through if loss is not None else []
    soft = any("softmax" in name or "logsumexp" in name for name in through)
    return start / float(np.log(sizes[0])) if soft and sizes and sizes[0] > 1 else 1.0


def _off(case: Case) -> float | None:
    """The same where it is not near He's."""
    off = _over_he(case)
    return off if off is not None and not 1 / OFF < off < OFF else None


def _over_he(case: Case) -> float | None:
    """How the spread of the weights compares with He's: the geometric mean over the matrices."""
    known = [parameter(case, name) for name in matrices(case)]
    ratios = [p.start_spread / (2 / p.fan_in) ** 0.5 for p in known if p is not None and p.start_spread and p.fan_in]
    return float(np.exp(np.mean(np.log(ratios)))) if ratios else None


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (symmetric_initialisation, initialisation_scale)
