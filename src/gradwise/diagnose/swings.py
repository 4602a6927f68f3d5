"""The rule `oscillating-loss`: a loss that swings, up after every down or from evaluation to evaluation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradwise.diagnose.averaged import averages_out
from gradwise.diagnose.case import Case, Numbers, Series
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.diagnose.generalisation import evaluations
from gradwise.diagnose.restless import restless, rises_again
from gradwise.diagnose.spike import always_anew, jumps_of, phases
from gradwise.diagnose.weights import END, matrices, ratio

ENDS = 0.8  # times the learning rate at the middle of the run
HALVED = 0.5  # times the loss at the middle of the run: it does fall
BLOCK = 16  # steps over which the noise of single batches is averaged away
SWING = 2.2  # variance of the averages over what white noise would leave; 1 where only the batches differ
SHORT, FEWER = 4.0, 10  # the same where there are too few values for such blocks, which then have as many at least
CROSSES = 0.5  # the same: below it values alternate
ALTERNATES, ALTERNATING = 0.95, 0.03  # share of moves; half a move, of the mean, where steps are made with one batch
RISE, RISES, RISEN = 0.05, 0.1, 5.0  # likewise: a rise, of the mean; the share of such moves; all rises, of the mean
BETWEEN = 0.1  # standard deviation of the values, of their mean
BLOCKS = 12  # as many of them, or nothing is said of them
HALF = 40  # values in the second half of the steps
FAR = 0.3  # standard deviation of the values, of their mean (the same batch in every step: less), together with
SAME = 0.01
LARGE = 0.025  # |update| / |weight| of the last steps; 0.001 is usual
WIDE = 0.08  # standard deviation of the averages, of the level they swing around
LEARNT = 0.97  # share of the baseline that is explained: what swings below it is of no account
PASSES = 8  # evaluations in the second half
TWICE = 2.0  # times: a swing of an evaluation
SWINGS = 4  # ups and downs


def oscillating_loss(case: Case) -> Iterator[Finding]:
    """It swings around a level without settling, or its optimizer can't but swing."""
    found = False
    for finding in swinging(case):
        found = True
        yield finding
    if not found and (hidden := averages_out(case)) is not None:
        yield hidden


