"""Findings -> changes of a program to try, the first finding's first; and the rivals that look at nothing."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from gradwise.diagnose import Finding
from gradwise.remedy.outside.catalogue import CATALOGUE, neighbours
from gradwise.remedy.outside.edit import Edit, filled
from gradwise.remedy.outside.known import Known
from gradwise.remedy.prescribe import sick
from gradwise.remedy.rivals import BLIND, CLIPS, RATES

OPTIMIZERS = {
    "SGD": "torch.optim.SGD({params}, lr=%g, momentum=0.9)",
    "Adam": "torch.optim.Adam({params}, lr=%g)",
    "AdamW": "torch.optim.AdamW({params}, lr=%g)",
    "RMSprop": "torch.optim.RMSprop({params}, lr=%g)",
}
_CLIP = 'torch.nn.utils.clip_grad_norm_([p for g in {it}.param_groups for p in g["params"]], %g)'
_NONE = Finding("", "note", 0.0, "", ())


@dataclass(frozen=True)
class Order:
    """A change that is to be tried."""

    codes: tuple[str, ...]  # the problems that it is to treat
    label: str
    edits: tuple[Edit, ...]
    why: str
    hides: bool = False  # it may hide the cause instead of removing it
    loss: bool = False  # it changes what the loss is

    @property
    def changes(self) -> tuple[str, ...]:
        """For people, in short."""
        return tuple(told(edit) for edit in self.edits)


def told(edit: Edit) -> str:
    """An edit in a line."""
    text = edit.text or ", ".join(filter(None, (edit.x, edit.y)))
    lines = filled(text, it="it").splitlines() or [edit.at]
    return lines[0] + (" ..." if len(lines) > 1 else "")


def order(findings: Sequence[Finding], known: Known) -> list[Order]:
    """The changes of the catalogue that have a place in this program, each once.

    The first finding's first two, then the second one's first, the first one's third, the second one's second and so
    on: several causes share the tries, the first has most of them. What treats consequences comes last.
    """
    ranked: list[tuple[bool, int, int, Order]] = []
    for place, finding in enumerate(sorted(sick(findings), key=lambda finding: bool(finding.consequence_of))):  # stable
        remedies = [(remedy, remedy.change(known, finding)) for remedy in CATALOGUE.get(finding.code, ())]
        codes = tuple(dict.fromkeys(filter(None, (finding.code, finding.consequence_of))))
        for rank, (remedy, edits) in enumerate((remedy, edits) for remedy, edits in remedies if edits):
            made = Order(codes, remedy.technique, edits, remedy.why, remedy.hides, remedy.loss)
            ranked.append((bool(finding.consequence_of), place + rank, place, made))
    found: dict[tuple[Edit, ...], Order] = {}
    for _, _, _, each in sorted(ranked, key=lambda entry: entry[:3]):
        found.setdefault(each.edits, each)
    return list(found.values())


def together(one: Order, other: Order) -> Order | None:
    """Both; None where the one takes the other's place, or both change what the loss is."""
    if {edit.at for edit in one.edits} & {edit.at for edit in other.edits}:
        return None
    return onto(one, other)


def onto(one: Order, other: Order) -> Order | None:
    """Both, the other one behind the first: lines may follow one another; what stands in a place is changed once."""
    if (one.loss and other.loss) or _places(one) & _places(other) or set(one.edits) & set(other.edits):
        return None
    codes = tuple(dict.fromkeys(one.codes + other.codes))
    label, why = f"{one.label} and {other.label}", f"{one.why}; {other.why}"
    return Order(codes, label, one.edits + other.edits, why, one.hides or other.hides, one.loss or other.loss)


def _places(order: Order) -> set[tuple[str, str]]:
    """Where it puts something else in the place of what was there."""
    once = [edit for edit in order.edits if edit.at in ("make", "keyword", "sampler", "source", "call")]
    whole = {(edit.at, " ".join(edit.names)) for edit in once if edit.at != "call"}
    return whole | {(edit.at, name) for edit in once if edit.at == "call" for name in edit.names}


def strengths(one: Order, findings: Sequence[Finding], known: Known) -> list[Order]:
    """The same remedy, one weaker and one stronger."""
    finding = next((finding for finding in findings if finding.code in one.codes), _NONE)
    changes = [(remedy, remedy.change(known, finding)) for remedy in neighbours(one.label)]
    return [
        Order(one.codes, remedy.technique, edits, remedy.why, remedy.hides, remedy.loss)
        for remedy, edits in changes
        if edits
    ]


def blind(known: Known, codes: tuple[str, ...]) -> Order:
    """Adam at 1e-3, the gradient clipped at 1. Its longer run cannot be had from outside."""
    edits = _drawn(known, OPTIMIZERS["Adam"] % 0.001, 1.0) or (Edit("backward", x="(0.1 * {x})"),)
    return Order(codes, BLIND, edits, "what is tried by those who look at nothing", True)


def randomly(known: Known, codes: tuple[str, ...], number: int) -> list[Order]:
    """So many draws of rate, optimizer and clipping, the same for the same program."""
    orders: list[Order] = []
    for i in range(number):
        draw = random.Random(f"treat {i}")
        rate = math.exp(draw.uniform(*map(math.log, RATES)))
        made, bound = OPTIMIZERS[draw.choice(list(OPTIMIZERS))] % float(f"{rate:.2g}"), draw.choice(CLIPS)
        by_hand = (Edit("backward", x=f"({rate * 100:.2g} * {{x}})"),)  # from a thousandth to a hundred times
        edits = _drawn(known, made, bound) or by_hand
        orders.append(Order(codes, f"random {i + 1}", edits, "a draw of the random search", True))
    return orders


def _drawn(known: Known, made: str, bound: float) -> tuple[Edit, ...]:
    if known.by_hand:
        return ()
    clip = (Edit("before-step", _CLIP % bound),) if bound else ()
    return (Edit("make", made), *clip)
