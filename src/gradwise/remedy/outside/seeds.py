"""Seeds that a program sets, from outside: with other ones it can be run again and again, in pairs."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from gradwise.doctor.sources import Sources

AGAIN = 7919  # between the seeds of a seed that is set again


def seeded(offset: int, sources: Sources, again: bool = False) -> None:
    """Seeds that the program sets are raised by `offset`; `again`: where one is set again, it goes on from the last."""
    counts: dict[tuple[object, int], int] = {}

    def shifted(make: Callable[..., Any]) -> Callable[..., Any]:
        def seed(*args: Any, **kwargs: Any) -> Any:
            frame = sources.frame(2)
            direct = frame is not None and sys._getframe(1) is frame
            place = next((i for i, value in enumerate(args) if type(value) is int), None)
            if not direct or frame is None or place is None:
                return make(*args, **kwargs)
            key = ((frame.f_code, frame.f_lasti), args[place])
            counts[key] = counts.get(key, -1) + 1
            new = args[place] + offset + (AGAIN * counts[key] if again else 0)
            return make(*args[:place], new, *args[place + 1 :], **kwargs)

        return seed

    class Generator(torch.Generator):
        manual_seed = shifted(torch.Generator.manual_seed)

    for owner, name in ((torch, "manual_seed"), (np.random, "seed"), (np.random, "default_rng"), (random, "seed")):
        setattr(owner, name, shifted(getattr(owner, name)))
    torch.Generator = Generator  # pyright: ignore[reportAttributeAccessIssue]
    random.seed(offset)
    np.random.seed(offset)
    torch.manual_seed(offset)
