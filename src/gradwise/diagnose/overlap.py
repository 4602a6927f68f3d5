"""The rule `train-valid-overlap`: what is evaluated was trained on before."""

from __future__ import annotations

from collections.abc import Iterator

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.watch.facts import Overlap

SHARED = 0.05  # of the evaluated samples: fewer may be duplicates in the data
CLEARLY = 0.2
STREAM = 1.3  # times its distinct samples: fewer came again than of a set that is passed through
BY_CHANCE = 6.0  # times what came twice in training: twice as much is expected, three times that is not
ALL = 0.98
AGAIN = 1.5  # every batch was seen so often, on average: more than one pass


def train_valid_overlap(case: Case) -> Iterator[Finding]:
    """Samples that are evaluated have been trained on."""
    overlaps = [o for o in case.facts.overlaps if o.continuous and o.evaluated >= 20]
    apart = any(o.shared < SHARED * o.evaluated for o in overlaps)
    for overlap in overlaps:
        share = overlap.shared / overlap.evaluated
        judged = _leak(overlap, apart, case)
        if judged is None or share < BY_CHANCE * _drawn_twice(case):
            continue
        says = (
            f"{overlap.shared} of the {overlap.evaluated} samples evaluated here ({share:.0%}) were trained on before: "
        )
        says += "the score says how well they were remembered, not how well new ones are told."
        if overlap.redrawn:
            says += " Each pass evaluates others: the split is drawn anew."
        remedies = (
            Remedy("", "one permutation, cut in two: order[:n], order[n:]", "no sample is then on both sides"),
            Remedy("", "split first; oversample, augment and window the training part only", "copies stay on one side"),
        )
        evidence = {"evaluated": overlap.evaluated, "trained": overlap.trained, "shared": overlap.shared}
        steps = (0, case.last_step)
        yield Finding("train-valid-overlap", *judged, says, remedies, (), (overlap.source,), steps, evidence)


def _drawn_twice(case: Case) -> float:
    """How many samples came twice by chance: of those that are made as they are needed, or in a single pass over the
    same batches, such as pieces of a text that says the same again and again."""
    inputs = [i for i in case.facts.inputs if i.training and i.fingerprinted and i.distinct_rows]
    seen = [(i.distinct_rows or 0, i.fingerprinted) for i in inputs]
    streams = [1 - rows / all_ for rows, all_ in seen if rows < all_ < STREAM * rows]
    repeats, words = case.facts.repeats, bool(inputs) and all(i.low is None for i in inputs)  # of whole numbers
    if words and repeats is not None and repeats.steps >= AGAIN * repeats.distinct > AGAIN:
        streams.append(1 - max((rows for rows, _ in seen), default=0) / (repeats.distinct * repeats.batch))
    return max(streams, default=0.0)


def _leak(overlap: Overlap, apart: bool, case: Case) -> tuple[Severity, float] | None:
    """How sure: some samples are shared; or all, where a score of the training set may be meant."""
    share = overlap.shared / overlap.evaluated
    if share < SHARED:
        return None
    if share >= ALL and not overlap.redrawn:
        part = 50 <= overlap.evaluated < 0.5 * overlap.trained
        same = [each for each in case.facts.overlaps if each.trained == overlap.trained]
        if part and any(each.shared >= 0.95 * each.trained for each in same):
            return ("warning", 0.75)  # beside all of the training set a part of it: that was to be another one
        if overlap.held_out and 20 <= overlap.evaluated < 0.9 * overlap.trained and overlap.trained >= 100:
            return ("warning", 0.85)  # it is called so
        if apart or overlap.trained < 100:
            return None  # a score of the training set beside that of another one; or a few samples learnt by heart
        second = any(not loader.training for loader in case.facts.loaders)  # made for another set, one would think
        return ("warning", 0.6) if second or part else None
    if overlap.shared >= 0.95 * overlap.trained and not overlap.redrawn:
        return None  # all that there is was evaluated, what was trained on included: a map, a grid
    return ("error", 0.9) if share >= CLEARLY else ("warning", 0.7)
