"""Rules of the family "program": what the loop itself forgets. Facts, not statistics: they need no failure to learn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod

import numpy as np

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.diagnose.leak import graph_leak
from gradwise.diagnose.network import batch_norm_mismatch
from gradwise.watch.facts import Network, Optimizer

PILED_UP = 0.5  # share of steps looked at that used an old gradient: clearing once per epoch is above it, too
PILED_STEPS = 3  # of them at least
NO_STEP = 3  # backward passes after which a program should have stepped
SURE_NO_STEP = 128  # ... and after which no accumulation explains that it has not
ALWAYS = 0.95  # share of calls in the wrong mode that no other use of the network explains
OFTEN = 0.5  # ... that outweighs its right use
FEW_CALLS = 3
EACH_STEP = 0.5  # evaluated in so large a share of the steps it is a part of the training (acting, pseudo-labels)
BATCH, VALUES = 2, 4  # samples, values per channel: Wu and He (2018), fig. 1: from 4 on it falls apart
BATCH_NOTE, VALUES_NOTE = 4, 8


def missing_zero_grad(case: Case) -> Iterator[Finding]:
    """A step's gradient contains one that an earlier step has used."""
    piled = [o for o in case.facts.optimizers if o.piled_up >= max(PILED_STEPS, PILED_UP * o.looked)]
    if not piled:
        return
    most = max(piled, key=lambda o: o.piled_up)
    says = (
        f"In {most.piled_up} of {most.looked} steps looked at, the gradient still held what an earlier step had used: "
        f"nothing clears it. backward() adds to .grad, so that step t goes along the sum of all gradients so far."
    )
    before = next((loss.backward_source for loss in case.losses if loss.backward_source), "")
    at = f" before backward() in {before}" if before else " before backward()"
    if most.kind == "by hand":
        change = "p.grad = None for every weight p after its update (or p.grad.zero_())"
    else:
        change = f"optimizer.zero_grad(){at}"
    remedies = (
        Remedy("", change, "each step is to follow the gradient at the weights as they are now"),
        Remedy("", "then choose the learning rate anew", "the one found with the fault is too small by far"),
    )
    source = _lines(*(o.step_source or o.source for o in piled), before)
    evidence = {"piled_up": most.piled_up, "looked": most.looked, "threshold": PILED_UP}
    yield Finding("missing-zero-grad", "error", 0.97, says, remedies, (), source, (1, case.last_step), evidence)


def missing_step(case: Case) -> Iterator[Finding]:
    """Gradients are computed and nothing steps."""
    facts = case.facts
    if facts.backwards < NO_STEP:
        if not facts.backwards:
            yield from _logged_without_step(case)
        return
    still = [o for o in facts.optimizers if o.steps == 0]
    stepped = any(o.steps for o in facts.optimizers)
    if facts.manual_updates or any(o.swallowed for o in facts.optimizers):
        return
    if stepped:
        yield from _one_never_steps(case, still)
        return
    if any(p.changed for p in facts.parameters):
        return
    sure = facts.finished or facts.crash is not None or facts.backwards >= SURE_NO_STEP
    judged: tuple[Severity, float] = ("error", 0.96) if sure and still else ("warning", 0.6)
    if not still and (facts.backwards < 20 or not case.losses or any(n.training_in_eval for n in facts.networks)):
        return  # gradients for their own sake: a saliency map, a test of derivatives
    says = f"{facts.backwards} backward passes and not one step: the weights are those of the start."
    if still:
        says += f" {still[0].kind} was made, but its step() is never called."
    else:
        says += " No optimizer was made, and nothing else changes the weights in place."
    yield _no_step(case, still, judged, says)


def _one_never_steps(case: Case, still: Sequence[Optimizer]) -> Iterator[Finding]:
    """Another one does: the parameters of this one get gradients and keep their values."""
    facts = case.facts
    left = [p.name for p in facts.parameters if p.reached and p.requires_grad and not (p.changed or p.held)]
    if still and left and facts.finished:
        names = ", ".join(left[:3]) + ", ..." * (len(left) > 3)
        says = (
            f"{still[0].kind} of {still[0].source} never steps, while the other optimizer does: {len(left)} tensors "
            f"({names}) get gradients and keep the values that they began with."
        )
        yield _no_step(case, still, ("warning", 0.8), says, tuple(left[:8]))


