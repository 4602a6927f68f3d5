"""The record: exact, rewindable, the same bytes with and without an interruption."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwise.errors import RunError
from gradwise.runs import Metrics, disk, read_rows
from gradwise.runs.metrics import Events

from .crash import Refuser

Numbers = st.one_of(st.floats(), st.integers(-(2**60), 2**60))
Rows = st.lists(st.dictionaries(st.text(max_size=5), Numbers, min_size=1, max_size=4), max_size=6)


def record(folder: Path) -> Metrics:
    return Metrics(folder / "m.jsonl", folder / "m.csv")


def test_rows_and_table(tmp_path: Path) -> None:
    metrics = record(tmp_path)
    metrics.append({"epoch": 1, "loss": 0.1 + 0.2})
    metrics.append({"epoch": 2, "loss": np.float64(1e-300)})
    assert (tmp_path / "m.jsonl").read_text() == (
        '{"epoch": 1, "loss": 0.30000000000000004}\n{"epoch": 2, "loss": 1e-300}\n'
    )
    assert (tmp_path / "m.csv").read_text() == "epoch,loss\n1,0.30000000000000004\n2,1e-300\n"
    metrics.append({"epoch": 3, "loss": math.inf, "accuracy, top 1": 0.5})
    assert (tmp_path / "m.csv").read_text().splitlines() == [
        'epoch,loss,"accuracy, top 1"',
        "1,0.30000000000000004,",
        "2,1e-300,",
        "3,inf,0.5",
    ]
    metrics.append({"epoch": 4})
    assert (tmp_path / "m.csv").read_text().splitlines()[-1] == "4,,"
    assert metrics.rows == read_rows(tmp_path / "m.jsonl")
    metrics.close()


@pytest.mark.parametrize("value", ["0.1", None, True, [1]])
def test_only_numbers(tmp_path: Path, value: Any) -> None:
    metrics = record(tmp_path)
    with pytest.raises(RunError, match="at least one number"):
        metrics.append({})
    with pytest.raises(RunError, match="the metric 'loss' must be a number"):
        metrics.append({"loss": value})
    assert metrics.position() == {"bytes": 0, "rows": 0}


@settings(max_examples=60, deadline=None)
@given(rows=Rows, cut=st.integers(0, 6), lost=Rows, torn=st.binary(max_size=30).filter(lambda data: b"\n" not in data))
def test_an_interrupted_run_leaves_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any], cut: int, lost: list[Any], torn: bytes
) -> None:
    """Rows after the checkpoint and a torn one at the end are forgotten, in both files."""
    straight, broken = tmp_path_factory.mktemp("straight"), tmp_path_factory.mktemp("broken")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "sync", lambda _: None)  # no power cut here, and hundreds of them take their time
        patch.setattr(disk, "sync_folder", lambda _: None)
        _interrupt(straight, broken, rows, cut, lost, torn)
    for name in ("m.jsonl", "m.csv"):
        assert (straight / name).read_bytes() == (broken / name).read_bytes()
    back = read_rows(broken / "m.jsonl")
    assert repr(back) == repr(rows)  # exactly: the sign of zero, whole numbers, NaN
    with (broken / "m.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == (len(rows) + 1 if rows else 0)


def _interrupt(straight: Path, broken: Path, rows: list[Any], cut: int, lost: list[Any], torn: bytes) -> None:
    metrics = record(straight)
    for row in rows:
        metrics.append(row)
    metrics.close()

    metrics = record(broken)
    for row in rows[:cut]:
        metrics.append(row)
    position = json.loads(json.dumps(metrics.position()))
    for row in lost:
        metrics.append(row)
    metrics.close()
    for name in ("m.jsonl", "m.csv"):
        with (broken / name).open("ab") as file:
            file.write(torn)
    metrics = record(broken)
    metrics.rewind(position)
    for row in rows[cut:]:
        metrics.append(row)
    metrics.close()


def test_rewind_refuses_another_record(tmp_path: Path) -> None:
    metrics = record(tmp_path)
    metrics.append({"a": 1})
    with pytest.raises(RunError, match=r"m\.jsonl is too short"):
        metrics.rewind({"bytes": 100, "rows": 1})
    with pytest.raises(RunError, match="is not the record"):
        metrics.rewind({"bytes": 5, "rows": 1})


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_bytes(b'{"a": 1}\n{"a": \n{"a": 3}\n')
    metrics = record(tmp_path)
    assert metrics.rows == [{"a": 1}]
    with pytest.raises(RunError, match=r"m\.jsonl is damaged in line 2"):
        metrics.rewind({"bytes": 24, "rows": 3})
    metrics.rewind({"bytes": 9, "rows": 1})  # the damage lies behind
    metrics.append({"a": 2})
    assert read_rows(tmp_path / "m.jsonl") == [{"a": 1}, {"a": 2}]
    (tmp_path / "m.jsonl").write_bytes(b"[1]\n")
    with pytest.raises(RunError, match="line 1"):
        read_rows(tmp_path / "m.jsonl")
    assert read_rows(tmp_path / "none") == []


def test_a_full_disk_leaves_whole_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = record(tmp_path)
    metrics.append({"a": 1})
    with monkeypatch.context() as patch:
        Refuser(patch, ("write",), 0)
        with pytest.raises(RunError, match="disk full"):
            metrics.append({"a": 2})
    metrics.append({"a": 3})
    assert read_rows(tmp_path / "m.jsonl") == [{"a": 1}, {"a": 3}]


def test_events_have_times_and_survive_a_torn_line(tmp_path: Path) -> None:
    events = Events(tmp_path / "e.jsonl")
    events.append("started", {"seed": 1, "path": tmp_path})
    events.close()
    with (tmp_path / "e.jsonl").open("ab") as file:
        file.write(b'{"time": "20')
    events = Events(tmp_path / "e.jsonl")
    events.append("resumed", {})
    events.close()
    lines = [json.loads(line) for line in (tmp_path / "e.jsonl").read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["started", "resumed"]
    assert lines[0]["path"] == str(tmp_path)
    assert lines[0]["time"] <= lines[1]["time"]
