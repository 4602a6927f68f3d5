"""Which checkpoint counts, which may go."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from gradwise.errors import RunError
from gradwise.runs import newest, point, pointed, prune, save, set_aside, sweep
from gradwise.runs.checkpoint import checkpoints


def make(root: Path, *steps: int) -> None:
    for step in steps:
        save(root, step, {"w": torch.full((4,), float(step))}, {})


def steps(root: Path) -> list[int]:
    return [named.step for named in checkpoints(root)]


def test_prune_keeps_the_last_the_best_and_the_named(tmp_path: Path) -> None:
    make(tmp_path, 1, 2, 3, 4, 5, 6)
    point(tmp_path, "best", tmp_path / "step-00000002")
    removed = prune(tmp_path, keep={3}, last=2)
    assert steps(tmp_path) == [6, 5, 3, 2]
    assert [path.name for path in removed] == ["step-00000004", "step-00000001"]
    assert not list(tmp_path.glob(".removing-*"))
    with pytest.raises(RunError, match="at least 1"):
        prune(tmp_path, last=0)


def test_prune_does_not_count_a_broken_one(tmp_path: Path) -> None:
    make(tmp_path, 1, 2, 3)
    (tmp_path / "step-00000003" / "state.pt").write_bytes(b"")
    prune(tmp_path, last=1)
    assert steps(tmp_path) == [2]


def test_an_edition_that_was_replaced_goes(tmp_path: Path) -> None:
    make(tmp_path, 1)
    save(tmp_path, 1, {"w": torch.zeros(1)}, {})
    prune(tmp_path, last=1)
    assert [path.name for _, _, path in checkpoints(tmp_path)] == ["step-00000001-2"]


def test_newest_tells_of_every_broken_one(tmp_path: Path) -> None:
    make(tmp_path, 1, 2, 3)
    for step in (2, 3):
        (tmp_path / f"step-0000000{step}" / "weights.safetensors").unlink()
    checkpoint, problems = newest(tmp_path)
    assert checkpoint is not None
    assert checkpoint.step == 1
    assert [problem.split(" cannot")[0] for problem in problems] == [
        "the checkpoint step-00000003",
        "the checkpoint step-00000002",
    ]
    assert [path.name for path in set_aside(tmp_path, checkpoint)] == ["broken-step-00000003", "broken-step-00000002"]
    assert newest(tmp_path)[1] == []
    make(tmp_path, 3)
    (tmp_path / "step-00000003" / "state.pt").unlink()
    assert [path.name for path in set_aside(tmp_path, checkpoint)] == ["broken-step-00000003-2"]


def test_newest_never_trusts_a_pointer(tmp_path: Path) -> None:
    make(tmp_path, 1, 2)
    point(tmp_path, "last", tmp_path / "step-00000001")
    point(tmp_path, "best", tmp_path / "step-00000001")
    checkpoint, _ = newest(tmp_path)
    assert checkpoint is not None
    assert checkpoint.step == 2


@pytest.mark.parametrize(
    "text", [b"", b"\xff", b"step-00000009\n", b"../x/step-00000001", b"/tmp", b"..", b"a\0b", b"step-00000001/.."]
)
def test_a_damaged_pointer_points_nowhere(tmp_path: Path, text: bytes) -> None:
    root = tmp_path / "checkpoints"
    root.mkdir()
    make(root, 1)
    (root / "best").write_bytes(text)
    assert pointed(root, "best") is None
    assert pointed(root, "last") is None


def test_a_pointer_follows(tmp_path: Path) -> None:
    make(tmp_path, 1, 2)
    for step in (1, 2):
        point(tmp_path, "best", tmp_path / f"step-0000000{step}")
        assert pointed(tmp_path, "best") == tmp_path / f"step-0000000{step}"
    assert (tmp_path / "best").read_text() == "step-00000002\n"


def test_sweep_removes_what_the_dead_left(tmp_path: Path) -> None:
    make(tmp_path, 1)
    (tmp_path / ".writing-1-step-00000002").mkdir()
    (tmp_path / ".writing-1-step-00000002" / "state.pt").write_bytes(b"x")
    (tmp_path / ".removing-step-00000003").mkdir()
    (tmp_path / ".writing-1-best").write_bytes(b"x")
    assert len(sweep(tmp_path)) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001"]
