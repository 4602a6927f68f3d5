from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def real_data() -> Path:
    """The folder of published sets; they are not fetched by tests."""
    named = os.environ.get("GRADWISE_DATA", "")
    if not named or not Path(named).is_dir():
        pytest.skip("GRADWISE_DATA names no folder of published sets")
    return Path(named)


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any set: an empty working folder, no GRADWISE_DATA, a cache of its own."""
    monkeypatch.delenv("GRADWISE_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path