def _logged_without_step(case: Case) -> Iterator[Finding]:
    """A trace of somebody's own loop: gradients are there, and every update is 0."""
    names = case.trace.places("update")
    ratios = [s.values for name in names if (s := case.series("update", name, "ratio")) is not None]
    whole = case.series("gradient", "", "norm")
    if not ratios or whole is None or len(whole.values) < NO_STEP or any(len(r) < NO_STEP - 1 for r in ratios):
        return
    if all((r == 0).all() for r in ratios) and bool(np.median(whole.values) > 0):
        says = f"{len(whole.values)} gradients were computed, and all weights are still those of the start."
        yield _no_step(case, (), ("error", 0.9), says, tuple(names[:8]))


def _no_step(
    case: Case, still: Sequence[Optimizer], judged: tuple[Severity, float], says: str, where: tuple[str, ...] = ()
) -> Finding:
    backward = next((loss.backward_source for loss in case.losses if loss.backward_source), "")
    step = "optimizer.step()" if still or not case.facts.backwards else "an optimizer's step()"
    change = f"{step} after backward(){f' in {backward}' if backward else ''}, once per batch"
    remedies = (Remedy("", change, "backward() computes gradients only; the step changes the weights"),)
    evidence = {"backward_passes": case.facts.backwards, "steps": 0}
    source = _lines(*(o.source for o in still), backward)
    return Finding("missing-step", *judged, says, remedies, where, source, (0, case.last_step), evidence)


def eval_mode_in_training(case: Case) -> Iterator[Finding]:
    """Backward follows calls in evaluation mode, and the network has something that the mode switches."""
    for network in case.facts.networks:
        calls, wrong = network.training_calls, network.training_in_eval - network.parts_in_eval
        if not network.mode_matters or wrong < FEW_CALLS or _partly_frozen(case) or _only_differentiated(case):
            continue
        share, back, since = wrong / calls, network.trained_in_train_at, network.trained_in_eval_since
        forgot = wrong < calls and back is not None and since >= max(10, OFTEN * wrong)  # and then never again
        if not (share >= ALWAYS or forgot):
            continue
        parts = " and ".join(network.mode_matters[:3])
        says = f"{wrong} of {calls} training passes ran in evaluation mode: {_off(network)}."
        if forgot:
            says += f" After step {back} nothing set the training mode again: evaluation leaves eval() behind."
        change = "model.train() at the start of every epoch, before its first batch"
        remedies = (Remedy("", change, f"{parts} work only in training mode"),)
        evidence = {"in_eval": wrong, "training_calls": calls, "modules": network.mode_matters}
        judged: tuple[Severity, float] = ("error", 0.95) if forgot else ("warning", 0.88)
        source, span = _lines(network.source), (back or 0, case.last_step)
        yield Finding("eval-mode-in-training", *judged, says, remedies, (network.name,), source, span, evidence)


def _partly_frozen(case: Case) -> bool:
    """Fine-tuning: what is frozen is meant to stay in evaluation mode."""
    facts = case.facts
    trained = sum(n.parameters for n in facts.networks if n.training_calls)
    free = sum(prod(p.shape) for p in facts.parameters if p.requires_grad)
    return bool(facts.parameters) and free < 0.98 * trained


def _only_differentiated(case: Case) -> bool:
    """No step was taken: a saliency map, an adversarial example."""
    facts = case.facts
    return bool(facts.backwards) and not facts.manual_updates and not any(o.steps for o in facts.optimizers)


def _off(network: Network) -> str:
    says: list[str] = []
    if network.dropout or any("Dropout" in name for name in network.mode_matters):
        says.append(f"dropout{f' ({network.dropout:g})' if network.dropout else ''} was off")
    if any("Norm" in name for name in network.mode_matters):
        says.append("batch normalisation used running statistics that nothing updates")
    return " and ".join(says) or f"{', '.join(network.mode_matters)} did not do their part"


