"""Rules of the family "data": the inputs, and how samples are drawn. The labels' rules are in labels.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from gradwise.diagnose import labels
from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.diagnose.weights import matrices
from gradwise.watch.facts import Inputs, Loader, Network, Overlap, Repeats

APART = 50.0  # spread of one feature over another's (diagnosis by feature scales)
LARGE = 10.0  # a spread or size beyond it is that of raw numbers: standardised data have 1, pictures in 0..1 less
FAR = 10.0  # |mean| / spread of a feature: its first layer sees little but the mean
LEARNT = 0.9  # of the trivial loss is explained: raw or not, it gets there
BYTES = (200.0, 255.0)  # the highest value of pictures that were not divided by 255
WITHIN = 0.02  # spread behind the first layer over the input's: usual weights leave 0.3, a network that scales far less
ENOUGH = 16  # samples from which on "all the same" is no chance
CLUSTERED = 4.0  # variance of batch means over what shuffling gives: 24 shuffled batches stay below 2
PURE = 8.0  # of batches that are cut by hand: so many of each of a few classes, on purpose, give less
SAME_CLASS = 0.5  # of the way from chance to certainty that the next sample is of the same class
AGAIN = 1.5  # every batch was seen so often, on average: more than one pass
SHARED = 0.05  # of the evaluated samples: fewer may be duplicates in the data
CLEARLY = 0.2
STREAM = 1.3  # times its distinct samples: fewer came again than of a set that is passed through
BY_CHANCE = 6.0  # times what came twice in training: twice as much is expected, three times that is not
ALL = 0.98
ROUNDS = 4  # every batch was seen so often, on average: SAM and several epochs over a buffer stay below
OFTEN = 20  # every sample was seen so often, on average
MISSED = 0.5  # of the samples that were there have never come

_IN_ORDER = ("", "SequentialSampler")  # samplers: any other was chosen by somebody
_STRAIGHT = ("linear", "conv", "addmm", "mm", "lazy")  # layers whose output grows as their input


def input_not_normalised(case: Case) -> Iterator[Finding]:
    """Raw numbers in the first layer."""
    for inputs in case.facts.inputs:
        network = next((n for n in case.facts.networks if n.name == inputs.network), None)
        if not inputs.training or (network is not None and network.first_norm) or _scaled_within(inputs, network, case):
            continue
        if _in_a_formula(inputs, network, case):
            continue
        stuck = case.learning.stuck or case.facts.nonfinite is not None
        says = _raw(inputs, stuck)
        if not says:
            continue
        learnt = case.learning.known and case.learning.progress > LEARNT
        judged = ("error", 0.85) if stuck else ("note", 0.5) if learnt else ("warning", 0.7)
        evidence = {
            "largest_spread": inputs.largest_spread,
            "smallest_spread": inputs.smallest_spread,
            "largest_mean_over_spread": inputs.largest_mean,
            "low": inputs.low,
            "high": inputs.high,
        }
        standard = "x = (x - train.mean(0)) / train.std(0), with the training set's figures for all sets"
        if inputs.low is not None and inputs.low >= 0 and BYTES[0] <= (inputs.high or 0) <= BYTES[1]:
            standard = "x = x / 255 (or ToTensor), and better still (x - mean) / std"
        remedies = (
            Remedy("", standard, "the first layer's weights start at one size for all features"),
            Remedy("", "a BatchNorm or LayerNorm before the first layer", "it does the same within the network"),
        )
        source = (inputs.source,) if inputs.source else ()
        where = (network.layers[0].name,) if network is not None and network.layers else ()
        steps = (0, case.last_step)
        yield Finding("input-not-normalised", *judged, says, remedies, where, source, steps, evidence)


def _raw(inputs: Inputs, stuck: bool) -> str:
    """What is raw about the inputs; "" for nothing."""
    low, high, large, small = inputs.low, inputs.high, inputs.largest_spread, inputs.smallest_spread
    if low is None or high is None or large is None or small is None:
        return ""
    size, far = max(abs(low), abs(high)), inputs.largest_mean or 0.0
    if large > APART * small and large > LARGE:
        return f"Features of very different scale reach the first layer: one spreads by {large:.3g}, another by " + (
            f"{small:.3g}, {large / max(small, 1e-30):.0f} times less. The large one drowns the others."
        )
    if low >= 0 and BYTES[0] <= high <= BYTES[1] and large > LARGE:
        return f"Raw bytes reach the first layer: values from {low:.3g} to {high:.3g}, where weights expect about 1."
    if far > FAR and size > LARGE and large > 0:
        return f"A feature lies {far:.0f} times its own spread away from 0 (values up to {size:.3g}): all samples " + (
            "look alike to the first layer."
        )
    if stuck and large > LARGE:
        return (
            f"The inputs spread by {large:.3g} (values from {low:.3g} to {high:.3g}), and it is not learning: the "
            + ("first layer's outputs are as much too large.")
        )
    return ""


def _in_a_formula(inputs: Inputs, network: Network | None, case: Case) -> bool:
    """One number that bends without a matrix: the time in a wave that is fitted."""
    single = math.prod(inputs.shape[1:]) == 1
    formula = bool(case.facts.parameters) and not matrices(case)
    return single and formula and network is not None and bool(network.nonlinearities)


def _scaled_within(inputs: Inputs, network: Network | None, case: Case) -> bool:
    """The network scales its input itself: the outputs of its first layer are far too small for the raw numbers."""
    first = network.layers[0] if network is not None and network.layers else None
    if first is None or inputs.mean is None or inputs.spread is None:
        return False
    if (
        not first.kind.lower().startswith(_STRAIGHT)
        or first.norm
        or first.activation not in ("", "relu", "leakyrelu", "gelu", "silu", "elu", "celu", "mish")
    ):
        return False  # limited, whatever comes in
    series = case.series("activation", first.name, "spread")
    return series is not None and float(series.values[0]) < WITHIN * math.hypot(inputs.mean, inputs.spread)


def constant_input(case: Case) -> Iterator[Finding]:
    """All samples look the same."""
    main = case.network
    for inputs in case.facts.inputs:
        several = bool(inputs.shape) and inputs.shape[0] > 1
        if not inputs.training or not several or (main is not None and inputs.network != main.name):
            continue
        same = inputs.distinct_rows == 1 and inputs.fingerprinted >= ENOUGH
        flat = inputs.constant == 1 and inputs.samples >= ENOUGH and inputs.distinct_rows in (1, None)
        if not (same or flat):
            continue
        value = f" Every value is {inputs.low:g}." if inputs.low is not None and inputs.low == inputs.high else ""
        says = (
            f"All {max(inputs.fingerprinted, inputs.samples)} samples that were looked at are the same.{value} There "
        )
        says += "is nothing to tell them apart by, and the network can only learn the mean of the targets."
        remedies = (
            Remedy(
                "", "print a few batches: where do they become equal?", "a cast to integers, a wrong slice or index"
            ),
            Remedy("", "divide by 255 after .float(), not before .astype(uint8)", "integers between 0 and 1 are 0"),
        )
        evidence = {"distinct": inputs.distinct_rows, "looked_at": inputs.fingerprinted, "low": inputs.low}
        source = (inputs.source,) if inputs.source else ()
        steps = (0, case.last_step)
        yield Finding("constant-input", "error", 0.95, says, remedies, (), source, steps, evidence)


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
    that a recurrent network reads one after the other, its memory kept, are in order on purpose."""
    repeats = case.facts.repeats
    recurrent = {"RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"}
    if any(recurrent & set(network.modules) for network in case.facts.networks):
        return False
    return repeats is not None and repeats.distinct > 1 and repeats.steps >= AGAIN * repeats.distinct


