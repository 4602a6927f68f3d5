"""One run, one folder, one process."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

import gradwise
from gradwise.errors import RunError
from gradwise.runs import RunFolder, disk, is_run_folder, point, pointed, save
from gradwise.runs.environment import environment, git_commit

from .crash import Refuser

OWNER = """
import os, sys, time
from pathlib import Path
from gradwise.runs.lock import Lock
lock = Lock(Path(sys.argv[1]) / "run.lock")
parent = os.getpid()
child = os.fork()  # a worker, as torch's loader makes them
if child:
    print(child, flush=True)
    time.sleep(60)
else:
    for _ in range(600):
        time.sleep(0.1)
"""


def test_create_never_overwrites(tmp_path: Path) -> None:
    names: list[str] = []

    def create() -> None:
        for _ in range(5):
            with RunFolder.create(tmp_path / "runs", "digits") as folder:
                names.append(folder.path.name)

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names) == sorted(["digits", *(f"digits-{n}" for n in range(2, 21))])


@pytest.mark.parametrize("name", ["", "../x", ".hidden", "-rf", "a/b", "a\nb", "x" * 101, "a\\b", "a\0b"])
def test_create_refuses_names_that_are_paths(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunError, match="cannot be a run's name"):
        RunFolder.create(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_create_at_wants_nothing_or_an_empty_folder(tmp_path: Path) -> None:
    RunFolder.create_at(tmp_path / "a" / "b").close()
    with pytest.raises(RunError, match="is not empty") as caught:
        RunFolder.create_at(tmp_path / "a" / "b")
    assert f"gradwise resume {tmp_path / 'a' / 'b'}" in caught.value.fix
    (tmp_path / "empty").mkdir()
    RunFolder.create_at(tmp_path / "empty").close()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    with pytest.raises(RunError, match="is not empty") as caught:
        RunFolder.create_at(tmp_path / "mine")
    assert "resume" not in caught.value.fix
    with pytest.raises(RunError, match="is a file"):
        RunFolder.create_at(tmp_path / "mine" / "thesis.txt")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_open_knows_its_runs(tmp_path: Path) -> None:
    RunFolder.create(tmp_path, "digits").close()
    RunFolder.open(tmp_path / "digits").close()
    with pytest.raises(RunError, match="no run folder") as caught:
        RunFolder.open(tmp_path / "digit")
    assert caught.value.fix == "did you mean 'digits'?"
    with pytest.raises(RunError, match="no run folder") as caught:
        RunFolder.open(tmp_path / "none" / "digit")
    assert "holds no run" in caught.value.fix
    (tmp_path / "other").mkdir()
    with pytest.raises(RunError, match="is not a run folder"):
        RunFolder.open(tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []
    assert not is_run_folder(tmp_path / "other")


def test_contents(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path, "digits") as folder:
        with pytest.raises(RunError, match=r"no readable config\.yaml"):
            folder.config()
        folder.write_config("lr: 0.1  # ∇\r\n")
        assert folder.config() == "lr: 0.1  # ∇\r\n"
        folder.write_environment({"recipe": "digits", "path": tmp_path})
        folder.event("started", seed=1)
        with folder.trace() as trace:
            trace.append(b"12345678")
        with folder.trace(4) as trace:
            assert trace.size == 4
        assert folder.log.name == "log.txt"
        assert folder.trace_header.name == "trace.json"
    folder.close()
    made = json.loads((folder.path / "env.json").read_text())
    assert made["recipe"] == "digits"
    assert made["versions"]["gradwise"] == gradwise.__version__
    assert made["torch"]["threads"] == torch.get_num_threads()


def test_the_environment_holds_no_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2-hunter2")
    monkeypatch.chdir(tmp_path)
    assert "hunter2" not in json.dumps(environment())
    assert git_commit(tmp_path) is None
    monkeypatch.setenv("PATH", "")
    assert git_commit(tmp_path) is None


def test_newest_sets_broken_ones_aside(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path, "digits") as folder:
        first, second = (save(folder.checkpoints, step, {"w": torch.zeros(1)}, {}) for step in (1, 2))
        point(folder.checkpoints, "last", second)
        (second / "state.pt").write_bytes(b"")
        (folder.checkpoints / ".writing-1-step-00000003").mkdir()
        (folder.path / ".writing-1-env.json").write_bytes(b"")
    with RunFolder.open(tmp_path / "digits") as folder:
        assert [path.name for path in folder.swept] == [".writing-1-env.json", ".writing-1-step-00000003"]
        checkpoint, problems = folder.newest()
        assert checkpoint is not None
        assert checkpoint.path == first
        assert len(problems) == 1
        assert folder.newest()[1] == []
        assert pointed(folder.checkpoints, "last") is None
        assert (folder.checkpoints / "broken-step-00000002").is_dir()
        (first / "state.pt").write_bytes(b"")
        assert [len(folder.newest()[1]) for _ in range(2)] == [1, 1]  # the last one is never set aside
        assert first.is_dir()


def test_a_second_run_is_refused_until_the_first_is_dead(tmp_path: Path) -> None:
    """Also where the first has forked workers that outlive it: they inherit no lock."""
    RunFolder.create(tmp_path, "digits").close()
    path = tmp_path / "digits"
    with subprocess.Popen([sys.executable, "-c", OWNER, str(path)], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        worker = int(owner.stdout.readline())
        try:
            with pytest.raises(RunError, match=f"in use by process {owner.pid}") as caught:
                RunFolder.open(path)
            assert f"kill {owner.pid}" in caught.value.fix
            os.kill(owner.pid, signal.SIGKILL)
            owner.wait()
            os.kill(worker, 0)  # it lives
            RunFolder.open(path).close()
        finally:
            os.kill(worker, signal.SIGKILL)
            owner.kill()


def test_one_process_cannot_open_a_run_twice(tmp_path: Path) -> None:
    with (
        RunFolder.create(tmp_path, "digits") as folder,
        pytest.raises(RunError, match=f"in use by process {os.getpid()}"),
    ):
        RunFolder.open(folder.path)
    RunFolder.open(folder.path).close()


def test_a_damaged_owner_record_is_survived(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path, "digits") as folder:
        (folder.path / "run.lock").write_bytes(b"\xff{")
        with pytest.raises(RunError, match="in use by process unknown"):
            RunFolder.open(folder.path)


@pytest.mark.parametrize("error", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(error, "no locks")

    monkeypatch.setattr("fcntl.flock", refuse)
    with RunFolder.create(tmp_path, "digits") as folder:
        assert "has no locks" in (folder.path / "events.jsonl").read_text()


def test_refuses_before_the_first_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write everywhere, so below a file, in /proc, and with a system that refuses."""
    (tmp_path / "file").write_bytes(b"")
    for root in (tmp_path / "file", Path("/proc")):
        with pytest.raises(RunError):
            RunFolder.create(root, "digits")
        with pytest.raises(RunError):
            RunFolder.create_at(root / "digits")
    for name in ("make_folder", "open_append", "create", "write", "rename", "sync"):
        for error in (errno.EROFS, errno.EACCES):
            with monkeypatch.context() as patch:
                Refuser(patch, (name,), 0, error)
                with pytest.raises(RunError, match="is not writable"):
                    RunFolder.create(tmp_path / "runs", f"{name}-{error}")


def test_a_failed_opening_leaves_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    RunFolder.create(tmp_path, "digits").close()

    def refuse(path: Path) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "create", refuse)
        with pytest.raises(RunError, match="not writable"):
            RunFolder.open(tmp_path / "digits")
    RunFolder.open(tmp_path / "digits").close()