def swinging(case: Case) -> Iterator[Finding]:
    """What its curve shows."""
    cannot_but = restless(case) or rises_again(case)
    if cannot_but is not None:
        yield cannot_but
        return
    learning = case.learning
    half = case.curve().finite.last(0.5, 0)
    if not case.tells or len(half.values) < HALF or learning.diverged:
        return
    step = _last_steps(case, int(half.steps[-1]))
    alternates = _same_batch(case) and _alternates(half.values) and step > LARGE
    if alternates or (_crosses(half.values, step) and not learning.falling):
        yield _to_and_fro(half, case)
        return
    if not learning.fell:
        return
    if learning.falling and _drop(half.values) > 2 * float(half.values.std()):  # a straight line falls by 3.5 of them
        return
    if learning.falling and learning.end < HALVED * float(half.values[: len(half.values) // 2].mean()):
        return
    if always_anew(case) or jumps_of(case) or any(half.steps[0] < step <= half.steps[-1] for step in phases(case)):
        return
    again = None if learning.falling else _from_pass_to_pass(case)
    if again is not None:
        yield again
    if again is not None or learning.progress > LEARNT:
        return
    yield from _around_a_level(half, case)


def _around_a_level(half: Series, case: Case) -> Iterator[Finding]:
    """The second half of the values differs more than batches do, and falls no more."""
    learning, same = case.learning, _same_batch(case)
    step = _last_steps(case, int(half.steps[-1]))
    level, (swing, wide, low, high) = abs(float(half.values.mean())), _swing(half.values)
    enough = SWING if len(half.values) >= BLOCK * BLOCKS else SHORT
    slow = swing > enough and wide > WIDE * level and not learning.falling and not _once(half.values, enough)
    far = float(half.values.std()) > (SAME if same else FAR) * level  # beyond what the batches' difference explains
    ends = learning.falling and _anneals(case)
    climbs, wild = same and not ends and _climbs(half.values), step > LARGE and far and not ends
    if not (slow or wild or climbs):
        return
    says = f"From step {half.steps[0]} on the loss swings around {level:.3g} and does not fall any more"
    if slow:
        says += f": averages of {_block(half.values)} values lie between {low:.3g} and {high:.3g}, {swing:.1f} times "
        says += "the variance that the difference between batches explains"
    elif climbs:
        says += ": all steps are made with the same samples, and again and again it rises"
    says += f". Each step still changes the weights by {step:.0%} of their size." if wild else "."
    remedies = (
        Remedy("Cosine", "let the learning rate fall to 0 by the end (CosineAnnealingLR)", "ever shorter steps settle"),
        Remedy("", "a learning rate three to ten times smaller", "steps that do not cross the valley"),
        Remedy("", "larger batches, or an average of the weights (EMA)", "both average the swings out"),
    )
    evidence = {"level": level, "swing": swing, "threshold": enough, "spread_of_averages": wide, "update_ratio": step}
    source = case.step_source
    certainty = 0.65 if slow or climbs else 0.6
    steps = (int(half.steps[0]), case.last_step)
    yield Finding("oscillating-loss", "warning", certainty, says, remedies, (), source, steps, evidence)


def _anneals(case: Case) -> bool:
    """The learning rate is on its way down, and does not only go up and down."""
    rate = case.rates
    if rate is None or len(rate.values) < 2 or float(rate.values[-1]) >= 0.5 * float(rate.values.max()):
        return False
    half = rate.last(0.5, 1).values
    tenth = max(1, len(half) // 5)
    return float(np.median(half[-tenth:])) < ENDS * float(np.median(half[:tenth]))


def _crosses(values: Numbers, step: float) -> bool:
    """Up after every down: averages differ far less than those of values that differ by chance."""
    if len(values) < BLOCK * BLOCKS:
        return False
    swing, spread, level = _swing(values)[0], float(values.std()), abs(float(values.mean()))
    return swing < CROSSES and step > LARGE and spread > BETWEEN * level


def _back(values: Numbers) -> float:
    """The share of moves that go the other way than the one before: of values that differ by chance two in three."""
    moves = np.diff(values)
    return float(np.mean(moves[1:] * moves[:-1] < 0))


def _alternates(values: Numbers) -> bool:
    """Up after every down, whether or not the level still falls."""
    far = float(np.median(np.abs(np.diff(values)))) / 2
    return _back(values) > ALTERNATES and far > ALTERNATING * abs(float(values.mean()))


def _climbs(values: Numbers) -> bool:
    """Up again and again, where it could only fall if steps were short: they are all made with one batch."""
    moves, level = np.diff(values), abs(float(values.mean()))
    return float((moves > RISE * level).mean()) > RISES and float(moves[moves > 0].sum()) > RISEN * level


def _to_and_fro(half: Series, case: Case) -> Finding:
    back, step = _back(half.values), _last_steps(case, int(half.steps[-1]))
    low, high = (float(np.quantile(half.values, q)) for q in (0.1, 0.9))
    says = f"From step {half.steps[0]} on the loss goes up after every down, between {low:.3g} and {high:.3g}: "
    says += (
        f"{back:.0%} of its moves go the other way than the one before (67% where values differ by chance). Each step "
    )
    says += f"crosses the valley, and changes the weights by {step:.0%} of their size."
    remedies = (
        Remedy("Cosine", "let the learning rate fall to 0 by the end (CosineAnnealingLR)", "ever shorter steps settle"),
        Remedy("", "a learning rate three to ten times smaller", "steps that do not cross the valley"),
    )
    evidence = {"swing": _swing(half.values)[0], "threshold": CROSSES, "turning_back": back}
    evidence |= {"update_ratio": step, "lowest": low, "highest": high}
    source = case.step_source
    steps = (int(half.steps[0]), case.last_step)
    return Finding("oscillating-loss", "warning", 0.7, says, remedies, (), source, steps, evidence)


def _same_batch(case: Case) -> bool:
    """Every step is made with the same samples, and no unit is left out by chance."""
    repeats, network = case.facts.repeats, case.network
    return (
        repeats is not None and repeats.distinct == 1 < repeats.steps and not (network is not None and network.dropout)
    )


def _last_steps(case: Case, last: int) -> float:
    """|update| / |weight| of the last steps. Where the last looks are older, the rate may have fallen since then."""
    size, rate = ratio(case, END, (0, last)) or 0.0, case.rates
    looks = [s.steps[s.steps <= last] for n in matrices(case) if (s := case.series("update", n, "ratio")) is not None]
    looked = max((int(steps[-1]) for steps in looks if len(steps)), default=last)
    if rate is None or not len(rate.values):
        return size
    then, now = (rate.values[rate.steps <= step][END] for step in (looked, last))
    then, now = (float(np.median(rates)) if len(rates) else 0.0 for rates in (then, now))
    return size * min(1.0, now / then) if then > 0 else size


def _from_pass_to_pass(case: Case) -> Finding | None:
    """The same samples are evaluated again and again, so that no batch differs: only the weights do."""
    for key, curve in evaluations(case).items():
        values = curve.last(0.5, 0).values
        swings = _swings(values) if len(values) >= PASSES and (values > 0).all() else 0
        if swings < SWINGS:
            continue
        low, high, first = float(values.min()), float(values.max()), int(curve.steps[-len(values)])
        says = (
            f"The same samples are evaluated {len(values)} times from step {first} on, and their loss goes up and down "
        )
        says += f"between {low:.3g} and {high:.3g}, {swings} times by a factor of {TWICE:g} or more, without settling. "
        says += case.sentence
        remedies = (
            Remedy(
                "Cosine", "let the learning rate fall to 0 by the end (CosineAnnealingLR)", "ever shorter steps settle"
            ),
            Remedy("", "an average of the weights (EMA), or a learning rate three to ten times smaller", "likewise"),
        )
        evidence = {"lowest": low, "highest": high, "swings": swings, "threshold": SWINGS, "factor": TWICE}
        source = (case.optimizer.source,) if case.optimizer is not None and case.optimizer.source else (key,)
        severity: Severity = "note" if case.learning.progress > LEARNT else "warning"
        certainty = 0.5 if severity == "note" else 0.65
        steps = (first, case.last_step)
        return Finding("oscillating-loss", severity, certainty, says, remedies, (), source, steps, evidence)
    return None


def _swings(values: Numbers) -> int:
    """How often it goes up, or down, by a factor of TWICE or more."""
    low = high = values[0]
    direction = count = 0
    for value in values:
        low, high = min(low, value), max(high, value)
        if direction <= 0 and value >= TWICE * low:
            direction, high, count = 1, value, count + 1
        elif direction >= 0 and value <= high / TWICE:
            direction, low, count = -1, value, count + 1
    return count


def _drop(values: Numbers) -> float:
    """By how much a straight line through them falls."""
    return -float(np.polyfit(np.arange(len(values)), values, 1)[0]) * len(values)


def _block(values: Numbers) -> int:
    """As many values are averaged."""
    return max(FEWER, min(BLOCK, len(values) // BLOCKS))


def _swing(values: Numbers) -> tuple[float, float, float, float]:
    """Variance of averages over what white noise would leave, their standard deviation, the lowest and highest."""
    cut = _cut(values)
    if len(cut) < BLOCKS or not cut.std() > 0:
        return 1.0, 0.0, 0.0, 0.0
    blocks, mean = cut.mean(1), float(values.mean())
    swing = float(blocks.var()) * cut.shape[1] / float(cut.var())
    return swing, float(blocks.std()), mean + float(blocks.min()), mean + float(blocks.max())


def _once(values: Numbers, enough: float) -> bool:
    """What swings is one burst: without its block and those beside it there is nothing left."""
    block, far = _block(values), int(np.abs(_cut(values).mean(1)).argmax())
    rest = _cut(np.concatenate([values[: max(0, far - 1) * block], values[(far + 2) * block :]]))
    return not rest.std() > 0 or float(rest.mean(1).var()) * rest.shape[1] / float(rest.var()) <= enough


def _cut(values: Numbers) -> Numbers:
    """Without their trend, in blocks: (blocks, values of each)."""
    at, block = np.arange(len(values)), _block(values)
    flat = values - np.polyval(np.polyfit(at, values, 1), at)
    return flat[: len(flat) // block * block].reshape(-1, block)
