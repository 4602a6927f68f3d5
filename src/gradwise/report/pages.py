"""All cards as one page: Markdown, made from the docstrings and from what was measured."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gradwise.report.techniques import cost_in_words, in_words

if TYPE_CHECKING:
    from gradwise.cards import Argument, Card

_HEAD = """# The techniques

Made by `gradwise techniques --markdown`; a change here is lost. What a technique did was measured on small problems
with usual settings, five paired seeds, each with a 95 % interval, and also stands here where it did not help: a
technique may do better on larger problems or with other settings. What a step costs is processor time over that of a
step without it. Each card names the command that measures it again.
"""


def page() -> str:
    """The page: an overview, then the cards stage by stage."""
    from gradwise.cards import cards

    known = list(cards().values())
    stages = dict.fromkeys(card.stage for card in known)
    parts = [_HEAD]
    for stage in stages:
        here = [card for card in known if card.stage == stage]
        names = " ".join(f"[{card.name}](#{card.name.lower()})" for card in here)
        parts.append(_wrapped(f"**{stage}**: {names}"))
    for stage in stages:
        parts.append(f"## Stage `{stage}`\n")
        parts += ["\n".join(_card(card)) + "\n" for card in known if card.stage == stage]
    return "\n".join(parts)


def _card(card: Card) -> Iterator[str]:
    yield f"### {card.name}\n"
    yield _wrapped(card.does)
    rows = {label: getattr(card, label) for label in ("source", "equation", "treats", "order", "conflicts", "notes")}
    for label, value in rows.items():
        text = ", ".join(f"`{code}`" for code in value) if isinstance(value, tuple) else value
        if text:
            yield _item(f"*{label}*: " + (f"`{text}`" if label == "equation" else text))
    for argument in card.arguments:
        yield _item(_setting(argument))
    yield from _measured(card)


def _setting(argument: Argument) -> str:
    given = "must be given" if argument.default is None else f"default `{argument.default}`"
    told = [given, argument.what or argument.domain, f"good: {argument.good}" if argument.good else ""]
    return f"`{argument.name}`: " + "; ".join(filter(None, told))


def _measured(card: Card) -> Iterator[str]:
    from gradwise.effects import cost, effects

    found, spent = effects(card.name), cost(card.name)
    if not found and card.stage in ("data", "model"):
        yield _item("*measured*: nothing to measure, it is what the others are measured on.")
    for effect in found:
        yield _item(f"*measured*, {effect.problem}: {effect.says}; {in_words(effect)} {effect.change}.")
    if found:
        yield _item(f"*again*: `{found[0].command}`")
    if spent is not None:
        yield _item(f"*a step*: {cost_in_words(spent)}; `{spent.command}`")


def _item(text: str) -> str:
    return textwrap.fill(text, 120, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False) + "\n"
