"""What a checkpoint consists of: written last, so that its presence means the other files are complete.

    {"schema": 1, "step": 1234, "epoch": 3, "files": {"state.pt": {"bytes": 812, "sha256": "..."}, ...},
     "sha256": "..."}     the checksum of all that stands before it

There is one way to write a given manifest (`render`), and `parse` accepts only that: a changed byte is always seen.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

MANIFEST = "manifest.json"
WEIGHTS, AVERAGE, STATE = "weights.safetensors", "average.safetensors", "state.pt"
SCHEMA = 1
_LIMIT = 1_000_000  # bytes: far beyond any that is genuine


class Entry(NamedTuple):
    """A file of a checkpoint."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The contents of `manifest.json`."""

    step: int
    epoch: int
    files: dict[str, Entry]
    schema: int = SCHEMA


def render(manifest: Manifest) -> bytes:
    """The only text of this manifest."""
    listed = {name: entry._asdict() for name, entry in sorted(manifest.files.items())}
    body = {"schema": manifest.schema, "step": manifest.step, "epoch": manifest.epoch, "files": listed}
    return _text({**body, "sha256": hashlib.sha256(_text(body)).hexdigest()})


def _text(body: dict[str, Any]) -> bytes:
    return (json.dumps(body, indent=1) + "\n").encode()


def parse(data: bytes) -> Manifest:
    """The manifest that was rendered to `data`; ValueError says what is wrong with it."""
    if not data or len(data) > _LIMIT:
        raise ValueError(f"has {len(data):,} bytes, which no manifest has")
    try:
        body = cast("dict[str, Any]", json.loads(data))
        files = {name: Entry(entry["bytes"], entry["sha256"]) for name, entry in body["files"].items()}
        manifest = Manifest(body["step"], body["epoch"], files, body["schema"])
        same = render(manifest) == data
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("cannot be read: it is damaged or cut off") from error
    if manifest.schema != SCHEMA:
        raise ValueError(f"has schema {manifest.schema}; this gradwise reads schema {SCHEMA}")
    if not same:
        raise ValueError("is damaged: its own checksum differs")
    if not {WEIGHTS, STATE} <= files.keys() <= {WEIGHTS, STATE, AVERAGE}:
        raise ValueError(f"names files that no checkpoint has: {', '.join(sorted(files))}")
    return manifest
