"""Rules of the family "data": how samples are drawn: their order, what is evaluated too, what comes again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gradwise.diagnose.averaged import gains
from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.diagnose.generalisation import overfitting
from gradwise.diagnose.inputs import constant_input
from gradwise.diagnose.overlap import train_valid_overlap
from gradwise.watch.facts import Loader, Repeats

CLUSTERED = 4.0  # variance of batch means over what shuffling gives: 24 shuffled batches stay below 2
PURE = 8.0  # of batches that are cut by hand: so many of each of a few classes, on purpose, give less
SAME_CLASS = 0.5  # of the way from chance to certainty that the next sample is of the same class
AGAIN = 1.5  # every batch was seen so often, on average: more than one pass
ROUNDS = 4  # every batch was seen so often, on average: SAM and several epochs over a buffer stay below
FROZEN = 8  # other batches before, or it was meant to be one from the start
OFTEN = 20  # every sample was seen so often, on average
MORE = 4  # times as many samples are evaluated as trained on
MISSED = 0.5  # of the samples that were there have never come
_IN_ORDER = ("", "SequentialSampler")  # samplers: any other was chosen by somebody


def unshuffled_data(case: Case) -> Iterator[Finding]:
    """Batch after batch of the same kind."""
    loss = case.loss
    if loss is None or loss.batch_spread is None or loss.batch_spread < CLUSTERED or case.facts.adversarial:
        return
    loader = _training_loader(case)
    chance = sum(count**2 for count in loss.counts) / max(1, sum(loss.counts)) ** 2 if loss.counts else None
    classes = loss.repeats is not None and chance is not None and chance < 1
    if classes and loss.repeats - chance < SAME_CLASS * (1 - chance):  # type: ignore[operator]
        return
    pure = classes and loss.batch_spread > PURE
    if loader is None and (len(case.losses) > 1 or not (pure or _same_order(case))):
        return
    if loader is not None and (loader.shuffled or loader.sampler not in _IN_ORDER):
        return
    says = f"The samples come sorted: the batches' mean targets vary {loss.batch_spread:.0f} times as much as those of "
    says += "shuffled batches"
    says += f", and the next sample is of the same class in {loss.repeats:.0%} of cases." if classes else "."
    says += " Each step unlearns what the last ones learnt."
    sure = loader is not None or classes
    change = (
        "shuffle=True in the DataLoader" if loader is not None else "order = torch.randperm(n), anew in every epoch"
    )
    remedies = (Remedy("", change, "every batch is then a sample of all the data"),)
    figures = {
        "batch_spread": loss.batch_spread,
        "threshold": CLUSTERED,
        "same_class_next": loss.repeats,
        "chance": chance,
    }
    source = (loader.source,) if loader is not None else (loss.source,)
    severity: Severity = "error" if sure else "warning"
    steps = (0, case.last_step)
    yield Finding("unshuffled-data", severity, 0.93 if sure else 0.7, says, remedies, (), source, steps, figures)


def _training_loader(case: Case) -> Loader | None:
    loaders = [loader for loader in case.facts.loaders if loader.training]
    return max(loaders, key=lambda loader: loader.batches, default=None)


def _same_order(case: Case) -> bool:
    """The very same batches come again, pass after pass: it is not the targets that move, as an agent's do. Sequences
    that a recurrent network reads one after the other, its memory kept, are in order on purpose; but not where each
    pass throws the weights to and fro, or nothing is learnt."""
    repeats = case.facts.repeats
    recurrent = {"RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"}
    if any(recurrent & set(network.modules) for network in case.facts.networks) and not (gains(case) or case.stuck):
        return False
    return repeats is not None and repeats.distinct > 1 and repeats.steps >= AGAIN * repeats.distinct


def repeated_batches(case: Case) -> Iterator[Finding]:
    """A few batches again and again."""
    repeats = case.facts.repeats
    if repeats is None or repeats.steps < 20:
        return
    first = _first_only(case)
    if first is not None:
        yield _begun_anew(first, case)
        return
    rows = _few_rows(case)
    if rows is not None:
        yield _drawn_from_few(rows, repeats, case)
        return
    if repeats.late is not None and repeats.late * FROZEN <= min(repeats.distinct, FROZEN):
        yield _from_then_on(repeats, case)
        return
    if _same_targets(case):
        yield _noisy_copies(repeats, case)
        return
    if repeats.distinct * ROUNDS > _rounds_of(repeats, case):
        return
    if any(True for _ in constant_input(case)):
        return  # batches of equal samples are equal
    judged = _drawn_once(repeats, case)
    if judged is None:
        return
    says = f"In {repeats.steps} steps only {repeats.distinct} different batch{'es' * (repeats.distinct > 1)} of "
    says += f"{repeats.batch} came"
    loader = _training_loader(case)
    stream = loader is not None and loader.samples is None
    if _reseeded(case):
        says += f", and {case.facts.reseeded_source} sets the same seed before each"
    else:
        says += ", the same on every pass" if stream else f", and {repeats.pool} samples are there to be drawn from"
    says += ": the network learns these by heart and never sees others."
    remedies = (
        Remedy("", "seed the random generator once, before the loop", "a seed within it draws the same numbers again"),
        Remedy("", "for x, y in loader: ... instead of next(iter(loader))", "a new iterator begins at the first batch"),
    )
    evidence = {"steps": repeats.steps, "different": repeats.distinct, "batch": repeats.batch, "pool": repeats.pool}
    source = (case.facts.reseeded_source,) if _reseeded(case) else (repeats.source,) if repeats.source else ()
    steps = (0, case.last_step)
    yield Finding("repeated-batches", *judged, says, remedies, (), source, steps, evidence)


def _rounds_of(repeats: Repeats, case: Case) -> int:
    """Steps in which these batches came: all, where those that were looked at show that they come again."""
    return max(repeats.steps, case.facts.steps if repeats.steps >= AGAIN * repeats.distinct else 0)


def _same_targets(case: Case) -> bool:
    """The targets of every batch are the same few, though the inputs differ (by noise), and others are evaluated."""
    loss, repeats = case.loss, case.facts.repeats
    if loss is None or repeats is None or loss.target_batches < OFTEN or not loss.target_spread:
        return False
    rows = loss.target_shape[0] if loss.target_shape else 0
    others = _others_evaluated(case)
    few = loss.target_batches_distinct * OFTEN <= loss.target_batches and repeats.distinct > OFTEN
    return few and rows >= 8 and loss.target_distinct >= FROZEN and others and repeats.pool is None


def _noisy_copies(repeats: Repeats, case: Case) -> Finding:
    assert case.loss is not None
    number = case.loss.target_batches_distinct
    says = f"The targets of {case.loss.target_batches} steps that were looked at are the same "
    says += f"{f'{number} batches' if number > 1 else 'batch'} of {repeats.batch}, again and again, under inputs that "
    says += "differ: new noise on the same samples. The network learns these by heart and never sees others."
    remedies = (
        Remedy(
            "", "look at what hands out a batch: a cache, a seed, numbers drawn once", "it gives the same each time"
        ),
        Remedy("", "order = torch.randperm(len(x)) at the start of each epoch, cut into batches", "all of them come"),
    )
    evidence = {"steps": case.loss.target_batches, "different": number, "batch": repeats.batch}
    source, steps = (repeats.source,) if repeats.source else (), (0, case.last_step)
    return Finding("repeated-batches", "warning", 0.8, says, remedies, (), source, steps, evidence)


def _others_evaluated(case: Case) -> bool:
    """Samples are evaluated somewhere that were not trained on: more than these were meant to be learnt."""
    return any(o.evaluated >= 8 and o.shared < MISSED * o.evaluated for o in case.facts.overlaps)


def _more_evaluated(repeats: Repeats, case: Case) -> bool:
    """Than are trained on, several times: nobody keeps so much back."""
    return any(o.evaluated >= MORE * repeats.batch for o in case.facts.overlaps)


def _from_then_on(repeats: Repeats, case: Case) -> Finding:
    says = f"Of {repeats.steps} steps that were looked at the last 64 all had the same {repeats.batch} samples, after "
    says += f"{repeats.distinct - 1} other batches: from then on the network learns these by heart."
    remedies = (
        Remedy("", "order = torch.randperm(len(x)) at the start of each epoch, cut into batches", "all of them again"),
        Remedy("", "look at what is drawn from after the first epoch: its length", "it must not shrink to a batch"),
    )
    evidence = {"steps": repeats.steps, "different": repeats.distinct, "batch": repeats.batch, "late": repeats.late}
    source, steps = (repeats.source,) if repeats.source else (), (0, case.last_step)
    return Finding("repeated-batches", "error", 0.88, says, remedies, (), source, steps, evidence)


def _few_rows(case: Case) -> int | None:
    """Different samples that ever came, where they are a small part of those that were there; None elsewhere."""
    repeats = case.facts.repeats
    inputs = [i for i in case.facts.inputs if i.training and i.distinct_rows]
    if repeats is None or repeats.pool is None or not repeats.continuous or not inputs:
        return None
    main = max(inputs, key=lambda i: i.distinct_rows or 0)  # not what an encoder makes of them
    rows = main.distinct_rows or 0
    few = 1 < rows < MISSED * repeats.pool and main.fingerprinted >= OFTEN * rows
    others = _others_evaluated(case)
    return rows if few and others else None


def _drawn_from_few(rows: int, repeats: Repeats, case: Case) -> Finding:
    says = f"In {repeats.steps} steps only {rows} different samples came, again and again, in batches drawn anew; "
    says += f"{repeats.pool} are there to be drawn from. The network learns these by heart and never sees others."
    remedies = (
        Remedy("", "torch.randint(0, len(x), (batch_size,)): numbers up to the size of the set", "the range is small"),
        Remedy("", "order = torch.randperm(len(x)), cut into batches", "every sample comes once in an epoch"),
    )
    evidence = {"steps": repeats.steps, "different_samples": rows, "batch": repeats.batch, "pool": repeats.pool}
    source, steps = (repeats.source,) if repeats.source else (), (0, case.last_step)
    return Finding("repeated-batches", "error", 0.88, says, remedies, (), source, steps, evidence)


def _reseeded(case: Case) -> bool:
    """Whether most steps begin with the same seed."""
    return case.facts.reseeded >= max(OFTEN, case.facts.steps // 2)


def _first_only(case: Case) -> Loader | None:
    """A loader that is trained on, in order, of which every pass took the first batch alone."""
    for loader in case.facts.loaders:
        several = loader.samples is not None and loader.samples >= 2 * (loader.batch_size or loader.samples)
        in_order = loader.shuffled is False and loader.sampler in _IN_ORDER
        often = loader.iterated >= max(OFTEN, case.facts.steps // 2)  # no other loader's batches between them
        if loader.training and several and in_order and loader.longest == 1 and often:
            return loader
    return None


def _begun_anew(loader: Loader, case: Case) -> Finding:
    says = f"A pass over the DataLoader was begun {loader.iterated} times, and each took the first batch alone: of "
    says += f"{loader.samples} samples the same {loader.batch_size} come every time, and the others never."
    remedies = (
        Remedy("", "for x, y in loader: ... instead of next(iter(loader))", "a new iterator begins at the first batch"),
        Remedy("", "stream = iter(loader) once, next(stream) in the loop", "it goes on where it was"),
    )
    evidence = {"passes": loader.iterated, "batch": loader.batch_size, "samples": loader.samples}
    steps = (0, case.last_step)
    return Finding("repeated-batches", "error", 0.92, says, remedies, (), (loader.source,), steps, evidence)


def _drawn_once(repeats: Repeats, case: Case) -> tuple[Severity, float] | None:
    """How sure it is that more was meant to be seen."""
    loader = _training_loader(case)
    others = _others_evaluated(case)
    if loader is not None and loader.samples is None:  # a stream: where it begins anew with every pass
        return ("warning", 0.75 if others else 0.55) if loader.iterated >= ROUNDS else None
    if _reseeded(case):
        return "error", 0.9
    if repeats.pool is None:
        by_heart = repeats.distinct == 1 and others and any(True for _ in overfitting(case))
        return ("warning", 0.75) if by_heart and _more_evaluated(repeats, case) else None
    if repeats.distinct * repeats.batch > MISSED * repeats.pool:
        return None
    begun_anew = repeats.pool_source.startswith("DataLoader") and loader is not None and loader.iterated > 1
    return ("error", 0.9) if begun_anew or others else ("note", 0.4)  # or one batch is learnt by heart on purpose


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (unshuffled_data, train_valid_overlap, repeated_batches)