def train_mode_in_evaluation(case: Case) -> Iterator[Finding]:
    """A network that is trained is evaluated with dropout on, or with batch norms that learn from what they see."""
    for network in case.facts.networks:
        calls, wrong = network.evaluation_calls, network.evaluation_in_train
        if not (network.mode_matters and network.training_calls >= FEW_CALLS and wrong) or _meant(case, network):
            continue
        if wrong < OFTEN * calls or (wrong < calls and next(batch_norm_mismatch(case), None) is not None):
            continue  # it is evaluated as it should be too, with what these passes have left behind
        says = f"{wrong} of {calls} passes without gradient ran in training mode:"
        says += " what is measured is not the network that will be used."
        if network.dropout or any("Dropout" in name for name in network.mode_matters):
            says += f" Dropout{f' ({network.dropout:g})' if network.dropout else ''} was on."
        if any("BatchNorm" in name for name in network.mode_matters):
            says += " Batch norm took its statistics from the evaluated batch, and learnt from it."
        change = (
            f"model.eval() before evaluating{f' in {network.evaluation_source}' if network.evaluation_source else ''}"
        )
        remedies = (Remedy("", f"{change}, and model.train() after it", "dropout and batch norm change with the mode"),)
        evidence = {"in_train": wrong, "evaluation_calls": calls, "modules": network.mode_matters}
        source = _lines(network.evaluation_source)
        yield Finding(
            *("train-mode-in-evaluation", "warning", 0.88 if wrong == calls else 0.7),
            *(says, remedies, (network.name,), source, (0, case.last_step), evidence),
        )


def _meant(case: Case, network: Network) -> bool:
    """Every step acts, labels or samples with it; or many samples of one answer are drawn, once; or a first try-out."""
    passes, wrong = network.evaluation_passes, network.evaluation_passes_in_train
    if passes is None or wrong is None:
        return network.evaluation_in_train < 2 or network.evaluation_calls >= network.training_calls
    return wrong == 0 or wrong < OFTEN * passes or (wrong > 20 and wrong >= EACH_STEP * case.facts.steps)


def small_batch_norm(case: Case) -> Iterator[Finding]:
    """Batch norms that average over next to nothing."""
    for network in case.facts.networks:
        values, batch = network.batch_norm_values, network.batch_norm_batch
        if not values or not batch:
            continue
        usual = network.batch_norm_usual or values
        whole = max(1, round(usual * batch / values))  # the commonest batch
        size = network.batch_norm_samples or whole
        if size <= BATCH or usual <= VALUES:
            judged: tuple[Severity, float] = ("warning", 0.92 if usual <= VALUES else 0.85)
        elif size <= BATCH_NOTE or usual <= VALUES_NOTE:
            judged = ("note", 0.5)
        else:
            continue
        samples = "1 sample" if size == 1 else f"{size} samples"
        says = f"Batch normalisation runs over batches of {samples} ({usual} values per channel)."
        says += " Its mean and spread are mostly chance, and evaluation uses others."
        if size == 1:
            says = says.replace("mostly chance", "those of a single sample, whose level and contrast are lost")
        larger = "pieces of 16 samples or more" if size < whole else "batch_size=16 or more"
        if size < whole:
            says = says.replace("batches of", "pieces of a batch, of").replace(" (", " each (", 1)
        remedies = (
            Remedy("", larger, "the error of a mean of n values falls with the square root of n"),
            Remedy(
                "", "GroupNorm or LayerNorm instead of BatchNorm", "they average within a sample, not over the batch"
            ),
        )
        evidence = {"batch": size, "values": usual, "thresholds": [BATCH, VALUES]}
        where = tuple(name for name in network.modules if "BatchNorm" in name)
        source = _lines(next((x.source for x in case.facts.loaders if x.training), ""), network.source)
        yield Finding("small-batch-norm", *judged, says, remedies, where, source, (0, case.last_step), evidence)


def _lines(*sources: str) -> tuple[str, ...]:
    """Those that are known, each once."""
    return tuple(dict.fromkeys(source for source in sources if source))


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    missing_zero_grad,
    missing_step,
    eval_mode_in_training,
    train_mode_in_evaluation,
    graph_leak,
    small_batch_norm,
)
