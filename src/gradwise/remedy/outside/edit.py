"""A change that is made from outside: one text, which runs as it is and is what is written into the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

At = Literal[
    "optimizer",  # lines below the making of an optimizer, {it}
    "make",  # an expression in its place, {params}
    "network",  # lines above the making of an optimizer, for each network {it} that has a name there
    "schedule",  # lines below the making of a learning-rate schedule, {it}
    "before-step",  # lines round an optimizer's step, {it}
    "after-step",
    "backward",  # x: an expression in the place of what backward() is called on
    "before-backward",  # lines, {leaves}: the weights that the loss reaches
    "after-backward",  # lines, {it}: the optimizer
    "call",  # of the functions in `names`: text instead of the call, or x and y instead of its operands
    "keyword",  # names: class and keyword; text: its value, {was}
    "sampler",  # of a DataLoader: lines above it that make _sampler, {x}: its data; when: which ones
    "shadow",  # lines above the evaluation of a network, {it}, that is not trained, {x}: the one like it that is
    "train-mode",  # the network is put into training mode where gradients are wanted
    "eval-mode",  # and into evaluation mode, and back, where none are
    "derived",  # hand-written derivatives are left to torch
    "seed",  # a seed that is set again and again goes on instead
    "source",  # names: path, first byte, last byte; text: what stands there instead of {x}
]


@dataclass(frozen=True)
class Edit:
    """A change at one kind of place of a program."""

    at: At
    text: str = ""
    x: str = ""
    y: str = ""
    names: tuple[str, ...] = ()
    when: str = ""  # a condition over {x} and {y}
    sources: tuple[str, ...] = ()  # only at these lines, "train.py:31"
    within: bool = False  # only within a network


def filled(text: str, **parts: str) -> str:
    """A text with its places filled: {it}, {x}, {y}."""
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return text
