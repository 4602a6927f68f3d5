"""The rule `plateau`: a loss that does not fall, for a reason that the other rules do not see."""

from __future__ import annotations

from collections.abc import Iterator

from gradwise.diagnose.case import LITTLE, Case, learning
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.generalisation import explains_some, settled
from gradwise.diagnose.unreached import flat, unrewarded

LEARNT = 0.9  # share of the baseline that is explained: it learns what it is to, whichever way it reads
WORSE = -1.0  # share of the baseline that is explained: it ends twice as bad as knowing nothing
ABOVE = -0.05  # the same, where it has settled
CHANCE = 0.05  # that chance explains as much
NOTHING = 1e-3  # of the loss: what the input's mean instead of the input changes, where the input is not used
ENOUGH = 100  # values below which "it does not learn" is no news, unless the program has ended


def plateau(case: Case) -> Iterator[Finding]:
    """It does not learn, for a reason that the other rules don't see: `in_order` leaves it out where one does."""
    main = case.learning
    if case.facts.probes.over_the_batch and main.known and main.progress < LEARNT:
        yield _over_the_batch(case)
        return
    if unrewarded(case):
        yield _unrewarded(case)
        return
    if (kind := flat(case)) and main.stuck:
        yield _flat(kind, case)
        return
    worse = _worse(case)
    if not case.stuck and not worse:
        yield from _beside(case)
    if not case.tells or not (case.stuck or worse) or main.diverged:
        return
    if main.values < ENOUGH or (not case.facts.finished and main.values < 2 * ENOUGH):
        return
    if case.follows_itself or _unknown(case) or (case.facts.probes.fitted or 0.0) > LITTLE or _knows_all(case):
        return
    says = f"It is not learning: {case.told}. None of the usual reasons is to be seen in gradients, units and steps."
    if _ignored(case):
        says += " With the mean of all inputs in place of each the loss is the same: the network does not use them."
    few = case.facts.probes
    alone = few.sixteen is not None and few.sixteen_start and few.sixteen < 0.2 * few.sixteen_start
    if alone:
        says += f" Sixteen samples alone can be learnt (loss {few.sixteen:.2g}): the network and the loop work."
    remedies = (
        Remedy("", "look at the input: is what the target depends on in it, and can it be seen?", "else nothing helps"),
        Remedy("", "train on sixteen samples alone", "if they can't be learnt, the fault is in the loop or the loss"),
        Remedy("", "a larger network, or one that fits the data (order, periods, neighbours)", "it may be too simple"),
    )
    evidence = {"start": main.start, "end": main.end, "baseline": main.baseline}
    evidence |= {"sixteen": few.sixteen, "sixteen_start": few.sixteen_start}
    steps = (0, case.last_step)
    yield Finding("plateau", "warning", 0.4, says, remedies, (), case.source, steps, evidence)


def _over_the_batch(case: Case) -> Finding:
    """A recurrent layer, or attention, that goes from sample to sample."""
    names = case.facts.probes.over_the_batch
    one = len(names) == 1
    says = f"{' and '.join(names[:3])} go{'es' * one} along the first axis, in which the samples of a batch lie, and "
    says += (
        f"take{'s' * one} one sample for the step after another: what a sample's own steps say is not read in order. "
    )
    says += case.sentence
    remedies = (
        Remedy("", "batch_first=True where the layer is made", "then the first axis is the batch, the second the time"),
        Remedy("", "x.transpose(0, 1) before the layer, and back behind it", "likewise"),
    )
    evidence = {"layers": names, "start": case.learning.start, "end": case.learning.end}
    steps = (0, case.last_step)
    return Finding("plateau", "warning", 0.85, says, remedies, tuple(names), case.source, steps, evidence)


def _ignored(case: Case) -> bool:
    """With each input replaced by the mean over the batch the loss of the network is what it was."""
    probes = case.facts.probes
    known = probes.zeroed is not None and probes.as_is is not None
    return known and abs(probes.zeroed - probes.as_is) <= NOTHING * abs(probes.as_is)  # type: ignore[operator]


