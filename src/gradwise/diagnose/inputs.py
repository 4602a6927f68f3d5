"""Rules of the family "data": what the inputs are like. How samples are drawn: drawn.py, their labels: labels.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.weights import matrices
from gradwise.watch.facts import Inputs, Network

APART = 50.0  # spread of one feature over another's (diagnosis by feature scales)
LARGE = 10.0  # a spread or size beyond it is that of raw numbers: standardised data have 1, pictures in 0..1 less
FAR = 10.0  # |mean| / spread of a feature: its first layer sees little but the mean
LEARNT = 0.9  # of the trivial loss is explained: raw or not, it gets there
BYTES = (200.0, 255.0)  # the highest value of pictures that were not divided by 255
WITHIN = 0.02  # spread behind the first layer over the input's: usual weights leave 0.3, a network that scales far less
SCALED = 0.3  # size of what the first layer is given over the input's
BETTER, TIMES = 0.15, 2.0  # of the loss of knowing nothing, and of what raw inputs gain: what standard ones gain more
MUCH = 0.7  # share of the baseline that is explained: then it gets there
ENOUGH = 16  # samples from which on "all the same" is no chance

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
        says = _raw(inputs, stuck) or _better_otherwise(inputs, case)
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


def _better_otherwise(inputs: Inputs, case: Case) -> str:
    """Raw or not in the eyes of others: with standard inputs it learns far more; "" where it does not."""
    probes, baseline = case.facts.probes, case.learning.baseline
    if probes.raw is None or probes.standardised is None or not baseline or (inputs.largest_spread or 0.0) < LARGE / 2:
        return ""
    gained, own = baseline - probes.standardised, baseline - probes.raw
    if gained - own < BETTER * baseline or gained < TIMES * own or case.learning.progress > MUCH:
        return ""
    return f"The inputs spread by {inputs.largest_spread:.3g} (values from {inputs.low:.3g} to {inputs.high:.3g}). " + (
        f"From the same start some steps with them bring the loss to {probes.raw:.3g}, and as many with each feature "
        f"at mean 0 and spread 1 to {probes.standardised:.3g}."
    )


def _in_a_formula(inputs: Inputs, network: Network | None, case: Case) -> bool:
    """One number that bends without a matrix: the time in a wave that is fitted."""
    single = math.prod(inputs.shape[1:]) == 1
    formula = bool(case.facts.parameters) and not matrices(case)
    return single and formula and network is not None and bool(network.nonlinearities)


def _scaled_within(inputs: Inputs, network: Network | None, case: Case) -> bool:
    """The network scales its input itself: what its first layer is given is smaller than the raw numbers, or what that
    gives is far too small for them."""
    first = network.layers[0] if network is not None and network.layers else None
    if network is None or first is None or inputs.mean is None or inputs.spread is None:
        return False
    given, raw = network.first_input, math.hypot(inputs.mean, inputs.spread)
    if given is not None and given < min(LARGE, SCALED * raw):
        return True
    if (
        not first.kind.lower().startswith(_STRAIGHT)
        or first.norm
        or first.activation not in ("", "relu", "leakyrelu", "gelu", "silu", "elu", "celu", "mish")
    ):
        return False  # limited, whatever comes in
    series = case.series("activation", first.name, "spread")
    return series is not None and float(series.values[0]) < WITHIN * raw


def constant_input(case: Case) -> Iterator[Finding]:
    """All samples look the same."""
    main = case.network
    for inputs in case.facts.inputs:
        several = len(inputs.shape) > 1 and inputs.shape[0] > 1  # a vector's fingerprint is of all of it
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


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (input_not_normalised, constant_input)
