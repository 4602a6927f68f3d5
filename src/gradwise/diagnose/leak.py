"""The rule `graph-leak`: graphs of past steps, or of evaluations, that something of the program's keeps alive."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity

KEPT = 0.5  # graphs alive per past step: all of them, but for those within an epoch
KEPT_LEAST = 8  # graphs; a window of truncated back-propagation is shorter
LISTED_LEAST = 6  # graphs in one list, from as many steps: a queue is either shorter or does not grow
COUNTED = 2  # graphs: one more or fewer at either count, where a graph is kept every few steps


def graph_leak(case: Case) -> Iterator[Finding]:
    """The graphs of past steps stay alive, in proportion to the steps."""
    facts = case.facts
    counts = facts.alive_graphs
    steps = [2 ** (i + 1) for i in range(len(counts))]  # at which they were counted
    kept = [n >= KEPT * step for step, n in zip(steps, counts, strict=True)]
    doubled = [False, *(n >= 2 * before - COUNTED > COUNTED for before, n in pairwise(counts))][: len(counts)]
    kept = [all_ or part for all_, part in zip(kept, doubled, strict=True)]  # of every fifth step: twice the steps, too
    run = max((i for i in range(2, len(kept)) if all(kept[i - 2 : i + 1])), default=None)
    if run is None or counts[run] < KEPT_LEAST:
        yield from _passed_again(case) if facts.passed_again >= KEPT_LEAST else _evaluations_kept(case)
        return
    # Whatever is let go of at the end of an epoch leaves at most as many at twice the steps.
    goes_on, nodes = all(n > before for before, n in pairwise(counts[run:])), facts.graph_nodes
    grows = len(nodes) == len(counts) and nodes[run] > 2 * nodes[0]
    says = f"At step {steps[run]}, the graphs of {counts[run]} past steps were still in memory"
    says += ", and their number grows with every step." if goes_on else ", until something let go of them."
    if grows:
        says += f" backward() walks through them: {nodes[0]} operations at first, {nodes[run]} then."
        change = "state = state.detach() before the next step (and no retain_graph=True)"
        why = "the graph is to end where the step begins"
    else:
        change = "total += loss.item(), or loss.detach() in what is kept, instead of the loss itself"
        why = "a loss that is kept keeps all the operations that it was computed with"
    at = f" in {facts.alive_source}" if facts.alive_source else ""
    judged: tuple[Severity, float] = ("warning", 0.92) if goes_on else ("warning", 0.7)
    if not goes_on and counts[run] < 4 * KEPT_LEAST:
        judged = ("note", 0.6)
    remedies = (Remedy("", f"{change}{at}", why),)
    evidence = {"steps": steps, "alive_graphs": counts, "operations": nodes}
    source = (facts.alive_source,) if facts.alive_source else ()
    yield Finding("graph-leak", *judged, says, remedies, (), source, (steps[0], case.last_step), evidence)


def _passed_again(case: Case) -> Iterator[Finding]:
    """The parts of a long sequence hang together: each backward pass goes through those before it, too."""
    number, source = case.facts.passed_again, (case.facts.alive_source,) if case.facts.alive_source else ()
    says = f"Of several backward passes within a step, one goes through the graphs of {number} before it once more: "
    says += "they were kept (retain_graph=True), and time and memory of a pass grow with each. What the parts of a "
    says += "sequence have in common gets its gradient again and again."
    change = "state = state.detach() between the parts, and no retain_graph=True"
    remedies = (
        Remedy("", change, "a graph is to end where its part begins (truncated back-propagation)"),
        Remedy("", "add up the losses, and call backward() once", "where the gradient is to go back to the beginning"),
    )
    evidence = {"passes": number, "threshold": KEPT_LEAST}
    yield Finding("graph-leak", "warning", 0.85, says, remedies, (), source, (0, case.last_step), evidence)


def _evaluations_kept(case: Case) -> Iterator[Finding]:
    """A list takes in one graph per evaluation: few, but twice as many at twice the steps."""
    facts = case.facts
    counts = facts.listed_graphs[-3:]
    if len(counts) < 3 or counts[-1] < LISTED_LEAST or any(n < 2 * before - 1 for before, n in pairwise(counts)):
        return
    steps = [2 ** (len(facts.listed_graphs) + i) for i in (-2, -1, 0)]
    says = (
        f"A list held the graphs of {counts[-1]} past steps at step {steps[-1]}, and of {counts[0]} at step {steps[0]}"
    )
    says += ": one is added every so many steps, as an evaluation does, and none is let go of."
    at = f" in {facts.alive_source}" if facts.alive_source else ""
    change = f"history.append(loss.item()) instead of the loss itself{at}, and evaluate under torch.no_grad()"
    why = "a loss that is kept keeps all the operations that it was computed with"
    evidence = {"steps": steps, "listed_graphs": counts}
    source = (facts.alive_source,) if facts.alive_source else ()
    span = (steps[0], case.last_step)
    yield Finding("graph-leak", "warning", 0.85, says, (Remedy("", change, why),), (), source, span, evidence)
