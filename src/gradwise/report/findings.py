"""The doctor's findings on the terminal: each in at most six lines, nothing in a line that 80 columns do not hold."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from gradwise.report.figures import count
from gradwise.report.terminal import make_console

if TYPE_CHECKING:
    from gradwise.diagnose.finding import Finding
    from gradwise.doctor.verdict import Verdict
    from gradwise.watch.facts import Crash, Facts

MOST_LINES = 6
MOST_FINDINGS = 8
_COLOURS = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
_BY_HAND = (
    "a loop without torch can be looked at too, where it says what it does:",
    "  trace = gradwise.Trace()",
    "  trace.log(weights=..., gradients=..., updates=..., loss=...)  # in the loop",
    "  print(gradwise.diagnose(trace))  # after it",
)


def show(verdict: Verdict, file: IO[str] | None = None) -> None:
    """Print all that was found, by default on standard error: the program's output stays its own."""
    console = make_console(file=file) if file is not None else make_console(stderr=True)
    page = _Page(console)
    verdict = replace(verdict, program=_short(verdict.program))
    facts = verdict.facts
    if facts is None:
        _unwatched(verdict, page)
        return
    if verdict.findings:
        _found(verdict, facts, page)
    elif facts.crash is not None and not facts.crash.says:
        page.say("gradwise", f"{facts.crash.kind} after {count(verdict.steps, 'step')}; its training explains nothing.")
    elif facts.crash is None and not verdict.steps:
        page.say("gradwise", f"{verdict.program} trained nothing that could be seen: no step was taken.")
        page.rest("another process or thread, or a library other than torch, is not watched.", "dim")
    elif facts.crash is None:
        page.say("gradwise", _healthy(verdict, facts, page.width - len("gradwise: ")))
    if facts.crash is not None and facts.crash.says and all(f.code != facts.crash.code for f in verdict.findings):
        _crash(facts.crash, page)
    _footnotes(verdict, page)


