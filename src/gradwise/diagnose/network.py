"""Rules of the family "network": what its structure and its hand-written derivatives say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.watch.facts import CustomFunction, GradientCheck, Layer, Network

WORSE = 1.5  # evaluation mode costs half as much again (diagnosis by train/eval losses differing by 50 %)
GAP = 0.15  # and by this share of what knowing nothing costs: ratios of small losses mean little
BROKEN = 0.5  # of the same: worse than a matter of taste
SETTLED = 3.0  # steps times momentum after which 95 % of the running statistics are of the network's own
SLOW = 0.02  # a momentum below it is Keras's habit turned round more often than a choice
WRONG = 0.05  # relative error of a derivative: differences in double precision are good to 1e-6
DOUBTFUL = 0.01  # gradcheck's usual tolerance
ALIGNED = 0.999  # cosine between logged gradient and differences: rounding leaves 1 - 1e-6
SAME = 0.02  # relative difference of two ratios that count as equal


def no_nonlinearity(case: Case) -> Iterator[Finding]:
    """Layer upon layer, and nothing that bends between them."""
    for network in case.facts.networks:
        affine = [layer for layer in network.layers if "mbedding" not in layer.kind]
        if network.opaque or network.in_series < 2 or len(affine) < 2 or _bends(network, case):
            continue
        if network.ends and network.narrowest < min(network.ends) and not _one_too_many(network, affine):
            continue  # a bottleneck: a product of small matrices is what its author wants (low rank, linear codes)
        names = [layer.name for layer in affine]
        fits = case.learning.known and case.learning.progress > 0.9 and not case.learning.stuck
        says = f"Nothing bends between the {len(names)} layers {_listed(names)}: without an activation they are one "
        says += "affine map, and can do no more than a single layer could."
        between = _listed(names[:-1])
        remedies = (
            Remedy("", f"an activation behind {between}, e.g. torch.relu({names[0]}(x))", "that makes depth count"),
            Remedy("He", "He initialisation for layers with ReLU behind them", "it keeps the signal's size"),
        )
        evidence = {
            "affine_layers": network.in_series,
            "nonlinearities": [],
            "progress": _number(case.learning.progress),
        }
        severity: Severity = "warning" if fits else "error"
        source = (network.source,) if network.source else ()
        steps = (0, case.last_step)
        certainty = 0.8 if fits else 0.93
        yield Finding("no-nonlinearity", severity, certainty, says, remedies, tuple(names), source, steps, evidence)


def _one_too_many(network: Network, affine: Sequence[Layer]) -> bool:
    """A layer as wide as one of its neighbours takes nothing away: together they are the matrix that one could be."""
    widths = [network.ends[0], *(layer.units for layer in affine)]
    return all(widths) and any(b >= min(a, c) for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))


def _bends(network: Network, case: Case) -> bool:
    """Anything but affine maps between input and output."""
    inner = [layer for layer in network.layers if not layer.last]
    if any(layer.activation or layer.norm not in ("", "batch") for layer in inner):
        return True
    if not network.nonlinearities:
        return False
    loss = case.loss
    if loss is None or loss.name or not loss.through:
        return True
    # a loss that the program computes itself is a part of the graph: what lies behind the last weights is its own
    return not set(network.nonlinearities) <= set(loss.through)


def batch_norm_mismatch(case: Case) -> Iterator[Finding]:
    """The same batches cost more in evaluation mode, and batch normalisation is the only difference."""
    yield from _unfed(case)
    probes, network, learning = case.facts.probes, case.network, case.learning
    train, evaluation = probes.train_mode, probes.eval_mode
    if network is None or train is None or evaluation is None or not any("BatchNorm" in m for m in network.modules):
        return
    if network.training_calls and network.training_in_eval == network.training_calls:
        return  # it is trained with its running statistics: eval-mode-in-training's matter, or frozen on purpose
    loss = case.loss
    scale = (loss.chance if loss is not None and loss.chance else learning.baseline) or abs(learning.start)
    gap = evaluation - train
    if not gap > GAP * scale or not evaluation > WORSE * train:
        return
    momentum = network.batch_norm_momentum
    unsettled = momentum is not None and case.last_step * momentum < SETTLED
    if unsettled and momentum is not None and momentum >= SLOW:
        return  # a few steps, and the averages are still those of the start: it takes time
    says = f"The same batches cost {train:.3g} with batch normalisation in training mode and {evaluation:.3g} in "
    says += "evaluation mode: its running mean and variance are not those of the data it is used on."
    severity: Severity = "error" if gap > BROKEN * scale else "warning"
    certainty = 0.9 if severity == "error" else 0.75
    if unsettled:
        says += (
            f" With momentum {momentum:g} they have moved {1 - (1 - (momentum or 0)) ** case.last_step:.0%} of the way."
        )
        severity, certainty = (severity, certainty) if case.facts.finished else ("warning", 0.6)
    between = network.evaluation_in_train if network.evaluation_in_train < network.evaluation_calls else 0
    remedies = _statistics(momentum)
    if between:
        says += f" {between} passes without gradient ran in training mode, and they learn from such passes, too."
        change = f"model.eval() before the passes in {network.evaluation_source}"
        remedies = (Remedy("", change, "a batch norm in training mode learns from whatever it is shown"), *remedies)[:3]
    evidence = {"train_mode": train, "eval_mode": evaluation, "momentum": momentum, "of_knowing_nothing": gap / scale}
    source = tuple(filter(None, (network.evaluation_source or network.source,)))
    steps = (0, case.last_step)
    yield Finding("batch-norm-mismatch", severity, certainty, says, remedies, (), source, steps, evidence)


def _unfed(case: Case) -> Iterator[Finding]:
    """A copy that is evaluated has the weights of the trained network, and batch norms as they were made."""
    for copy in case.facts.networks:
        if not copy.batch_norm_unfed or copy.training_calls or not copy.evaluation_calls:
            continue
        trained = [n for n in case.facts.networks if n.training_calls > n.training_in_eval]
        if not any(n.parameters == copy.parameters and n.modules == copy.modules for n in trained):
            continue
        says = f"{copy.name} is evaluated as a copy of the network that is trained, and its batch normalisation still "
        says += "has the running mean 0 and variance 1 that it was made with: averaging or copying parameters() leaves "
        says += "the running statistics behind."
        buffers = "for a, b in zip(copy.buffers(), model.buffers()): a.copy_(b)"
        remedies = (
            Remedy("", buffers, "running statistics are buffers, not parameters"),
            Remedy("EMA", "torch.optim.swa_utils.AveragedModel(model, use_buffers=True), or update_bn", "it does both"),
        )
        evidence = {"batches_tracked": 0, "evaluations": copy.evaluation_calls}
        source = tuple(filter(None, (copy.evaluation_source or copy.source,)))
        steps = (0, case.last_step)
        yield Finding("batch-norm-mismatch", "error", 0.9, says, remedies, (), source, steps, evidence)


def _statistics(momentum: float | None) -> tuple[Remedy, ...]:
    usual = Remedy(
        "", "momentum=0.1, torch's own", "torch's momentum is the new batch's share: Keras's 0.99 is 0.01 here"
    )
    one = Remedy("", "one forward pass for all kinds of input: torch.cat, then chunk", "statistics of the mixture")
    anew = Remedy(
        "", "before evaluating, run training batches through it in training mode", "recalibrates the averages"
    )
    other = Remedy("", "GroupNorm or LayerNorm", "they are the same in both modes")
    return (usual, anew) if momentum is not None and momentum < SLOW else (one, anew, other)


def wrong_gradient(case: Case) -> Iterator[Finding]:
    """A derivative written by hand that is not the derivative."""
    for function in case.facts.functions:
        yield from _function(function, case)
    yield from _by_hand(case)


def _function(function: CustomFunction, case: Case) -> Iterator[Finding]:
    error = function.error
    if error is None or function.deliberate or not error > DOUBTFUL:
        return
    says = (
        f"{function.name}.backward is not the derivative of its forward pass: against differences of the forward pass "
    )
    says += f"it is off by {min(error, 1):.0%}"
    remedies = [
        Remedy("", f"derive {function.name}.forward anew, and check what is saved for backward", "see the figures")
    ]
    if function.ratio is not None and abs(function.ratio) > 1e-6 and abs(function.ratio - 1) > SAME:
        says += f", by a constant factor of {function.ratio:.3g}"
        remedies.insert(0, Remedy("", f"divide its result by {function.ratio:.3g}", "a constant factor is missing"))
    remedies.append(
        Remedy("", "torch.autograd.gradcheck(Function.apply, double inputs) in a test", "it finds such errors")
    )
    severity: Severity = "error" if error > WRONG else "warning"
    certainty = 0.95 if error > WRONG else 0.65
    evidence = {"relative_error": error, "ratio": function.ratio, "argument": function.argument, "threshold": DOUBTFUL}
    where, source, steps = (function.name,), (function.source,), (0, case.last_step)
    yield Finding("wrong-gradient", severity, certainty, says + ".", tuple(remedies), where, source, steps, evidence)


def _by_hand(case: Case) -> Iterator[Finding]:
    """Gradients that a loop of its own has logged, against differences of its loss."""
    checks = sorted({check.name: check for check in case.facts.checks}.values(), key=lambda check: check.order)
    checks = [check for check in checks if check.ratio != 0 or check.cosine != 0]  # nothing to compare: both may be 0
    right = [check for check in checks if abs(check.cosine) >= ALIGNED]
    wrong = [check for check in checks if abs(check.cosine) < ALIGNED]
    yield from _direction(right, wrong, case)
    yield from _factor(right, not wrong, case)


def _direction(right: list[GradientCheck], wrong: list[GradientCheck], case: Case) -> Iterator[Finding]:
    if not wrong:
        return
    names = [check.name for check in wrong]
    figures = ", ".join(f"{check.name} {check.cosine:.3f}" for check in wrong[:4])
    last = wrong[-1]
    above = [check for check in right if check.order > last.order]
    if above:
        says = f"The gradient points the right way down to {above[0].name} and the wrong way below it (cosine with "
        says += (
            f"differences of the loss: {figures}): what lies between the two, usually the activation's derivative, is "
        )
        says += "missing or wrong."
        change = (
            f"multiply the error that comes back below {above[0].name} by the activation's derivative (ReLU: z > 0)"
        )
        remedies = (
            Remedy("", change, f"{above[0].name} is right, {last.name} is not"),
            Remedy(
                "", f"check which weights the error of {last.name} is sent back through, and their transpose", "then"
            ),
        )
    else:
        says = f"The gradient of {_listed(names)} points the wrong way, the last layer's included (cosine with "
        says += (
            f"differences of the loss: {figures}): the derivative of the loss or of the output's activation is wrong."
        )
        remedies = (Remedy("", "derive the loss by the last layer's output anew", "all below it rests on that"),)
    evidence = {"cosine": {check.name: check.cosine for check in [*wrong, *right]}, "threshold": ALIGNED}
    steps = (0, case.last_step)
    yield Finding("wrong-gradient", "error", 0.95, says, remedies, tuple(names), (), steps, evidence)


def _factor(right: list[GradientCheck], all_right: bool, case: Case) -> Iterator[Finding]:
    """Right directions of the wrong length: one factor for all, or some that differ."""
    if not right:
        return
    ratios = {check.name: check.ratio for check in right}
    usual = float(np.median(list(ratios.values())))
    if all(_equal(ratio, usual) for ratio in ratios.values()):
        off = {} if _equal(usual, 1) else ratios
    else:
        off = {name: ratio for name, ratio in ratios.items() if not _equal(ratio, 1)}
    for ratio in _different(list(off.values())):
        names = [name for name, value in off.items() if _equal(value, ratio)]
        every = all_right and len(names) == len(right)
        batch = next((check.batch for check in right if check.name == names[0]), None)
        severity, says, remedy = _meaning(
            ratio, batch, "every gradient" if every else f"the gradient of {_listed(names)}"
        )
        certainty = 0.95 if severity == "error" else 0.6
        evidence: dict[str, Any] = {"logged_over_numeric": {name: off[name] for name in names}, "batch": batch}
        steps = (0, case.last_step)
        yield Finding("wrong-gradient", severity, certainty, says, (remedy,), tuple(names), (), steps, evidence)


def _meaning(ratio: float, batch: int | None, what: str) -> tuple[Severity, str, Remedy]:
    size = f"{what[0].upper()}{what[1:]} has the right direction and {abs(ratio):.4g} times the right size"
    if ratio < 0:
        says = (
            f"{what[0].upper()}{what[1:]} points uphill: it has the sign of the error turned round ({ratio:.4g} times "
        )
        return (
            "error",
            says + "the derivative).",
            Remedy("", "prediction - target, not target - prediction", "the sign"),
        )
    if batch and batch > 1 and _equal(ratio, batch):
        says = f"{size}, which is the batch: it is summed over the {batch} samples and not divided by their number."
        return "error", says, Remedy("", f"divide it by {batch}, the number of samples", "the loss is their mean")
    if batch and batch > 1 and _equal(ratio * batch, 1):
        says = f"{size}, one over the batch of {batch}: it is divided by the number of samples twice."
        return "error", says, Remedy("", "divide by the number of samples once", "the loss is their mean")
    if _equal(ratio, 2) or _equal(ratio, 0.5):
        says = f"{size}: the 2 of a squared error's derivative is on one side only. The learning rate makes up for it."
        return "note", says, Remedy("", "the same factor in loss and gradient", "d/dx of x² is 2x")
    return (
        "warning",
        f"{size}.",
        Remedy("", "look for a factor that the loss has and the gradient lacks", "or the reverse"),
    )


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * max(abs(one), abs(other))


def _different(ratios: list[float]) -> list[float]:
    found: list[float] = []
    for ratio in ratios:
        if not any(_equal(ratio, known) for known in found):
            found.append(ratio)
    return found


def _listed(names: list[str]) -> str:
    """ "a", "a and b", "a, b and c"; of many the ends."""
    if len(names) > 6:
        names = [*names[:2], "...", names[-1]]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (no_nonlinearity, batch_norm_mismatch, wrong_gradient)
