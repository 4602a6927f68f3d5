"""Every error of a user's, as a tree:

    GradwiseError          at most five lines: what, where, why, the fix      exit code 2
    ├── RecipeError        a recipe or a technique's argument
    ├── DataError          a set, a file of it, a label
    ├── ShapeError         a layer and what reaches it
    ├── RunError           a run folder or a checkpoint
    ├── MissingExtra       an optional library that is not installed
    └── NonFinite          a loss, gradient or weight that is NaN or infinite  exit code 4

The command line prints the text and leaves with `exit_code`; nothing else is caught.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class GradwiseError(Exception):
    """What is wrong (one line), then where, why and the fix, a line each where they are known."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", why: str = "", fix: str = "") -> None:
        self.what, self.where, self.why, self.fix = what, where, why, fix
        super().__init__(what)

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors travel between processes whole."""
        return _again, (type(self), vars(self))

    def __str__(self) -> str:
        parts = (("where", self.where), ("why", self.why), ("fix", self.fix))
        return "\n".join([self.what, *(f"  {name + ':':<6} {text}" for name, text in parts if text)])


def _again(kind: type[GradwiseError], parts: dict[str, str]) -> GradwiseError:
    error = kind.__new__(kind)
    vars(error).update(parts)
    return error


class RecipeError(GradwiseError):
    """A recipe, or an argument of a technique, that cannot be."""


class DataError(GradwiseError):
    """A set, a file or a label that cannot be learnt from."""


class ShapeError(GradwiseError):
    """A layer that is handed something else than it expects."""


class RunError(GradwiseError):
    """A run folder that cannot be written, read or continued."""


class MissingExtra(GradwiseError):
    """An optional library that is not installed."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs {library}, which is not installed.", fix=f"pip install 'gradwise[{extra}]'")


class NonFinite(GradwiseError):
    """Training met NaN or infinity; the step was not applied."""

    exit_code = 4


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A fix for a name that is not known: the nearest one, or all of them where none is near."""
    known = sorted(known)
    folded = {k.lower().replace("_", "").replace("-", ""): k for k in known}
    near = difflib.get_close_matches(name.lower().replace("_", "").replace("-", ""), folded, n=1, cutoff=0.6)
    return f"did you mean {folded[near[0]]!r}?" if near else f"choose one of: {', '.join(known)}."
