"""A run that is killed, at whatever instant and however often, ends as if it had not been. More: benchmarks/kill.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks a process that has imported torch")
COMMAND = Path(__file__).resolve().parents[2] / "benchmarks" / "kill.py"


def run(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    """In a process of its own: it forks, which one that has used torch's threads must not."""
    out = tmp_path / "found.json"
    places = ["--root", str(tmp_path / "runs"), "--json", str(out), "--quiet"]
    done = subprocess.run(
        [sys.executable, str(COMMAND), *arguments, *places], capture_output=True, text=True, timeout=300
    )
    assert out.exists(), done.stdout + done.stderr
    found = json.loads(out.read_text())
    assert found.pop("perfect"), done.stdout
    return found


def test_killed_at_random(tmp_path: Path) -> None:
    found = run(tmp_path, "--kills", "10")["kills"]
    assert found["kills"] == 10
    assert found["identical"] == found["runs"]
    assert found["steps_lost"] == found["unreadable"] == found["processes_left"] == 0


def test_killed_after_every_save(tmp_path: Path) -> None:
    """Also at an epoch's end, between the save of its last step and its evaluation."""
    found = run(tmp_path, "--saves", "--only", "ends")["saves of ends"]
    assert found["identical"] == found["runs"] == found["kills"] == 6


def test_damaged_checkpoints(tmp_path: Path) -> None:
    found = run(tmp_path, "--flips", "200", "--resumes", "3", "--only", "ends", "--only", "workers")["flips"]
    assert found["detected"] == found["damages"] == 200
    assert found["identical"] == found["resumes"] == 3
