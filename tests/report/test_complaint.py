"""What is wrong, on standard error."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gradwise
from gradwise.report.complaint import complain


def test_five_lines_at_most(capsys: pytest.CaptureFixture[str]) -> None:
    complain("Error", "\n".join(["what", *(f"  line{number}: text" for number in range(9))]))
    err = capsys.readouterr().err
    assert err.startswith("Error: what\n  line0: text\n")
    assert len(err.splitlines()) == 5


def test_red_where_somebody_looks_on(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    complain("Error", "Recipe.epochs must be above 0, got [red]-1.\n  fix:   " + "do something else " * 8)
    err = capsys.readouterr().err
    assert err.startswith("\x1b[1;31mError:\x1b[0m Recipe.epochs must be above 0, got [red]-1.\n")
    assert "\n         " in err  # the fix hangs below its beginning


def test_nothing_but_the_command_line_imports_this_folder() -> None:
    root = Path(gradwise.__file__).parent
    for path in root.rglob("*.py"):
        if path.name == "__main__.py" or path.parent.name in ("cli", "report"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(name.startswith(("gradwise.report", "gradwise.cli")) for name in names), path
