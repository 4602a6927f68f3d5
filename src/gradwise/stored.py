"""Weights that a run left behind, or a safetensors file: what a technique begins with that builds on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import safetensors.torch
from safetensors import SafetensorError
from torch import Tensor

from gradwise import runs
from gradwise.errors import RecipeError


def weights_of(place: str | Path, owner: str) -> dict[str, Tensor]:
    """Parameters and buffers by name, on the CPU.

    `place`: a run folder (the weights it was judged by: its best checkpoint's, where there is one the newest's,
    averaged where it averages), a checkpoint's folder, or a safetensors file. `owner`: who asks, for the error.
    Raises RecipeError where there is nothing to read, RunError where it is damaged.
    """
    path = Path(place).expanduser()
    if path.is_dir():
        return dict(_of_folder(path, owner))
    try:
        return safetensors.torch.load_file(path)
    except (OSError, SafetensorError) as error:
        raise _nothing(path, owner, told(error)) from None


def _of_folder(path: Path, owner: str) -> dict[str, Tensor]:
    if (path / "manifest.json").exists():
        found: Any = runs.load(path)
    else:
        found, problems = runs.newest(path / "checkpoints")
        if found is None:
            raise _nothing(path, owner, problems[0] if problems else "it has no checkpoint.")
        best = found.state.get("best_step")
        named = runs.checkpoints(path / "checkpoints")
        chosen = next((one.path for one in named if one.step == best), found.path)
        found = found if chosen == found.path else runs.load(chosen)
    return found.weights | (found.average or {})


def told(error: Exception) -> str:
    """Why weights cannot be read or do not fit, on a line: of torch's several, the first that names one."""
    lines = [" ".join(line.split()) for line in str(error).splitlines() if line.strip()]
    text = lines[1] if len(lines) > 1 and lines[0].startswith("Error(s) in loading") else lines[0]
    return text if len(text) <= 160 else f"{text[:157]}..."


def _nothing(path: Path, owner: str, why: str) -> RecipeError:
    return RecipeError(
        f"{owner} cannot read weights from {path}.",
        why=why,
        fix="name a run folder (runs/NAME), one of its checkpoints, or a .safetensors file.",
    )
