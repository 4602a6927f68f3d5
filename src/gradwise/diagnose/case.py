"""A trace as the rules see it: its main loss, whether that is learning, and series that may be missing."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradwise.diagnose.rank import trend
from gradwise.watch.facts import Loss, Network, Optimizer
from gradwise.watch.trace import Trace

Numbers = NDArray[np.float64]
UPHILL = 0.9  # share of steps that go along the gradient instead of against it; momentum makes some of them
LITTLE = 0.15  # share of the baseline that is explained: next to nothing
SINKS = 3e-3  # of the loss of knowing nothing, over the second half
USED = 0.01  # of a loss below 0: what it costs more when the input is 0
RUN_AWAY = 1e6  # times the first of a few losses
COPIED = 0.8  # of the training calls go with one of a copy that is not trained


class Series(NamedTuple):
    """Steps (T,) and values (T,), finite or not, oldest first."""

    steps: NDArray[np.int64]
    values: Numbers

    @property
    def finite(self) -> Series:
        """Without NaN and infinity."""
        good = np.isfinite(self.values)
        return Series(self.steps[good], self.values[good])

    def last(self, share: float, least: int) -> Series:
        """What lies in the last part of its steps (steps may be left out between looks), at least so many values."""
        if not len(self.steps):
            return self
        begin = self.steps[-1] - share * (self.steps[-1] - self.steps[0])
        at = max(0, min(int(np.searchsorted(self.steps, begin, "right")), len(self.steps) - least))
        return Series(self.steps[at:], self.values[at:])


class Learning(NamedTuple):
    """How the training loss went."""

    known: bool  # enough values to say anything
    start: float  # level of the first values
    end: float  # level of the last fifth
    best: float  # the lowest level over a tenth of the run
    baseline: float | None  # the loss of the best constant prediction
    progress: float  # share of the baseline (or of the start, without one) that is explained at the end; below 0: worse
    falling: bool  # the last half falls, p < 0.01 (Spearman's rank correlation with time)
    fell: bool  # the end is lower than the start by more than the noise
    noise: float  # robust standard deviation of what one value differs from the next, at the end
    stuck: bool  # near the baseline (or the start) and not falling: the gate of gradient, unit and rate rules
    diverged: bool  # the end is far above the start, or not finite
    values: int = 0  # how many there are

    @property
    def learns(self) -> bool:
        """It does, and more than next to nothing."""
        return self.known and not (self.stuck or self.diverged) and self.progress >= LITTLE


class Case:
    """What a rule is given. Attributes are computed once, when first asked for."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.facts = trace.facts

    def series(self, place: str, where: str, measure: str) -> Series | None:
        """A series of the trace without the steps at which it was not measured; None where there is none."""
        try:
            steps, values = self.trace.series(place, where, measure)
        except KeyError:
            return None
        watched = ~np.isnan(values) if (place, where, measure) not in self.trace._added else np.ones(len(values), bool)
        return Series(steps[watched], values[watched]) if watched.any() else None

    @cached_property
    def losses(self) -> list[Loss]:
        """Those that are trained on, the most often called first."""
        return sorted((loss for loss in self.facts.losses if loss.training), key=lambda loss: -loss.calls)

    @cached_property
    def loss(self) -> Loss | None:
        """The main training loss: a known function is preferred where it is called about as often."""
        if not self.losses:
            return None
        most = self.losses[0].calls
        named = [loss for loss in self.losses if loss.name and loss.calls >= 0.5 * most]
        return (named or self.losses)[0]

    @property
    def network(self) -> Network | None:
        """The network that is trained most."""
        networks = self.facts.networks
        trained = [n for n in networks if n.layers] or [n for n in networks if n.training_calls]
        return max(trained, key=lambda network: network.training_calls, default=None)

    def curve(self, loss: Loss | None = None) -> Series:
        """The values of a training loss, one per call; of the main one by default."""
        loss = loss or self.loss
        empty = Series(np.empty(0, np.int64), np.empty(0))
        own = self.series("loss", loss.source, "value") if loss is not None else None
        return own or self.series("cycle", "", "loss") or empty

    @cached_property
    def learning(self) -> Learning:
        """How the main loss went."""
        return learning(self.curve(), self.loss.baseline if self.loss else None)

    @property
    def last_step(self) -> int:
        """The number of the last step."""
        steps = self.curve().steps
        return int(steps[-1]) if len(steps) else self.facts.steps

    @cached_property
    def maximises(self) -> bool:
        """What backward is called on is made large, and is meant to be: maximize=True on what is not a known error, or
        steps uphill on what stays below 0, as a log-probability; an error is never below 0."""
        optimizer, known = self.optimizer, self.learning
        if optimizer is None or self.loss is None or self.loss.name:
            return False
        below = known.known and not known.diverged and known.start < 0 and known.end < 0
        return optimizer.maximize or (below and (optimizer.uphill or 0.0) >= UPHILL)

    @cached_property
    def tells(self) -> bool:
        """The curve says how the training goes: not that of a game of two, nor of a loss that hovers about zero, nor
        where it is made large."""
        if self.facts.adversarial or not self.learning.known or self.maximises:
            return False
        named = self.loss is not None and bool(self.loss.name)
        half = self.curve().finite.values
        above = float((half[len(half) // 2 :] > 0).mean())
        signed = self.loss is not None and self.loss.signed
        # log-probability times advantage: a policy gradient, a critic's score
        return named or (not signed and not 0.02 < above < 0.98)

    @property
    def follows_itself(self) -> bool:
        """Its targets come from a copy of the network, which follows it (DQN, a mean teacher): they move as it learns,
        and jump where the copy is made anew."""
        main = self.network
        if main is None or not main.parameters:
            return False
        copies = (n for n in self.facts.networks if n is not main and n.parameters == main.parameters)
        asked = (n.evaluation_calls for n in copies if n.modules == main.modules and not n.training_calls)
        return any(calls >= COPIED * main.training_calls for calls in asked)

    @property
    def stuck(self) -> bool:
        """It does not learn, as far as its loss tells: the gate of the rules about gradients, units and rates."""
        if self.maximises:
            return False
        if not self.tells:
            return self.learning.diverged
        return self.learning.stuck and not self._uses_input

    @property
    def _uses_input(self) -> bool:
        """Of a loss below 0 there are no shares: batches may differ more than is learnt. Without inputs it is worse."""
        probes, baseline = self.facts.probes, self.learning.baseline
        if baseline is None or baseline > 0 or probes.zeroed is None or probes.as_is is None or self.learning.diverged:
            return False
        return probes.zeroed - probes.as_is > USED * abs(probes.as_is)

    @property
    def struggling(self) -> bool:
        """It learns nothing, or next to nothing."""
        return self.stuck or (self.tells and self.learning.progress < LITTLE)

    @property
    def told(self) -> str:
        """The course of the loss in words, for a finding's brackets."""
        start, end, baseline = self.learning.start, self.learning.end, self.learning.baseline
        if not self.learning.known:
            return "the loss is not finite"
        known = f", and knowing nothing costs {baseline:.3g}" if baseline is not None else ""
        return f"the loss is {start:.3g} at the start and {end:.3g} at the end{known}"

    @property
    def sentence(self) -> str:
        """The same as a sentence of its own."""
        return f"{self.told[:1].upper()}{self.told[1:]}."

    @property
    def source(self) -> tuple[str, ...]:
        """The line that a finding about the whole training stands at: where the main loss is computed."""
        return (self.loss.source,) if self.loss is not None and ":" in self.loss.source else ()

    @property
    def step_source(self) -> tuple[str, ...]:
        """The line that a finding about its steps stands at: where the optimizer is made, else that of the loss."""
        return (self.optimizer.source,) if self.optimizer is not None and self.optimizer.source else self.source

    @property
    def optimizer(self) -> Optimizer | None:
        """The one that steps most."""
        return max(self.facts.optimizers, key=lambda optimizer: optimizer.steps, default=None)

    @cached_property
    def rates(self) -> Series | None:
        """The learning rate of the main optimizer, step by step."""
        own = self.series("rate", self.optimizer.source, "value") if self.optimizer is not None else None
        return own or self.series("rate", "", "value") or self.series("cycle", "", "rate")

    @property
    def clipped(self) -> bool:
        """Gradients are clipped, so that their norm does no harm."""
        return any(optimizer.clip is not None for optimizer in self.facts.optimizers)

    @property
    def batch(self) -> int | None:
        """Samples in a batch, from the shape of the targets."""
        shape = (self.loss.target_shape or self.loss.input_shape) if self.loss is not None else []
        return shape[0] if shape else None


def level(values: Numbers) -> float:
    """Median of the means of some ten values each: a few spikes don't move it, a skewed noise does not bias it."""
    return float(np.median([part.mean() for part in np.array_split(values, max(3, len(values) // 10))]))


def learning(curve: Series, baseline: float | None) -> Learning:
    """Judge a loss curve against the loss of a constant prediction."""
    values = curve.finite.values
    if len(values) < 8:
        nothing = float("nan")
        broken = len(curve.values) > 0 and not bool(np.isfinite(curve.values[-1]))
        broken = broken or (len(values) > 1 and abs(values[-1]) > RUN_AWAY * max(1.0, abs(values[0])))
        return Learning(False, nothing, nothing, nothing, baseline, nothing, False, False, nothing, False, broken)
    last, half = curve.finite.last(0.2, 4), curve.finite.last(0.5, 8).values
    fifth, tenth = len(last.values), max(3, len(values) // 10)
    start, end = level(values[: max(3, len(values) // 50)]), level(last.values)
    best = min(level(part) for part in np.array_split(values, max(1, len(values) // tenth)))
    noise = float(np.median(np.abs(np.diff(values[-2 * fifth :])))) / 1.35  # robust standard deviation of white noise
    rank, chance = trend(half) if np.ptp(half) > 0 else (0.0, 1.0)
    falling = rank < 0 and chance < 0.01
    error = 1.25 * noise / np.sqrt(fifth)
    early = values[: max(3, len(values) // 5)]  # more than the start: what is noisy does not show it there
    sank = level(early) - end > 4 * np.hypot(error, 1.25 * noise / np.sqrt(len(early)))
    fell = end < start - 0.02 * abs(start) and (sank or end < start - 4 * error)
    scale = baseline if baseline is not None and baseline > 0 else abs(start)
    progress = 1 - end / scale if scale > 0 else 0.0
    broken = not bool(np.isfinite(curve.values[-max(1, fifth // 2) :]).all())
    diverged = broken or end > 3 * max(abs(start), scale) + 4 * noise
    if baseline is not None and baseline > 0:
        near = end > 0.95 * baseline - 2 * error
        sinks = level(half[: max(3, len(half) // 4)]) - end > SINKS * baseline  # and not only by what a clock would see
        stuck = near and not (falling and fell and sinks)
    else:
        better = baseline is not None and end < baseline - 3 * error  # below 0 there are no shares
        stuck = not fell and not falling and not better
    stuck = stuck or diverged
    return Learning(True, start, end, best, baseline, progress, falling, fell, noise, stuck, diverged, len(values))
