"""What a terminal shows, and a pipe, from the same events."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.console import Console

from gradwise.events import EpochEnded, Event, Finished, Note, Progress, Started
from gradwise.report.terminal import Terminal, make_console

CHOICES = ("device: cpu (1 threads; no GPU found)", "back-propagation: " + "written out for this stack " * 4)


def started(run: Path | None = None, resumed_at: int = 0) -> Started:
    return Started("digits", 0, run, 6570, {"train": 1257, "valid": 270}, 3, 39, CHOICES, resumed_at)


def epoch(number: int, loss: float, accuracy: float, best: bool) -> EpochEnded:
    row = {"train_loss": loss / 2, "valid_loss": loss, "valid_accuracy": accuracy, "lr": 0.001 / number}
    return EpochEnded(number, 3, 39 * number, row, best, 0.25)


def finished(run: Path | None = None, code: int = 0, reason: str = "finished") -> Finished:
    return Finished(reason, code, 3, 117, 3.04, "valid_accuracy", 0.9, 2, {"test_accuracy": 0.875}, run)


def events(run: Path | None = None) -> list[Event]:
    return [
        started(run),
        Note("a checkpoint was broken"),
        Progress(1, 20, 39),
        epoch(1, 1.5, 0.8, True),
        epoch(2, 0.5, 0.9, True),
        Progress(3, 10, 39),
        epoch(3, 0.6, 0.85, False),
        finished(run),
    ]


def shown(console: Console, told: Iterable[Event], again: str = "gradwise train digits seed=1") -> str:
    with Terminal(console, again) as terminal:
        for event in told:
            terminal.show(event)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def tty(**settings: object) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=80, highlight=False, record=True, **settings)  # pyright: ignore[reportArgumentType]


class TestTerminal:
    def test_the_table(self) -> None:
        console = tty(force_interactive=False)
        shown(console, events())
        lines = console.export_text().splitlines()
        assert all(len(line) <= 80 for line in lines)
        header = next(number for number, line in enumerate(lines) if line.startswith("epoch  train_loss"))
        assert lines[header : header + 4] == [
            "epoch  train_loss  valid_loss  valid_accuracy        lr   seconds",
            "  1/3      0.7500      1.5000          80.00%     0.001      0.25 *",
            "  2/3      0.2500      0.5000          90.00%    0.0005      0.25 *",
            "  3/3      0.3000      0.6000          85.00%  0.000333      0.25",
        ]
        assert lines[header + 4 :] == [
            "",
            "finished          3 epochs, 117 steps in 3.0 s",
            "best              valid_accuracy 90.00% in epoch 2",
            "test              test_accuracy 87.50%",
            "next              gradwise train digits seed=1",
        ]

    def test_the_header(self) -> None:
        console = tty(force_interactive=False)
        shown(console, events()[:1])
        lines = console.export_text().splitlines()
        assert lines[0].rstrip() == "recipe            digits, seed 0"
        assert lines[1].rstrip() == "network           6,570 parameters"
        assert lines[-1].startswith(" " * 18 + "out for this stack")  # hangs below its beginning

    def test_the_best_is_coloured_and_the_rest_is_not(self) -> None:
        console = tty(color_system="standard", legacy_windows=False)
        text = shown(console, events())
        green = "\x1b[32m"
        rows = {row[:3]: row for row in re.findall(r"\d/3  .*", text) if "." in row}
        assert rows["2/3"].count(green) == 3
        assert green not in rows["3/3"]

    def test_the_live_line_moves_and_is_taken_away(self) -> None:
        console = tty()
        text = shown(console, events())
        assert "step 20/39" in text
        assert "left" in text
        assert text.rstrip().splitlines()[-1].startswith("\x1b[2mnext")

    def test_no_colour_where_none_is_wanted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        console = make_console(file=io.StringIO(), force_terminal=True, color_system="standard")
        assert not re.search(r"\x1b\[[0-9;]*3\d", shown(console, events()))

    def test_a_forced_colour_in_a_pipe_draws_nothing_twice(self) -> None:
        console = make_console(file=io.StringIO(), force_terminal=True)
        text = shown(console, events())
        assert "\x1b[" in text
        assert "step 20/39" not in text
        assert "getting ready" not in text


class TestPipe:
    def test_plain_lines_here_and_in_the_log(self, tmp_path: Path) -> None:
        text = shown(make_console(file=io.StringIO()), events(tmp_path))
        assert text == (
            "recipe: digits, seed 0\n"
            "network: 6,570 parameters\n"
            "data: 1,257 train, 270 valid samples\n"
            "length: 3 epochs of 39 steps\n"
            f"run: {tmp_path}\n"
            f"{CHOICES[0]}\n"
            f"{CHOICES[1]}\n"
            "note: a checkpoint was broken\n"
            "epoch 1/3  train_loss 0.7500  valid_loss 1.5000  valid_accuracy 80.00%  lr 0.001  0.25 s  best\n"
            "epoch 2/3  train_loss 0.2500  valid_loss 0.5000  valid_accuracy 90.00%  lr 0.0005  0.25 s  best\n"
            "epoch 3/3  train_loss 0.3000  valid_loss 0.6000  valid_accuracy 85.00%  lr 0.000333  0.25 s\n"
            "finished: 3 epochs, 117 steps in 3.0 s\n"
            "best: valid_accuracy 90.00% in epoch 2\n"
            "test: test_accuracy 87.50%\n"
            f"run: {tmp_path}  (metrics.csv, checkpoints/best)\n"
            "next: gradwise train digits seed=1\n"
        )
        assert (tmp_path / "log.txt").read_text() == text

    def test_the_log_of_a_resumed_run_grows(self, tmp_path: Path) -> None:
        for at in (0, 39):
            shown(make_console(file=io.StringIO()), [started(tmp_path, at)])
        assert (tmp_path / "log.txt").read_text().endswith("resumed: after step 39\n")
        assert (tmp_path / "log.txt").read_text().count("recipe: digits") == 2

    def test_an_interruption_says_what_goes_on(self) -> None:
        told = [started(), finished(Path("my runs/digits"), 143, "interrupted by SIGTERM")]
        last = shown(make_console(file=io.StringIO()), told).splitlines()[-1]
        run = "'my runs/digits'"
        assert last == f"interrupted by SIGTERM: step 117 saved in {run}; gradwise resume {run} goes on"

    def test_why_it_stopped(self) -> None:
        text = shown(make_console(file=io.StringIO()), [started(), finished(reason="stopped by Patience(epochs=5)")])
        assert "finished: 3 epochs, 117 steps in 3.0 s, stopped by Patience(epochs=5)\n" in text

    def test_a_log_that_cannot_be_written_stops_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "log.txt").mkdir()
        assert "finished: " in shown(make_console(file=io.StringIO()), events(tmp_path))


def test_a_resumed_table_knows_what_was_best_before(tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").write_text('{"epoch": 1, "step": 39, "train_loss": 0.1, "valid_accuracy": 0.9}\n')
    console = tty(color_system="standard", legacy_windows=False)
    text = shown(console, [started(tmp_path, 39), epoch(2, 0.5, 0.8, False)])
    row = next(line for line in text.splitlines() if "0.2500" in line and "80.00%" in line)
    assert row.count("\x1b[32m") == 1  # valid_loss, which is new
