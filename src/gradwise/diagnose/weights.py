"""The weight matrices of a training, from the input to the loss, and figures of their gradients and updates."""

from __future__ import annotations

import re
from itertools import groupby

import numpy as np

from gradwise.diagnose.case import Case, Series
from gradwise.watch.facts import Layer, Parameter

START = 50  # steps that count as the start (TheDeepChecker and AUTOTRAINER look at as many)
ALL, BEGIN, END = slice(None), slice(None, 10), slice(-10, None)  # looks
_NUMBER = re.compile(r"\d+")


def matrices(case: Case) -> list[str]:
    """Names of the trained matrices and kernels, next to the input first; biases and scales of norms are none."""
    named = [p.name for p in case.facts.parameters if len(p.shape) > 1 and p.requires_grad and p.in_model]
    if case.facts.parameters:
        return [name for name in named if name not in embeddings(case)]
    places = case.trace.places("gradient") or case.trace.places("update")
    return [name for name in places if name and not name.endswith(("bias", "running_mean", "running_var"))]


def embeddings(case: Case) -> set[str]:
    """Weights of tables: a row moves only when it is used, so their figures are of another kind."""
    return {layer.weight for network in case.facts.networks for layer in network.layers if "mbedding" in layer.kind}


def parameter(case: Case, name: str) -> Parameter | None:
    """The facts of a parameter."""
    return next((p for p in case.facts.parameters if p.name == name), None)


def layer_of(case: Case, weight: str) -> Layer | None:
    """The layer that a weight belongs to, where the graph has shown it."""
    layers = (layer for network in case.facts.networks for layer in network.layers)
    return next((layer for layer in layers if layer.weight == weight), None)


def module(name: str) -> str:
    """ "fc1.weight" is of "fc1"; a plain tensor is its own."""
    return name.rpartition(".")[0] or name


def early(series: Series | None) -> float | None:
    """The median of the first steps' finite values; None where there are none."""
    if series is None:
        return None
    values = series.finite.values[series.finite.steps < series.steps[0] + START]
    return float(np.median(values)) if len(values) else None


def late(series: Series | None, share: float = 0.2) -> float | None:
    """The median of the last values, at least five."""
    if series is None or not len(series.finite.values):
        return None
    values = series.finite.values
    return float(np.median(values[-max(5, int(len(values) * share)) :]))


def gradients(case: Case) -> dict[str, float]:
    """Root mean square of each matrix' gradient at the start; those that get none are left out."""
    found: dict[str, float] = {}
    for name in matrices(case):
        norm = early(case.series("gradient", name, "norm"))
        known = parameter(case, name)
        if norm is not None and norm > 0:
            found[name] = norm / float(np.sqrt(np.prod(known.shape))) if known is not None else norm
    return found


def chains(values: dict[str, float]) -> list[list[str]]:
    """Names that differ in their numbers only ("blocks.0.fc.weight", ...): layers of one kind, in their order."""
    kinds = sorted(values, key=_kind)  # stable: the order within a kind stays
    return [list(group) for _, group in groupby(kinds, key=_kind)]


def ratio(case: Case, part: slice = ALL, within: tuple[int, int] | None = None) -> float | None:
    """|update| / |weight| of a step: the median over steps (or over BEGIN, END), then over matrices.

    within: the first and last step that count: a program may train another network before or after.
    Matrices that don't move at all are left out: they are another matter.
    """
    found: list[float] = []
    vectors = case.trace.places("update") if not matrices(case) else []  # a linear model in one vector
    for name in [*matrices(case), *embeddings(case), *vectors]:
        series = case.series("update", name, "ratio")
        if series is not None and within is not None:
            inside = (series.steps >= within[0]) & (series.steps <= within[1])
            series = Series(series.steps[inside], series.values[inside])
        values = series.values[~np.isnan(series.values)][part] if series is not None else []
        median = float(np.median(np.minimum(values, 1e9))) if len(values) else 0.0
        if median > 0:
            found.append(median)
    return float(np.median(found)) if found else None


def repeated(case: Case) -> bool:
    """The same layers are run through again and again within a step: a recurrent network, a rollout."""
    network = case.network
    if network is None:
        return False
    recurrent = any(kind in module for module in network.modules for kind in ("RNN", "LSTM", "GRU"))
    deepest = max([layer.depth for layer in network.layers] + [network.in_series], default=0)
    return recurrent or deepest > max(12, 3 * len(network.layers))


def _kind(name: str) -> str:
    return _NUMBER.sub("#", name)
