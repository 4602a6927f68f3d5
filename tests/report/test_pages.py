from __future__ import annotations

from pathlib import Path

import pytest

from gradwise.cards import cards
from gradwise.cli import main
from gradwise.report.pages import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "techniques.md"


def test_every_card_is_there_with_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["techniques", "--markdown"]) == 0
    text = capsys.readouterr().out
    assert text == page()
    assert all(f"\n### {name}\n" in text for name in cards())
    assert all(f"(#{name.lower()})" in text for name in cards())
    assert "`max_norm`: must be given" in text
    assert max(map(len, text.splitlines())) < 400  # a list of links cannot be broken everywhere


def test_the_page_in_docs_is_made_from_what_is_there() -> None:
    fresh = PAGE.read_text(encoding="utf-8") == page()
    assert fresh, "gradwise techniques --markdown > docs/techniques.md"