class _Page:
    """Lines of at most the console's width, wrapped here: rich would wrap the parts of a line each for itself."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = min(console.width, 100)

    def line(self, *parts: str | tuple[str, str]) -> None:
        self.console.print(Text.assemble(*parts), no_wrap=True, overflow="ignore", crop=False)

    def say(self, title: str, text: str, style: str = "bold") -> None:
        """`title: text`, in as many lines as it takes."""
        first, *rest = textwrap.wrap(f"{title}: {text}", self.width, subsequent_indent="  ") or [""]
        self.line((first[: len(title) + 1], style), first[len(title) + 1 :])
        for line in rest:
            self.line(line)

    def rest(self, text: str, style: str = "") -> None:
        """One line, cut where it is too long."""
        self.line((_cut(f"  {text}", self.width), style))

    def paragraph(self, text: str, lines: int, label: str = "") -> int:
        """A text below a finding, in so many lines at most; how many it took."""
        first, hanging = f"  {label}", "  " + " " * len(label)
        wrapped = textwrap.wrap(
            " ".join(text.split()),
            self.width,
            initial_indent=first,
            subsequent_indent=hanging,
            max_lines=lines,
            placeholder=" ...",
            break_on_hyphens=False,
        )
        for i, line in enumerate(wrapped):
            head = len(first) if i == 0 else 0
            self.line((line[:head], "green"), line[head:])
        return len(wrapped)


def _found(verdict: Verdict, facts: Facts, page: _Page) -> None:
    causes = sum(not finding.consequence_of for finding in verdict.findings)
    following = len(verdict.findings) - causes
    more = f", and {count(following, 'consequence')}" if following else ""
    page.say("gradwise", f"{verdict.program}, {count(verdict.steps, 'step')}: {count(causes, 'problem')}{more}")
    for finding in verdict.findings[:MOST_FINDINGS]:
        page.line("")
        _finding(finding, page)
    page.line("")
    if len(verdict.findings) > MOST_FINDINGS:
        page.rest(f"and {len(verdict.findings) - MOST_FINDINGS} more; --json FILE writes all of them.", "dim")
    page.rest(f"gradwise problems {verdict.findings[0].code} explains it.", "dim")


def _finding(finding: Finding, page: _Page) -> None:
    _heading(finding, page)
    left = MOST_LINES - 1
    if finding.consequence_of:
        left -= page.paragraph(f"{finding.consequence_of}, which is to be cured first", 1, "follows from ")
    fixes = [" ".join(f"{remedy.change}: {remedy.why}".rstrip(": ").split()) for remedy in finding.remedies[:1]]
    room = page.width - len("  fix: ")
    kept = min(2, len(textwrap.wrap(fixes[0], room))) if fixes and not finding.consequence_of else 0
    page.paragraph(_says(finding), left - kept)
    if kept:
        page.paragraph(fixes[0], kept, "fix: ")


def _heading(finding: Finding, page: _Page) -> None:
    """Severity and code, file:line, layers, steps, certainty; where that is too long, fewer layers, then no steps."""
    steps = "" if finding.steps == (0, 0) else _steps(*finding.steps)
    sure = f"{finding.certainty:.0%} sure"
    source = " and ".join(finding.source[:2])
    fixed = f"{finding.severity}  {finding.code}"
    tried = [
        (source, _places(finding.where, shown), times)
        for times in (f"{steps}, {sure}" if steps else sure, sure)
        for shown in (3, 2, 1)
    ]
    one = finding.source[0] if finding.source else ""
    tried += [(source, "", sure), (one, "", sure), (_end(one), _places(finding.where, 1), sure), (_end(one), "", sure)]
    short = next((t for t in tried if len("  ".join((fixed, *filter(None, t)))) <= page.width), tried[-1])
    source, where, times = short
    parts: list[str | tuple[str, str]] = [(finding.severity, _COLOURS[finding.severity]), ("  " + finding.code, "bold")]
    parts += [("  " + source, "cyan")] if source else []
    parts += ["  " + where] if where else []
    page.line(*parts, ("  " + times, "dim"))


def _steps(first: int, last: int) -> str:
    return f"step {first:,}" if first == last else f"steps {first:,}-{last:,}"


def _places(where: Sequence[str], shown: int) -> str:
    if not where:
        return ""
    rest = len(where) - shown
    return "in " + ", ".join(where[:shown]) + (f" and {rest} more" if rest > 0 else "")


def _says(finding: Finding) -> str:
    """What it says; where that names no figure, the evidence behind it."""
    if any(character.isdigit() for character in finding.says):
        return finding.says
    figures = [f"{name.replace('_', ' ')} {_figure(value)}" for name, value in finding.evidence.items()]
    return f"{finding.says} ({', '.join(figures[:4])})" if figures else finding.says


def _figure(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)[:24]


def _crash(crash: Crash, page: _Page) -> None:
    name = crash.code or crash.kind
    source = crash.source if len(f"error  {name}  {crash.source}") <= page.width else _end(crash.source)
    page.line(("error", _COLOURS["error"]), (f"  {name}", "bold"), (f"  {source}", "cyan"))
    page.paragraph(crash.says, 3)
    if crash.fix:
        page.paragraph(crash.fix, 2, "fix: ")


def _healthy(verdict: Verdict, facts: Facts, width: int) -> str:
    """One line that says what was looked at, with as much of it as the line holds."""
    from gradwise.diagnose.codes import CODES

    checked = len(CODES.keys() - verdict.not_checked.keys())
    network = max(facts.networks, key=lambda network: network.parameters, default=None)
    losses = [loss.name for loss in facts.losses if loss.training and loss.name]
    seen = [
        count(verdict.steps, "step"),
        " and ".join(dict.fromkeys(optimizer.kind for optimizer in facts.optimizers)),
        losses[0] if losses else "",
        count(len(network.layers), "layer") if network is not None and network.layers else "",
        count(facts.looks, "look") if facts.looks else "",
    ]
    seen = [part for part in seen if part]
    if len(verdict.program) > 24:
        verdict = replace(verdict, program=_end(verdict.program))
    while True:
        text = f"no problem in {verdict.program}: looked for {checked} kinds, {', '.join(seen)}"
        if len(text) <= width or len(seen) == 1:
            return text
        seen.pop()


def _footnotes(verdict: Verdict, page: _Page) -> None:
    if verdict.stopped:
        page.rest(f"{verdict.stopped}; the program itself had not ended.", "yellow")
    if verdict.not_checked:
        page.rest(_not_checked(verdict.not_checked, page.width - 2), "dim")


def _not_checked(not_checked: dict[str, str], width: int) -> str:
    """One line: the reasons if they fit, else as many codes as do."""
    reasons: dict[str, list[str]] = {}
    for code, why in not_checked.items():
        reasons.setdefault(" ".join(why.split()), []).append(code)
    text = "not checked: " + "; ".join(f"{', '.join(codes)} ({why})" for why, codes in reasons.items())
    if len(text) <= width or len(not_checked) == 1:
        return text
    shown = len(not_checked)
    while True:
        more = f" and {len(not_checked) - shown} more" if shown < len(not_checked) else ""
        text = "not checked: " + ", ".join(list(not_checked)[:shown]) + more + " (reasons: --json)"
        if len(text) <= width or shown == 1:
            return text
        shown -= 1


def _unwatched(verdict: Verdict, page: _Page) -> None:
    why = verdict.not_checked["all"]
    page.say("gradwise", f"{verdict.program} was not looked at: {why}.")
    if "never imported torch" in why and verdict.exit == 0:
        for line in _BY_HAND:
            page.rest(line)
    _footnotes(replace(verdict, not_checked={k: v for k, v in verdict.not_checked.items() if k != "all"}), page)


def _short(program: str) -> str:
    """A long path by its end alone."""
    return program if len(program) <= 40 or program.startswith("-m ") else _end(program)


def _end(path: str) -> str:
    return f".../{path.rpartition('/')[2]}" if "/" in path else path


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 4].rstrip(" ,;") + " ..."
