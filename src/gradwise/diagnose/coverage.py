"""What could not be checked, and why: silence about a code is worth something only where it was looked for."""

from __future__ import annotations

from collections.abc import Iterator

from gradwise.diagnose.case import Case
from gradwise.diagnose.codes import CODES
from gradwise.diagnose.generalisation import EVALUATIONS, evaluations

ENOUGH = 8  # values of a loss below which nothing is said of its course (case.learning)

_STRUCTURE = ("no-nonlinearity", "output-activation", "probabilities-as-logits", "logits-as-probabilities",
              "vanishing-gradient", "initialisation-scale", "small-batch-norm", "loss-shape-broadcast")  # fmt: skip
_UNITS = ("dead-units", "saturated-units")
_LOSS = ("wrong-loss", "output-activation", "probabilities-as-logits", "logits-as-probabilities",
         "loss-shape-broadcast")  # fmt: skip
_LABELS = ("label-out-of-range", "constant-label", "class-imbalance", "labels-unrelated", "unshuffled-data")
_COURSE = ("plateau", "learning-rate-too-high", "learning-rate-too-low", "oscillating-loss", "loss-spike",
           "noisy-gradient", "underfitting", "over-regularised", "overfitting")  # fmt: skip
_PARAMETERS = ("not-optimised", "no-gradient", "symmetric-initialisation", "initialisation-scale")
_DATA = tuple(code for code, (family, _) in CODES.items() if family == "data")
_PROGRAM = tuple(code for code, (family, _) in CODES.items() if family == "program")
_PROBED = ("underfitting", "labels-unrelated")
_MODES = ("eval-mode-in-training", "train-mode-in-evaluation", "small-batch-norm")

# What is missing where a sense of the doctor's was switched off, by its class.
SENSES: dict[str, tuple[str, ...]] = {
    "Activations": (*_UNITS, "initialisation-scale"),
    "Averages": ("oscillating-loss",),
    "Functions": ("wrong-gradient",),
    "Leaks": ("graph-leak",),
    "Loaders": ("unshuffled-data", "repeated-batches"),
    "Losses": (*_LOSS, *_LABELS, *_COURSE),
    "Masks": ("train-valid-overlap",),
    "Modes": _MODES,
    "Finiteness": ("non-finite",),
    "Opponents": (),
    "Optimizers": ("missing-zero-grad", "missing-step", "not-optimised", "schedule-stalls"),
    "Parameters": _PARAMETERS,
    "Piling": ("missing-zero-grad",),
    "Trials": (*_PROBED, "batch-norm-mismatch"),
    "Samples": ("input-not-normalised", "constant-input", "train-valid-overlap", "repeated-batches"),
    "Roots": _COURSE,
    "Structure": _STRUCTURE,
    "Tapes": ("over-regularised", "learning-rate-too-high", "learning-rate-too-low"),
    "ThroughTime": ("vanishing-gradient",),
    "Updates": ("learning-rate-too-high", "learning-rate-too-low", "gradient-ascent"),
}


def not_checked(case: Case) -> dict[str, str]:
    """By code, why it could not be looked for; what has no code stands under the name it was noted with."""
    found: dict[str, str] = {}
    for codes, why in (*_nothing(case), *_switched_off(case), *_unseen(case), *_unknown(case)):
        for code in codes:
            found.setdefault(code, why)
    return found


def _nothing(case: Case) -> Iterator[tuple[tuple[str, ...], str]]:
    """There is little to look at."""
    facts, trace = case.facts, case.trace
    numbers = bool(len(case.curve().values) or trace.places("gradient") or trace.places("weight") or len(trace))
    if not facts.backwards and not facts.manual_updates and not numbers:
        why = "nothing was trained: there was no backward pass"
        if facts.crash is not None:
            why = f"the program ended with {facts.crash.kind} before a backward pass"
        yield tuple(CODES), why
        return
    if not facts.backwards and not facts.networks:
        by_hand = "the trace was logged by hand: it has numbers, and nothing of the program"
        why = "`watch` sees numbers; `gradwise doctor` looks at the program too" if trace.columns else by_hand
        yield (*_PROGRAM, *_DATA, *_LOSS, "no-nonlinearity", "batch-norm-mismatch"), why
        yield ("not-optimised", "no-gradient", *(() if facts.checks else ("wrong-gradient",))), why
        if not trace.places("activation"):
            yield _UNITS, why
    elif not facts.backwards and not trace.columns and numbers:
        why = "gradients are computed without a backward pass (torch.func): they and the graph cannot be seen"
        yield (*_PARAMETERS, *_STRUCTURE, *_UNITS, "missing-zero-grad", "missing-step", "graph-leak"), why
        yield ("schedule-stalls", "over-regularised"), why
        if not facts.manual_updates:  # steps by hand are seen from call to call
            yield ("exploding-gradient", "gradient-ascent"), why
    elif trace.columns and not facts.inputs:  # our own run: it steps, clears and switches modes by itself
        yield _DATA, "the samples of our own runs are not looked at"


def _switched_off(case: Case) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the doctor noted itself."""
    for name, why in case.facts.not_seen.items():
        if name.startswith("gradient of "):
            yield ("wrong-gradient",), f"{name.removeprefix('gradient of ')}: {why}"
        else:
            yield SENSES.get(name, (name,)), why


def _unseen(case: Case) -> Iterator[tuple[tuple[str, ...], str]]:
    """Networks and optimizers that hide."""
    facts = case.facts
    opaque = next((n for n in facts.networks if n.opaque and not n.layers), None)
    if opaque is not None:
        why = f"the graph of {opaque.name} cannot be seen into: {opaque.opaque}"
        yield (*_STRUCTURE, *_UNITS), why
    compiled = next((n for n in facts.networks if n.opaque), None)
    if compiled is not None and not case.trace.places("activation"):
        yield _UNITS, f"the units of {compiled.name} cannot be seen: {compiled.opaque}"
    if facts.backwards and facts.manual_updates and not any(o.steps for o in facts.optimizers if o.kind != "by hand"):
        why = "the weights are changed by the program itself or by an optimizer that is not torch's"
        yield ("schedule-stalls", "over-regularised"), why


def _unknown(case: Case) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the program does not show, or not for long enough."""
    facts = case.facts
    if facts.backwards and case.losses and not any(loss.name for loss in case.losses):
        why = "the program computes its loss itself: what is prediction and what is target is not known"
        yield (*(code for code in _LOSS if code != "loss-shape-broadcast"), *_LABELS), why
    if facts.adversarial:
        why = "two networks are trained against each other: their losses do not tell how well it goes"
        yield tuple(code for code in _COURSE if code not in ("over-regularised", "overfitting")), why
    values = len(case.curve().finite.values)
    if values < ENOUGH and facts.nonfinite is None:
        yield _COURSE, f"{values} values of the loss are too few to say how it goes"
    passes = most_passes(case)
    if passes < EVALUATIONS:
        seen = f"computed only {passes} time{'s' * (passes != 1)}" if passes else "not computed"
        yield ("overfitting",), f"a validation loss is {seen} while the network is trained: there is no curve"
    if not passes and facts.backwards and not any(network.evaluation_calls for network in facts.networks):
        yield ("train-valid-overlap", "train-mode-in-evaluation"), "the network is never evaluated"
    if facts.probes.why_not:
        yield _PROBED[: 1 if facts.probes.learnable is not None else 2], facts.probes.why_not


def most_passes(case: Case) -> int:
    """How often a set was evaluated: the most steps at which an evaluation of one kind was made."""
    return max((len(curve.steps) for curve in evaluations(case).values()), default=0)
