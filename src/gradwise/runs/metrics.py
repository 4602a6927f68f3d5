"""The record of a run: one row per epoch, as JSON lines and as a table; and what happened when.

Rows hold no times, so that an interrupted and resumed run leaves the same bytes as one that was never interrupted.
Times belong to the events. `metrics.jsonl` is the truth; `metrics.csv` is made from it, for spreadsheets.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias, cast

from gradwise.errors import RunError
from gradwise.runs import files
from gradwise.runs.files import Appended, whole_lines

Row: TypeAlias = dict[str, float]  # or whole numbers, which stay whole


class Metrics:
    """The rows of one run: all of them are in `rows`.

    Floats come back exactly; NaN and infinity are written as Python's json writes them. Whoever resumes calls `rewind`
    first: until then, rows that a power cut damaged are merely left out, for they may lie behind the checkpoint.
    """

    def __init__(self, jsonl: Path, table: Path) -> None:
        self._jsonl, self._table = Appended(jsonl), table
        self.rows: list[Row] = []
        self._read(strict=False)

    def append(self, row: Mapping[str, float]) -> None:
        """Add a row. A column that is new is added to the table at its end."""
        if not row:
            raise RunError("a row of metrics must hold at least one number")
        for name, value in cast("Mapping[str, Any]", row).items():
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise RunError(f"the metric {name!r} must be a number, got {value!r}", fix=f"float({name}).")
        self._jsonl.append((json.dumps(dict(row)) + "\n").encode())
        self.rows.append(dict(row))
        if set(row) <= set(self._columns):
            with Appended(self._table) as table:
                table.append(_table([row], self._columns))
        else:
            self._rewrite_table()

    def position(self) -> dict[str, int]:
        """Where the record ends now: goes into a checkpoint's state. What it counts on is on the disk then."""
        self._jsonl.flush(fsync=True)
        return {"bytes": self._jsonl.size, "rows": len(self.rows)}

    def rewind(self, position: Mapping[str, int]) -> None:
        """Cut off what was written after `position`. RunError where the record is shorter or is another one."""
        self._jsonl.truncate(position["bytes"])
        self._read(strict=True)
        if (self._jsonl.size, len(self.rows)) != (position["bytes"], position["rows"]):
            raise RunError(
                f"{self._jsonl.path.name} is not the record that the checkpoint was saved with",
                where=str(self._jsonl.path),
                why=f"it has {len(self.rows)} whole rows where the checkpoint recorded {position['rows']}.",
                fix="restore the file, or start a new run.",
            )

    def close(self) -> None:
        """Let go of the file."""
        self._jsonl.close()

    def _read(self, strict: bool) -> None:
        data = self._jsonl.read()
        self._jsonl.truncate(whole_lines(data))
        self.rows = _parse(data[: self._jsonl.size], self._jsonl.path, strict)
        self._rewrite_table()

    def _rewrite_table(self) -> None:
        """Make the table anew: a row that has a new column changes the header, a rewind the rows."""
        self._columns = list(dict.fromkeys(name for row in self.rows for name in row))
        header = _table([dict(zip(self._columns, self._columns, strict=True))], self._columns) if self.rows else b""
        files.write_atomic(self._table, header + _table(self.rows, self._columns))


def read_rows(path: Path) -> list[Row]:
    """The rows of a `metrics.jsonl`, also of a run that is going on: a torn last line is left out."""
    data = path.read_bytes() if path.exists() else b""
    return _parse(data[: whole_lines(data)], path)


def _parse(data: bytes, path: Path, strict: bool = True) -> list[Row]:
    rows: list[Row] = []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("no object")
            rows.append(cast("Row", row))
        except (ValueError, RecursionError) as error:
            if not strict:
                break
            raise RunError(
                f"{path.name} is damaged in line {number}",
                where=f"{path}:{number}",
                fix="restore the file, or start a new run.",
            ) from error
    return rows


def _table(rows: Iterable[Mapping[str, Any]], columns: list[str]) -> bytes:
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n")
    for row in rows:
        write.writerow([_cell(row.get(name, "")) for name in columns])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    return float.__repr__(value) if isinstance(value, float) else str(value)  # NumPy's own repr says np.float64(...)


class Events:
    """What happened when: a line each, never rewound; a torn last line of a process that died is cut off."""

    def __init__(self, path: Path) -> None:
        self._lines = Appended(path)
        self._lines.truncate(whole_lines(self._lines.read()))

    def append(self, kind: str, fields: Mapping[str, Any]) -> None:
        """Add an event with the time of now, in UTC. What JSON does not know is written as its text."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "kind": kind, **fields}
        self._lines.append((json.dumps(line, default=str) + "\n").encode())

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()
