"""Draw the pictures of docs/vanishing-gradient.md and rewrite its tables, from the rows that deep.py has kept.

    pip install -r benchmarks/requirements.txt    # for matplotlib
    python benchmarks/deep_page.py

Of the page only what stands between "<!-- begin NAME -->" and "<!-- end NAME -->" is rewritten.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from deep_cases import ACTIVATIONS, DEPTHS, RANGE, TECHNIQUES
from deep_rows import FILE, LEARNS, Judged, Row, claim, judge, reach, read

PAGE = FILE.with_suffix(".md")
NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}
FULL = 30  # layers up to which a technique is to treat it for its claim to be true
GUESSES = 0.15  # accuracy of what has learnt nothing, at most
LEVELS = (
    ("it learns (80 % or more)", LEARNS, 1.01),
    ("it learns a little", GUESSES, LEARNS),
    ("it guesses (15 % or less)", 0.0, GUESSES),
)
MARKS = {"treats": "**", "eases": "", "no": "", "worse": "", "learns anyway": ""}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, default=FILE)
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--png", type=Path, help="a folder for the pictures as PNG too, to look at")
    given = parser.parse_args()
    found = judge(read(given.rows))
    blocks: dict[str, Callable[[Sequence[Judged]], str]] = {
        "claims": claims,
        "plain": depths_table,
        "figures": figures,
        "doctor": doctor,
    }
    text = given.page.read_text(encoding="utf-8")
    for name, block in blocks.items():
        text = replaced(text, name, block(found))
    given.page.write_text(text, encoding="utf-8")
    from deep_pictures import draw  # needs matplotlib

    draw(found, given.page.parent, given.png)


def replaced(page: str, name: str, block: str) -> str:
    """The page with another block. Raises ValueError where it has no such block."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    changed, times = re.subn(f"{begin}.*?{end}", lambda _: f"{begin}\n{block}\n{end}", page, flags=re.DOTALL)
    if times != 1:
        raise ValueError(f"the page has {times} blocks {name}")
    return changed


# Tables.


def claims(found: Sequence[Judged]) -> str:
    """Each technique: how deep it treats, by activation, and whether the claim is true."""
    lines = ["| Technique | sigmoid | tanh | ReLU | Does it treat the vanishing gradient? |", "|---|---|---|---|---|"]
    group = ""
    for technique in TECHNIQUES[1:]:
        if not any(j.row.technique == technique.name for j in found):
            continue
        if technique.group != group:
            group = technique.group
            lines.append(f"| **{group}** | | | | |")
        cells = [reached(technique.name, activation, found) for activation in ACTIVATIONS]
        lines.append(f"| {technique.title} | {' | '.join(cells)} | {claim(technique.name, found, FULL)} |")
    return "\n".join(lines)


def reached(technique: str, activation: str, found: Sequence[Judged]) -> str:
    """ "30": the deepest network that it made learn; "(10)": better, and far from learning; "?": that is unclear."""
    here = [j for j in found if (j.row.technique, j.row.activation) == (technique, activation)]
    if not here:
        return ""
    deepest = reach(technique, activation, found)
    if deepest:
        return f"**{deepest}**"
    eased = [j.row.depth for j in here if j.word == "eases"]
    return f"({max(eased)})" if eased else "?" if any(j.unclear for j in here) else "–"


def depths_table(found: Sequence[Judged]) -> str:
    """The plain networks, depth by depth."""
    lines = [
        "| Hidden layers | " + " | ".join(f"{NAMES[a]}: accuracy | gradient left" for a in ACTIVATIONS) + " |",
        "|---:|" + "---:|" * 6,
    ]
    rows = {(j.row.activation, j.row.depth): j.row for j in found if j.row.technique == "plain"}
    for depth in RANGE:
        known = [rows.get((activation, depth)) for activation in ACTIVATIONS]
        cells = [f"{100 * row.mean:.1f} % | {left(row)}" if row else " | " for row in known]
        if any(known):
            lines.append(f"| {depth} | {' | '.join(cells)} |")
    return "\n".join(lines)


def left(row: Row) -> str:
    return f"{row.share:.0e}" if row.share == row.share else "–"


def figures(found: Sequence[Judged]) -> str:
    """Everything that was measured: accuracy, gain and interval."""
    parts: list[str] = []
    for activation in ACTIVATIONS:
        here = {(j.row.technique, j.row.depth): j for j in found if j.row.activation == activation}
        lines = [
            f"<details><summary>{NAMES[activation]}</summary>\n",
            "| Technique | " + " | ".join(f"{depth} layers" for depth in DEPTHS) + " |",
            "|---|" + "---|" * len(DEPTHS),
        ]
        for technique in TECHNIQUES:
            cells = [cell(here.get((technique.name, depth))) for depth in DEPTHS]
            if any(cells):
                lines.append(f"| {technique.title} | {' | '.join(cells)} |")
        parts.append("\n".join([*lines, "\n</details>"]))
    return "\n\n".join(parts)


def cell(judged: Judged | None) -> str:
    """Accuracy; the gain in points with its interval; rate; what is left of the gradient. Bold where it treats."""
    if judged is None:
        return ""
    row, gain = judged.row, judged.gain
    failed = sum(value is None for value in row.accuracy)
    text = f"{100 * row.mean:.1f} %"
    if gain is not None:
        text += f", {100 * gain.mean:+.1f} [{100 * gain.low:+.1f}, {100 * gain.high:+.1f}]"
    mark = MARKS.get(judged.word, "")
    failures = f"; {failed} of {len(row.accuracy)} NaN" if failed else ""
    return f"{mark}{text}{mark}; lr {row.rate:g}; left {left(row)}{failures}"


def doctor(found: Sequence[Judged]) -> str:
    """In how many seeds of the plain networks it names the vanishing gradient; then the same of all watched runs."""
    rows = [j.row for j in found]
    plain = {(row.activation, row.depth): row for row in rows if row.technique == "plain"}
    lines = ["| Hidden layers | " + " | ".join(NAMES[a] for a in ACTIVATIONS) + " |", "|---:|---:|---:|---:|"]
    for depth in RANGE:
        known = [plain.get((activation, depth)) for activation in ACTIVATIONS]
        cells = [f"{row.named('vanishing-gradient')} of {len(row.found)}" if row else "" for row in known]
        if any(known):
            lines.append(f"| {depth} | {' | '.join(cells)} |")
    lines += ["", "| Of all watched runs | number | `vanishing-gradient` | something else | nothing |"]
    lines += ["|---|---:|---:|---:|---:|", *(counted(head, runs_of(rows, low, high)) for head, low, high in LEVELS)]
    return "\n".join(lines)


def runs_of(rows: Sequence[Row], low: float, high: float) -> list[list[str]]:
    """What was found in each watched run whose accuracy lies between the two."""
    return [
        codes
        for row in rows
        for codes, value in zip(row.found, row.accuracy, strict=False)
        if low <= (value or 0) < high
    ]


def counted(head: str, runs: Sequence[Sequence[str]]) -> str:
    named = sum(any(code.startswith("vanishing-gradient:") for code in codes) for codes in runs)
    nothing = sum(not codes for codes in runs)
    return f"| {head} | {len(runs)} | {named} | {len(runs) - named - nothing} | {nothing} |"


if __name__ == "__main__":
    main()
