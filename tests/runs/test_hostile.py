"""A checkpoint from a stranger: nothing of it is executed, no file outside it is read."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch

from gradwise.errors import RunError
from gradwise.runs import load, newest, save
from gradwise.runs.manifest import MANIFEST, STATE, WEIGHTS, Entry, Manifest, parse, render


def weights() -> dict[str, torch.Tensor]:
    return {"layer.weight": torch.ones(3, 4)}


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"[" * 100_000, b'{"files": 3}', b"\xff", b"null", b" " * 2_000_000, b"1" * 10_000]
)
def test_a_hostile_manifest_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"has|is|cannot") as caught:
        parse(data)
    assert "\n" not in str(caught.value)


def test_a_manifest_cannot_reach_other_files() -> None:
    entries = {WEIGHTS: Entry(0, ""), STATE: Entry(0, ""), "../../secret": Entry(0, "")}
    with pytest.raises(ValueError, match="no checkpoint has"):
        parse(render(Manifest(1, 1, entries)))
    with pytest.raises(ValueError, match="schema 2"):
        parse(render(Manifest(1, 1, {}, schema=2)))


class Payload:
    """Unpickling it makes a file: the proof of an execution."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.marker),)


def forge(path: Path, name: str, data: bytes) -> None:
    """Replace a file and make the manifest agree, as an attacker would."""
    (path / name).write_bytes(data)
    old = parse((path / MANIFEST).read_bytes())
    files = old.files | {name: Entry(len(data), hashlib.sha256(data).hexdigest())}
    (path / MANIFEST).write_bytes(render(Manifest(old.step, old.epoch, files)))


@pytest.mark.parametrize("name", [WEIGHTS, STATE, MANIFEST])
@pytest.mark.parametrize("form", ["zip", "legacy", "pickle"])
def test_nothing_in_a_checkpoint_is_executed(tmp_path: Path, name: str, form: str) -> None:
    save(tmp_path, 1, weights(), {})
    path = save(tmp_path, 2, weights(), {})
    marker, stream = tmp_path / "executed", io.BytesIO()
    if form == "pickle":
        pickle.dump({"a": Payload(marker)}, stream)
    else:
        torch.save({"a": Payload(marker)}, stream, _use_new_zipfile_serialization=form == "zip")
    if name == MANIFEST:
        (path / name).write_bytes(stream.getvalue())
    else:
        forge(path, name, stream.getvalue())
    with pytest.raises(RunError, match=f"step-00000002 cannot be used: {name}"):
        load(path)
    assert len(newest(tmp_path)[1]) == 1
    assert not marker.exists()


def test_hostile_weights_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path, 1, weights(), {})
    header = b'{"__metadata__":{"a":"missing"}}'
    for data in (b"", b"\xff" * 100, len(header).to_bytes(8, "little") + header):
        forge(path, WEIGHTS, data)
        with pytest.raises(RunError, match="no safetensors file"):
            load(path)