def train_valid_overlap(case: Case) -> Iterator[Finding]:
    """Samples that are evaluated have been trained on."""
    overlaps = [o for o in case.facts.overlaps if o.continuous and o.evaluated >= 20]
    apart = any(o.shared < SHARED * o.evaluated for o in overlaps)
    if _again_from_scratch(case.facts.networks):
        return
    for overlap in overlaps:
        share = overlap.shared / overlap.evaluated
        judged = _leak(overlap, apart, case)
        if judged is None or share < BY_CHANCE * _drawn_twice(case):
            continue
        says = (
            f"{overlap.shared} of the {overlap.evaluated} samples evaluated here ({share:.0%}) were trained on before: "
        )
        says += "the score says how well they were remembered, not how well new ones are told."
        remedies = (
            Remedy("", "one permutation, cut in two: order[:n], order[n:]", "no sample is then on both sides"),
            Remedy("", "split first; oversample, augment and window the training part only", "copies stay on one side"),
        )
        evidence = {"evaluated": overlap.evaluated, "trained": overlap.trained, "shared": overlap.shared}
        steps = (0, case.last_step)
        yield Finding("train-valid-overlap", *judged, says, remedies, (), (overlap.source,), steps, evidence)


def _drawn_twice(case: Case) -> float:
    """Samples made as they are needed: how many came twice by chance. 0 where a set is passed through again."""
    seen = [(i.distinct_rows or 0, i.fingerprinted) for i in case.facts.inputs if i.training and i.fingerprinted]
    return max((1 - rows / all_ for rows, all_ in seen if rows < all_ < STREAM * rows), default=0.0)


