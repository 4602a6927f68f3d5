"""The techniques: all of them by stage, and the card of each with what was measured."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from gradwise.report.terminal import make_console, show_list

if TYPE_CHECKING:
    from gradwise.cards import Argument, Card
    from gradwise.effects import Cost, Effect

SCHEMA = 1
WIDEST = 100
_LABEL = 11  # characters: "conflicts" and the two before it
_COLOURS = {"better": "bold green", "worse": "bold red", "failed": "bold red", "same": "cyan", "undecided": "yellow"}


def show_techniques() -> None:
    """Print every technique with what it does and what it treats, stage by stage."""
    from gradwise.cards import cards

    known = list(cards().values())
    for stage in dict.fromkeys(card.stage for card in known):
        show_list(stage, [(card.name, in_one_line(card)) for card in known if card.stage == stage])


def in_one_line(card: Card) -> str:
    """What it does, and what it treats."""
    return f"{card.does} [{', '.join(card.treats)}]" if card.treats else card.does


def show_card(name: str) -> None:
    """Print a technique's card. Raises GradwiseError where there is none of that name."""
    from gradwise.cards import find

    console = make_console()
    for line in card_lines(find(name), min(console.width, WIDEST)):
        console.print(line, soft_wrap=True)


def as_json(name: str = "") -> str:
    """The cards with what was measured, or that of one technique."""
    from gradwise.cards import cards, find
    from gradwise.effects import cost, effects

    shown = [find(name)] if name else list(cards().values())
    rows: list[dict[str, Any]] = []
    for card in shown:
        spent = cost(card.name)
        measured: dict[str, Any] = {"effects": [asdict(effect) for effect in effects(card.name)]}
        rows.append(asdict(card) | measured | {"cost": asdict(spent) if spent else None})
    return json.dumps({"schema": SCHEMA, "techniques": rows}, indent=2) + "\n"


def card_lines(card: Card, width: int) -> Iterator[Text]:
    """The card, line by line, none longer than `width`."""
    from gradwise.effects import command, cost, effects

    yield Text(card.name, "bold cyan").append(f"  stage {card.stage}", "dim")
    yield from (Text(f"  {line}") for line in textwrap.wrap(card.does, width - 2))
    rows = {label: getattr(card, label) for label in ("source", "equation", "treats", "order", "conflicts", "notes")}
    if any(rows.values()):
        yield Text()
    for label, value in rows.items():
        yield from _row(label, ", ".join(value) if isinstance(value, tuple) else value, width)
    for argument in card.arguments:
        yield from _setting(argument, width)
    found = effects(card.name)
    yield Text()
    if found:
        yield Text("  measured", "dim")
        for effect in found:
            yield from _effect(effect, width)
        yield from _row("again", found[0].command, width)
        spent = cost(card.name)
        if spent is not None:
            yield from _row("a step", cost_in_words(spent), width)
            yield from _row("again", spent.command, width)
    elif card.stage in ("data", "model"):
        yield Text("  Nothing to measure: it is what the others are measured on.", "dim")
    else:
        yield Text(f"  not measured yet: {command(card.name)}", "dim")


def _row(label: str, text: str, width: int) -> Iterator[Text]:
    for number, line in enumerate(textwrap.wrap(text, width - _LABEL - 2, break_on_hyphens=False)):
        yield Text(f"  {label if number == 0 else '':<{_LABEL}}", "dim").append(line, "default")


def _setting(argument: Argument, width: int) -> Iterator[Text]:
    yield Text()
    given = "must be given" if argument.default is None else f"default {argument.default}"
    yield Text(f"  {argument.name}", "cyan").append(f"  {given}", "dim")
    told = [argument.what] if _tells_domain(argument) else [argument.what, argument.domain]
    told += [f"good: {argument.good}"] if argument.good else []
    for line in textwrap.wrap("; ".join(filter(None, told)), width - 4):
        yield Text(f"    {line}")


def _tells_domain(argument: Argument) -> bool:
    """Whether what is written of an argument names its bounds or choices already."""
    if argument.what and not re.search(r"\d| or '", argument.domain):  # a kind alone, which the default shows
        return True
    choice = argument.domain.partition(" or ")[0].strip("'")
    bounds = re.search(r"\b(above|at least|at most|below|between)\b|<=?|\d to \d", argument.what)
    return bool(bounds) or (bool(choice) and choice in argument.what)


def _effect(effect: Effect, width: int) -> Iterator[Text]:
    from gradwise.effects import problem

    head = f"{effect.problem}: {effect.says}"
    for number, line in enumerate(textwrap.wrap(head, width - 4)):
        yield Text(f"  {line}" if number == 0 else f"    {line}", _COLOURS[effect.verdict])
    kind = f" ({problem(effect.problem)})" if problem(effect.problem) else ""
    told = f"{in_words(effect)} {effect.change} against {effect.against}{kind}"
    for line in textwrap.wrap(told.strip(), width - 4):
        yield Text(f"    {line}")


def cost_in_words(cost: Cost) -> str:
    """What a step costs: "1.35 times one without it (1.28 to 1.44), of 0.21 ms on hot"."""
    between = f"{cost.low:.2f} to {cost.high:.2f}"
    return f"{cost.ratio:.2f} times one without it ({between}), of {cost.milliseconds:.2f} ms on {cost.problem}"


def in_words(effect: Effect) -> str:
    """The figures of an effect: "+0.62 points of test_accuracy, 95 % [+0.20, +1.04], 5 seeds, 1.02 of the time."."""
    if effect.difference is None:
        return ""
    time = "" if effect.time is None else f", {effect.time:.2f} of the time"
    points = effect.metric.endswith("accuracy")

    def written(value: float | None) -> str:
        if value is None:
            return "?"
        return f"{100 * value:+.2f}" if points else f"{value:+.3g}"

    unit = f"points of {effect.metric}" if points else f"in {effect.metric}"
    interval = f"[{written(effect.low)}, {written(effect.high)}]"
    return f"{written(effect.difference)} {unit}, 95 % {interval}, {effect.seeds} seeds{time}."
