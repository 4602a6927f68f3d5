"""What was measured on this machine, kept in the user's cache, so that every run on it decides alike.

A measurement goes by the facts that it depends on, to which the processor, torch and the number of threads are added.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

import torch

from gradwise.errors import GradwiseError
from gradwise.kernels.build import processor
from gradwise.runs import write_atomic


def recall(*facts: object) -> float | None:
    """The number that was kept for these facts; None where there is none."""
    return _read().get(_key(facts))


def keep(number: float, *facts: object) -> float:
    """Keep a number for these facts, and give it back. A cache that cannot be written is done without."""
    with contextlib.suppress(OSError, GradwiseError):
        _place().parent.mkdir(parents=True, exist_ok=True)
        write_atomic(_place(), json.dumps(_read() | {_key(facts): number}).encode())
    return number


def _key(facts: tuple[object, ...]) -> str:
    settled = (torch.__version__, processor(), torch.get_num_threads(), *facts)
    return hashlib.sha256(repr(settled).encode()).hexdigest()[:16]


def _place() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("gradwise") / "measured.json"


def _read() -> dict[str, float]:
    try:
        kept = json.loads(_place().read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