def _leak(overlap: Overlap, apart: bool, case: Case) -> tuple[Severity, float] | None:
    """How sure: some samples are shared; or all, where a score of the training set may be meant."""
    share = overlap.shared / overlap.evaluated
    if share < SHARED:
        return None
    if share >= ALL:
        if apart or overlap.trained < 100:
            return None  # a score of the training set beside that of another one; or a few samples learnt by heart
        second = any(not loader.training for loader in case.facts.loaders)  # made for another set, one would think
        return ("warning", 0.6) if second or 50 <= overlap.evaluated < 0.5 * overlap.trained else None
    if overlap.shared >= 0.95 * overlap.trained:
        return None  # all that there is was evaluated, what was trained on included: a map, a grid
    return ("error", 0.9) if share >= CLEARLY else ("warning", 0.7)


def _again_from_scratch(networks: list[Network]) -> bool:
    """Several networks of one kind were trained: folds of a cross-validation, each with a split of its own."""
    kinds = [(n.parameters, tuple(n.modules)) for n in networks if n.training_calls and n.parameters]
    return len(set(kinds)) < len(kinds)


def repeated_batches(case: Case) -> Iterator[Finding]:
    """A few batches again and again."""
    repeats = case.facts.repeats
    if repeats is None or repeats.steps < 20:
        return
    rows = _few_rows(case)
    if rows is not None:
        yield _drawn_from_few(rows, repeats, case)
        return
    if repeats.distinct * ROUNDS > repeats.steps:
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
    says += ", the same on every pass" if stream else f", and {repeats.pool} samples are there to be drawn from"
    says += ": the network learns these by heart and never sees others."
    remedies = (
        Remedy("", "seed the random generator once, before the loop", "a seed within it draws the same numbers again"),
        Remedy("", "for x, y in loader: ... instead of next(iter(loader))", "a new iterator begins at the first batch"),
    )
    evidence = {"steps": repeats.steps, "different": repeats.distinct, "batch": repeats.batch, "pool": repeats.pool}
    source = (repeats.source,) if repeats.source else ()
    steps = (0, case.last_step)
    yield Finding("repeated-batches", *judged, says, remedies, (), source, steps, evidence)


def _few_rows(case: Case) -> int | None:
    """Different samples that ever came, where they are a small part of those that were there; None elsewhere."""
    repeats = case.facts.repeats
    inputs = [i for i in case.facts.inputs if i.training and i.distinct_rows]
    if repeats is None or repeats.pool is None or not inputs or repeats.distinct * ROUNDS <= repeats.steps:
        return None
    main = max(inputs, key=lambda i: i.distinct_rows or 0)  # not what an encoder makes of them
    rows = main.distinct_rows or 0
    few = 1 < rows < MISSED * repeats.pool and main.fingerprinted >= OFTEN * rows
    others = any(o.evaluated >= 8 and o.shared < MISSED * o.evaluated for o in case.facts.overlaps)
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


def _drawn_once(repeats: Repeats, case: Case) -> tuple[Severity, float] | None:
    """How sure it is that more was meant to be seen."""
    loader = _training_loader(case)
    others = any(o.evaluated >= 8 and o.shared < MISSED * o.evaluated for o in case.facts.overlaps)
    if loader is not None and loader.samples is None:  # a stream: where it begins anew with every pass
        return ("warning", 0.75 if others else 0.55) if loader.iterated >= ROUNDS else None
    if repeats.pool is None:
        return None
    if repeats.distinct * repeats.batch > MISSED * repeats.pool:
        return None
    begun_anew = repeats.pool_source.startswith("DataLoader") and loader is not None and loader.iterated > 1
    return ("error", 0.9) if begun_anew or others else ("note", 0.4)  # or one batch is learnt by heart on purpose


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    input_not_normalised,
    constant_input,
    unshuffled_data,
    train_valid_overlap,
    repeated_batches,
    *labels.RULES,
)
