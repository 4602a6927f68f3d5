from __future__ import annotations

from pathlib import Path

import pytest

from gradwise.kernels import build

LOAD = build._load.__wrapped__  # without what it remembers
needs_compiler = pytest.mark.skipif(build.library() is None, reason=build.status())


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_every_kernel_that_is_called_is_in_the_source() -> None:
    text = build.SOURCE.read_text()
    assert [name for name in build.SIGNATURES if f" {name}(" not in text] == []


def test_the_processor_is_described() -> None:
    assert build.processor()
    assert build.processor() == build.processor()


def test_they_can_be_switched_off(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADWISE_KERNELS", "0")
    assert LOAD() == (None, "torch (GRADWISE_KERNELS=0)")
    assert files(cache) == []


def test_without_a_compiler_torch_s_operations_are_taken(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", "")
    assert LOAD() == (None, "torch (no C compiler found)")


def test_a_compiler_that_fails_is_told_and_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "/bin/false")
    loaded, line = LOAD()
    assert loaded is None
    assert line.startswith("torch (/bin/false could not compile them")
    assert files(cache) == []


@needs_compiler
def test_they_are_compiled_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, line = LOAD()
    assert loaded is not None
    assert line.startswith("C, compiled")
    assert len(files(cache)) == 1
    monkeypatch.setattr(build, "_compile", None)  # whoever calls it now fails
    assert LOAD()[0] is not None


@needs_compiler
def test_a_broken_file_is_told(cache: Path) -> None:
    compiler = build.os.environ.get("CC") or build.shutil.which("cc") or build.shutil.which("gcc")
    path = build._cached(compiler or "")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"cut short")
    loaded, line = LOAD()
    assert loaded is None
    assert line.startswith("torch (the compiled kernels do not load")
