"""The exceptions that programs with networks end with, one function each: what it is, in words, and what to write.

Each is given the match of the message and the scene, and returns the problem's code (or ""), what happened, the fix.
They stand in `mishaps_loss`, `mishaps_layers` and `mishaps_backward`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

Match = re.Match[str]


class Meaning(NamedTuple):
    """What an exception means."""

    code: str
    says: str
    fix: str
