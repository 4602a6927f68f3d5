"""Make the README's picture: train `digits` as the command does, and keep what the terminal showed.

.venv/bin/python docs/picture.py
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console

from gradwise.recipefile import load
from gradwise.report.terminal import Terminal
from gradwise.training import Training

PICTURE = Path(__file__).with_name("digits.svg")


def main() -> None:
    console = Console(record=True, width=96, file=io.StringIO(), force_terminal=True, force_interactive=False)
    with Terminal(console, again="gradwise train digits seed=1") as terminal:
        for event in Training(load("digits", ["epochs=12"])).events():
            terminal.show(event)
    drawn = console.export_svg(title="gradwise train digits epochs=12")
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)  # the reader's own fonts: nothing is fetched
    PICTURE.write_text(drawn.replace("Fira Code, monospace", "monospace") + "\n")


if __name__ == "__main__":
    main()
