"""A function of somebody else's in whose place another stands for a while."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

# A warning with stacklevel=2 names its caller's caller. Python leaves out frames of the import machinery there, which
# it knows by the file's name, and so ours: the program's warnings name the program's lines.
_UNSEEN = f"{__file__}:importlib._bootstrap"


def replace(owner: Any, name: str, make: Callable[[Any], Any]) -> Callable[[], object]:
    """Put what `make` makes of a function into its place; what puts it back."""
    own = name in vars(owner)
    before = vars(owner)[name] if own else None
    original = getattr(owner, name)
    wrapper = make(original)
    if not isinstance(wrapper, classmethod):
        functools.update_wrapper(wrapper, original)
        wrapper.__code__ = wrapper.__code__.replace(co_filename=_UNSEEN)
        if isinstance(owner, ModuleType):  # where pickle finds it
            wrapper.__module__, wrapper.__qualname__ = owner.__name__, name
    setattr(owner, name, wrapper)
    return lambda: setattr(owner, name, before) if own else delattr(owner, name)
