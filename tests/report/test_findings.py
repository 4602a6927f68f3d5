"""The doctor's findings as they are printed."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from gradwise.diagnose import Finding, Remedy
from gradwise.diagnose.codes import CODES
from gradwise.doctor.verdict import Verdict
from gradwise.report.findings import MOST_FINDINGS, MOST_LINES, show
from gradwise.watch.facts import Crash, Facts, Layer, Loss, Network, Optimizer

RATE = Finding(
    "learning-rate-too-high",
    "error",
    0.93,
    "Each step changes the weights by 31 % of their size, and the loss has risen from 2.30 to 8.71.",
    (Remedy("", "lr=0.01 instead of 1.0", "a tenth of it lowered the loss"), Remedy("ClipNorm", "second", "")),
    ("fc1.weight", "fc2.weight", "fc3.weight"),
    ("train.py:31",),
    (1, 412),
)
DEAD = Finding(
    "dead-units", "warning", 0.8, "94 % of fc2 is off.", (Remedy("He", "other", ""),), consequence_of=RATE.code
)
SPARE = Finding("class-imbalance", "note", 0.55, "One class dominates.", (), evidence={"share": 0.93123, "classes": 4})
FACTS = Facts(
    steps=412,
    looks=30,
    networks=[Network("MLP", layers=[Layer("a", "Linear")] * 3, parameters=3)],
    optimizers=[Optimizer("Adam", "train.py:3")],
    losses=[Loss("cross_entropy", "train.py:9")],
)
HEALTHY = Verdict("train.py", 0, 412, 0.03, facts=FACTS)


def shown(verdict: Verdict) -> str:
    file = io.StringIO()
    show(verdict, file)
    return file.getvalue()


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


def test_a_finding_a_consequence_and_a_note() -> None:
    assert shown(replace(HEALTHY, findings=[RATE, DEAD, SPARE])) == (
        "gradwise: train.py, 412 steps: 2 problems, and 1 consequence\n"
        "\n"
        "error  learning-rate-too-high  train.py:31  in fc1.weight and 2 more  93% sure\n"
        "  Each step changes the weights by 31 % of their size, and the loss has risen\n"
        "  from 2.30 to 8.71.\n"
        "  fix: lr=0.01 instead of 1.0: a tenth of it lowered the loss\n"
        "\n"
        "warning  dead-units  80% sure\n"
        "  follows from learning-rate-too-high, which is to be cured first\n"
        "  94 % of fc2 is off.\n"
        "\n"
        "note  class-imbalance  55% sure\n"
        "  One class dominates. (share 0.931, classes 4)\n"
        "\n"
        "  gradwise problems learning-rate-too-high explains it.\n"
    )


@pytest.mark.parametrize("width", [60, 80, 200])
def test_six_lines_at_most_and_none_too_long(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    wordy = replace(RATE, says="word 1 " * 200, remedies=(Remedy("", "change " * 50, "why " * 50),))
    for finding in (wordy, replace(wordy, consequence_of="non-finite")):
        lines = shown(replace(HEALTHY, findings=[finding])).split("\n\n")[1].splitlines()
        assert len(lines) == MOST_LINES
        assert all(len(line) <= min(width, 100) for line in lines)
        assert any(line.endswith("...") for line in lines)


def test_short_steps_and_places_are_all_there() -> None:
    small = replace(RATE, code="dead-units", where=("fc1", "fc2"), steps=(7, 7))
    assert "error  dead-units  train.py:31  in fc1, fc2  step 7, 93% sure\n" in shown(
        replace(HEALTHY, findings=[small])
    )


def test_a_long_path_is_told_by_its_end() -> None:
    far = "projects/pictures/experiments/second/attempt/train.py:31"
    text = shown(replace(HEALTHY, findings=[replace(RATE, code="dead-units", source=(far,))]))
    assert "error  dead-units  .../train.py:31  in fc1.weight and 2 more  93% sure\n" in text
    crash = Crash("IndexError", "", far, "label-out-of-range", "A label is 10.")
    text = shown(replace(HEALTHY, exit=1, facts=replace(FACTS, crash=crash)))
    assert text == "error  label-out-of-range  .../train.py:31\n  A label is 10.\n"


def test_the_rest_of_many_is_counted() -> None:
    text = shown(replace(HEALTHY, findings=[RATE] * (MOST_FINDINGS + 2)))
    assert text.count("93% sure") == MOST_FINDINGS
    assert "and 2 more; --json FILE" in text


def test_a_healthy_program_gets_one_line() -> None:
    text = shown(HEALTHY)
    assert text.startswith("gradwise: no problem in train.py: looked for ")
    assert "412 steps, Adam" in text
    assert len(text.splitlines()) == 1
    assert len(text) <= 81


def test_what_was_not_checked_is_one_line() -> None:
    one = shown(replace(HEALTHY, not_checked={"torch.compile": "compiled before"}))
    assert one.splitlines()[1:] == ["  not checked: torch.compile (compiled before)"]
    many = shown(replace(HEALTHY, not_checked=dict.fromkeys(("graph-leak", "plateau"), "a long reason " * 9)))
    assert many.splitlines()[1:] == ["  not checked: graph-leak, plateau (reasons: --json)"]


def test_of_many_codes_not_checked_the_rest_is_counted() -> None:
    line = shown(replace(HEALTHY, not_checked=dict.fromkeys(CODES, "no step was taken"))).splitlines()[1]
    told, _, rest = line.removeprefix("  not checked: ").partition(" and ")
    assert len(line) <= 80
    assert all(code in CODES for code in told.split(", "))
    assert rest == f"{len(CODES) - len(told.split(', '))} more (reasons: --json)"


def test_stopped_is_said() -> None:
    text = shown(replace(HEALTHY, stopped="stopped at step 412"))
    assert "  stopped at step 412; the program itself had not ended.\n" in text


def test_a_crash_is_explained_once() -> None:
    crash = Crash(
        "IndexError", "out of bounds", "train.py:31", "label-out-of-range", "A label is 10.", "Linear(64, 11)"
    )
    verdict = replace(HEALTHY, exit=1, facts=replace(FACTS, crash=crash))
    assert shown(verdict) == "error  label-out-of-range  train.py:31\n  A label is 10.\n  fix: Linear(64, 11)\n"
    named = replace(verdict, findings=[replace(RATE, code="label-out-of-range")])
    assert "A label is 10." not in shown(named)
    verdict = replace(HEALTHY, exit=1, steps=2, facts=replace(FACTS, crash=Crash("KeyError", "'a'", "train.py:3")))
    assert shown(verdict) == "gradwise: KeyError after 2 steps; its training explains nothing.\n"


def test_a_program_that_trains_nothing() -> None:
    text = shown(Verdict("train.py", 0, 0, facts=Facts()))
    assert "trained nothing that could be seen" in text
    text = shown(Verdict("train.py", 0, not_checked={"all": "the program never imported torch"}))
    assert "trace.log(" in text
    assert len(text.splitlines()) <= 5
    assert all(len(line) <= 80 for line in text.splitlines())


def test_colour_where_somebody_looks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    text = shown(replace(HEALTHY, findings=[RATE]))
    assert "\x1b[1;31merror\x1b[0m\x1b[1m  learning-rate-too-high\x1b[0m\x1b[36m  train.py:31\x1b[0m" in text
