"""Ctrl-C and SIGTERM while a training is evaluated for the last time: it is whole, what would follow is not begun."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from gradwise import recipefile, training
from gradwise.cli import main
from gradwise.evaluate import evaluate
from gradwise.experiment.rate import range_test
from gradwise.experiment.search import search
from gradwise.experiment.trials import Store, Trial, perform
from gradwise.recipe import Recipe, replaced
from gradwise.remedy.patient import examine
from gradwise.train import train

QUICK = ("epochs=1", "watch.on=false", "gradient=Centralise")  # which is not trained together with others
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


def digits() -> Recipe:
    return recipefile.load("digits", QUICK)


def signalled(monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> None:
    """The first evaluation of this process, a validation set's, gets a signal."""

    def first(*arguments: object) -> dict[str, float]:
        monkeypatch.undo()
        os.kill(os.getpid(), number)
        return evaluate(*arguments)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(training, "evaluate", first)


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_comparison_stops_and_goes_on(
    number: signal.Signals, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trials = [Trial("one", replaced(digits(), seed=seed)) for seed in range(2)]
    signalled(monkeypatch, number)
    with pytest.raises(KeyboardInterrupt) as stopped:
        list(perform(trials, tmp_path))
    assert (stopped.type.__name__ == "Terminated") == (code == 143)
    kept = Store(tmp_path).read()
    assert list(kept) == [trials[0].key]  # the first is whole, the second was not begun
    assert kept[trials[0].key].figures["test_accuracy"] > 0.3
    first, second = perform(trials, tmp_path)
    assert first == kept[first.key]
    assert second.figures == next(perform(trials[1:])).figures


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_the_command_says_so_by_its_exit_code(
    number: signal.Signals,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    one = " ".join(["digits", *QUICK])
    signalled(monkeypatch, number)
    assert main(["compare", one, f"{one} batch_size=64", "--jobs", "1", "--out", str(tmp_path)]) == code
    assert "interrupted" in capsys.readouterr().err
    assert len(Store(tmp_path).read()) == 1


def test_a_search_a_range_test_and_an_examination_stop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    signalled(monkeypatch, signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        search("digits", ["optimizer.lr=0.01,0.001"], folder=tmp_path, trials=2, changes=QUICK, confirm=0, jobs=1)
    done = search("digits", ["optimizer.lr=0.01,0.001"], folder=tmp_path, trials=2, changes=QUICK, confirm=0, jobs=1)
    assert len(done.ranked()) == 2
    signalled(monkeypatch, signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        range_test(digits(), steps=40, epochs=1)
    signalled(monkeypatch, signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        examine(digits())


def test_a_single_training_is_finished(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    signalled(monkeypatch, signal.SIGTERM)
    done = train(digits(), tmp_path / "run", show=lambda event: None).finished
    assert (done.reason, done.exit_code, done.epochs) == ("finished", 0, 1)
    assert done.test["test_accuracy"] > 0.3