def _beside(case: Case) -> Iterator[Finding]:
    """The main loss falls, but it is another one that says what is predicted from the input, and it does not."""
    if not _ignored(case) or case.facts.adversarial:
        return
    for loss in case.losses:
        went = learning(case.curve(loss), loss.baseline)
        if loss is case.loss or not loss.name or not loss.baseline or not went.stuck or went.diverged:
            continue
        if went.values < ENOUGH:
            continue
        says = f"The loss at {loss.source} is {went.end:.3g} at the end, and knowing nothing costs "
        says += f"{loss.baseline:.3g}: it does not fall, though others do. With the mean of all inputs in place of "
        says += "each it is the same: nothing of the input reaches the prediction."
        remedies = (
            Remedy("", "print what the layers between give for two different inputs", "somewhere they become the same"),
            Remedy("", "codes, centres or queries that begin among the data", "what nothing is near to is never used"),
        )
        evidence = {"end": went.end, "baseline": loss.baseline, "as_is": case.facts.probes.as_is}
        evidence |= {"zeroed": case.facts.probes.zeroed, "threshold": NOTHING}
        source, steps = ((loss.source,) if ":" in loss.source else ()), (0, case.last_step)
        yield Finding("plateau", "warning", 0.7, says, remedies, (), source, steps, evidence)
        return


def _knows_all(case: Case) -> bool:
    """Of what is mostly noise it explains as much as boosted trees, more than chance; or some, where they find none."""
    probes = case.facts.probes
    known = probes.fitted is not None and probes.stronger is not None and probes.stronger_p is not None
    if known and probes.stronger_p >= CHANCE and explains_some(case):  # type: ignore[operator]
        return True
    return known and 0 < probes.stronger <= probes.fitted and probes.stronger_p < CHANCE  # type: ignore[operator]


def _worse(case: Case) -> bool:
    """It falls, and ends far from what knowing nothing costs, or has come to rest above it."""
    learning = case.learning
    if not case.facts.finished or learning.baseline is None or learning.baseline <= 0:
        return False
    return 1 - learning.best / learning.baseline < WORSE or (learning.progress < ABOVE and settled(case))


def _unrewarded(case: Case) -> Finding:
    """Nothing that was tried was ever worth anything, so that nothing is better than anything else."""
    says = "What multiplies the log-probabilities of the actions that were drawn is 0 every time, and so is every "
    says += (
        "gradient: no action was ever worth more than another. The goal is not reached by chance, or each reward is "
    )
    says += "taken off."
    remedies = (
        Remedy("", "a reward for each step towards the goal (of a potential: Ng et al., 1999)", "chance then finds it"),
        Remedy("", "begin near the goal, and farther from it as it is reached", "chance reaches what is near"),
        Remedy("", "a look at rewards.unique() of some episodes", "are there any but one?"),
    )
    evidence = {"rewards_mean": 0.0, "rewards_spread": 0.0, "looks": case.facts.looks}
    steps = (0, case.last_step)
    return Finding("plateau", "warning", 0.75, says, remedies, (), case.source, steps, evidence)


def _flat(kind: str, case: Case) -> Finding:
    """Its gradient is 0 where the predictions are, in all directions."""
    says = "Every gradient is exactly 0 in every step, that of the last layer too: where the predictions are, the loss "
    says += f"is flat (through {kind}), and says nothing of where it is lower. {case.sentence}"
    remedies = (
        Remedy("", "a term that still tells how far it is (generalised overlap, a distance, a margin that is not met)",
               "a loss of nothing but overlap is flat where nothing overlaps"),
        Remedy("", "predictions that begin where the loss has a slope: the last layer's bias", "or nothing begins"),
    )  # fmt: skip
    evidence = {"gradient": 0.0, "looks": case.facts.looks, "through": kind}
    steps = (0, case.last_step)
    return Finding("plateau", "error", 0.85, says, remedies, (), case.source, steps, evidence)


def _unknown(case: Case) -> bool:
    """Its level tells nothing: values of both signs (a score beside an error) where no constant prediction's loss is
    known, or the terms of a loss that is made of them afterwards, weighed by something else than numbers."""
    loss, values = case.loss, case.curve().finite.values
    if loss is None:
        return False
    both = case.learning.baseline is None and float(values.min()) < 0 < float(values.max())
    return both or (loss.arguments.get("reduction") == "none" and loss.penalty is None)
