"""At every moment of a crash there is the checkpoint before or this one; what was acknowledged is never lost."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from gradwise.runs import newest, point, pointed, prune, save, sweep, write_atomic

from .crash import Crash, Image, Killer, Recorder, image, put, states


def make(root: Path, step: int, state: int = 0) -> Path:
    return save(root, step, {"w": torch.full((4,), float(step + state))}, {"state": state})


def seen(root: Path) -> tuple[int, int] | None:
    """(step, state) of the newest, whose weights agree with it."""
    checkpoint, _ = newest(root)
    if checkpoint is None:
        return None
    found = checkpoint.step, checkpoint.state["state"]
    assert checkpoint.weights["w"].tolist() == [float(sum(found))] * 4
    return found


@pytest.mark.parametrize("torn", [False, True])
@pytest.mark.parametrize("step", [1, 2])
def test_killed_after_every_operation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torn: bool, step: int) -> None:
    """Step 1 is saved; then a process dies at its k-th operation while it saves step 1 anew or step 2."""
    for after in itertools.count():
        root = tmp_path / str(after)
        root.mkdir()
        make(root, 1)
        with monkeypatch.context() as patch:
            killer = Killer(patch, after, torn)
            try:
                make(root, step, state=5)
            except Crash:
                pass
            else:
                break
        assert killer.count > after
        assert seen(root) in ((1, 0), (step, 5))
        sweep(root)
        assert not list(root.glob(".writing-*"))
        make(root, 3)
        assert seen(root) == (3, 0)
    assert seen(root) == (step, 5)
    assert after > 12


@pytest.fixture
def cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Iterator[tuple[bool, Path]]]:
    """(whether `act` had returned, a folder as a power cut may leave it), for every cut during `act`."""

    def enumerate_cuts(act: Callable[[Path], object], forget: str = "") -> Iterator[tuple[bool, Path]]:
        root = tmp_path / "live"
        before: Image = image(root)
        with monkeypatch.context() as patch:
            recorder = Recorder(patch, root, forget)
            act(root)
        log = recorder.log
        for number, (done, left) in enumerate(states(before, log)):
            yield done == len(log), put(left, tmp_path / "cut" / str(number))
            shutil.rmtree(tmp_path / "cut")

    (tmp_path / "live").mkdir()
    return enumerate_cuts


Cuts = Callable[..., Iterator[tuple[bool, Path]]]


@pytest.mark.parametrize("step", [1, 2])
def test_power_cut_during_a_save(tmp_path: Path, cuts: Cuts, step: int) -> None:
    make(tmp_path / "live", 1)
    count = 0
    for finished, root in cuts(lambda root: make(root, step, state=5)):
        count += 1
        assert seen(root) in ([(step, 5)] if finished else [(1, 0), (step, 5)])
    assert count > 50


def test_power_cut_during_a_life(tmp_path: Path, cuts: Cuts) -> None:
    """Save, point, save, prune: never less than what was acknowledged before; removed folders leave no halves."""
    make(tmp_path / "live", 1)

    def live(root: Path) -> None:
        point(root, "best", make(root, 2))
        make(root, 3)
        prune(root, last=1)

    count = 0
    for finished, root in cuts(live):
        count += 1
        found, problems = newest(root)
        assert found is not None
        assert problems == []
        assert pointed(root, "best") in (None, root / "step-00000002")
        if finished:
            assert found.step == 3
    assert count > 100


def test_power_cut_during_a_replacement(tmp_path: Path, cuts: Cuts) -> None:
    write_atomic(tmp_path / "live" / "file", b"old content")
    for finished, root in cuts(lambda root: write_atomic(root / "file", b"new")):
        assert (root / "file").read_bytes() in ([b"new"] if finished else [b"new", b"old content"])


@pytest.mark.parametrize("forget", ["sync", "sync_folder", "sync_folder .writing"])
def test_the_enumeration_finds_a_protocol_without_syncs(tmp_path: Path, cuts: Cuts, forget: str) -> None:
    """The proof of the proof: leave a sync out, and states appear in which an acknowledged save is lost."""
    make(tmp_path / "live", 1)
    lost = [finished for finished, root in cuts(lambda root: make(root, 2), forget) if seen(root) != (2, 0)]
    assert lost[-1]
