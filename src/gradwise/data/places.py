"""Where published sets are looked for: `root`, or else GRADWISE_DATA, ./data and the user's cache, in this order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from gradwise.errors import DataError


def roots(root: str = "") -> list[Path]:
    """The folders to look in: `root` alone where it is given."""
    if root:
        return [Path(root).expanduser()]
    from platformdirs import user_cache_path

    named = os.environ.get("GRADWISE_DATA", "")
    return [*([Path(named).expanduser()] if named else []), Path("data"), user_cache_path("gradwise") / "data"]


def download_root(root: str = "") -> Path:
    """Where a download goes: `root`, or else GRADWISE_DATA, or else the user's cache."""
    places = roots(root)
    return places[-1] if len(places) == 2 else places[0]  # two: ./data, which nobody asked for, and the cache


def find(name: str, folders: Iterable[str], files: Sequence[str], root: str = "") -> list[Path]:
    """The files (each as it is or with .gz) in the first of `folders` that has them all, below one of the roots.

    The files directly in a folder count only where that folder is given as `root`: MNIST and Fashion-MNIST have files
    of the same names. Raises DataError with the places that were looked at.
    """
    places = roots(root)
    for place in places:
        for folder in (*folders, *(("raw", "") if root else ())):
            found = [_plain_or_gz(place / folder / file) for file in files]
            if all(found):
                return [path for path in found if path]
    raise DataError(
        f"{name} was not found.",
        where=f"looked in {', '.join(str(place) for place in places)} for {next(iter(folders))}/{files[0]}",
        fix="`gradwise train ... --download` (or data.download=true) fetches it; data.root=FOLDER names another place.",
    )


def _plain_or_gz(path: Path) -> Path | None:
    for candidate in (path, path.with_name(path.name + ".gz")):
        if candidate.is_file():
            return candidate
    return None
