"""A program under the doctor against the same program under Python: what it sees, how it ends."""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

import gradwise
from gradwise.doctor import around
from gradwise.doctor.program import Program
from gradwise.doctor.run import run
from gradwise.errors import GradwiseError
from gradwise.signals import sigterm_raises

ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(gradwise.__file__).parents[1])}
DOCTOR = ["-m", "gradwise", "doctor"]

SEEN = """
import atexit, multiprocessing, os, pickle, sys, threading

class Thing:
    pass

def child(queue):
    queue.put((__name__, sys.argv[1:]))

if __name__ == "__main__":
    print(__name__, __file__, __spec__ and __spec__.name, __package__, sys.argv, sys.path[0])
    print(type(pickle.loads(pickle.dumps(Thing()))), sys.stdin.read(), sys.modules["__main__"].Thing is Thing)
    print("gradwise" in str(os.environ.get("OMP_NUM_THREADS")), "torch" in sys.modules)
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=child, args=(queue,))
    process.start()
    print(queue.get())
    process.join()
    atexit.register(lambda: print("at exit", pickle.dumps(Thing)[:2]))
    last = threading.main_thread()
    threading.Thread(target=lambda: (last.join(), print("a thread that ends later"))).start()
    sys.stdout.flush()
    if os.fork() == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(5)
    print(os.waitstatus_to_exitcode(os.wait()[1]))
"""
LOOP = """
import sys, torch

torch.manual_seed(0)
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(30):
    try:
        loss = model(torch.randn(8, 3)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    except {caught}:
        print("caught at", i)
        if i > {until}:
            sys.exit(9)
torch.save((model.state_dict(), torch.get_rng_state()), sys.argv[1])
"""


@pytest.fixture(autouse=True)
def _session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that are run within the tests' own process leave it as a notebook is left."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    for name in ("RANK", "WORLD_SIZE", "GRADWISE_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)


def python(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=ENVIRONMENT, input=stdin, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def write(name: str, text: str) -> Program:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return Program(name)


class TestAsWithoutUs:
    """Processes without torch: a third of a second each."""

    def test_what_a_script_sees(self) -> None:
        write("folder/seen.py", SEEN)
        arguments = ["folder/seen.py", "-m", "--help", "--steps", "x", "--", "-"]
        plain, watched = python(*arguments, stdin="some input"), python(*DOCTOR, *arguments, stdin="some input")
        assert watched[:2] == plain[:2]
        assert "some input" in plain[1]
        assert "False False" in plain[1]  # torch is not there before the program asks for it
        assert watched[2].count("never imported torch") == 1  # not in the children too

    def test_what_a_module_sees(self) -> None:
        write("package/seen.py", SEEN)
        plain, watched = (python(*before, "package.seen", "--x", stdin="in") for before in (["-m"], [*DOCTOR, "-m"]))
        assert watched[:2] == plain[:2]
        assert "package.seen package" in plain[1]

    @pytest.mark.parametrize(
        "text",
        [
            "import sys\nsys.exit(7)",
            "import sys\nsys.exit(-1)",
            "raise SystemExit",
            "raise SystemExit('some words')",
            "def f():\n    1 / 0\ntry:\n    f()\nexcept Exception as e:\n    raise ValueError('é') from e",
            "x = (1,\ny = 2",
            "import sys\nsys.excepthook = lambda kind, error, trace: print('hook', kind, trace.tb_lineno)\n1 / 0",
            "raise ExceptionGroup('two', [KeyError(1), ValueError(2)])",
        ],
    )
    def test_how_it_ends(self, text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)  # the program may set its own
        ended = run(write("train.py", text))
        assert (ended.exit, *capsys.readouterr()) == python("train.py")

    @pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
    def test_signals_go_through_it(self, number: signal.Signals, code: int) -> None:
        text = "import time\ntry:\n    print('ready', flush=True)\n    time.sleep(60)\nfinally:\n    print('cleaned')\n"
        write("train.py", text)
        command = [sys.executable, *DOCTOR, "train.py"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, env=ENVIRONMENT, stdout=pipe, stderr=pipe, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (code, "cleaned\n")
        assert ("KeyboardInterrupt" in err) == (number == signal.SIGINT)  # SIGTERM has no traceback
        assert "gradwise: train.py was not looked at" in err


class TestWatched:
    def test_the_program_computes_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        program = write("train.py", LOOP.format(caught="KeyError", until=0))
        monkeypatch.setattr(sys, "argv", ["train.py", "plain.pt"])
        runpy.run_path(program.name, run_name="__main__")
        ended = run(Program(program.name, ("watched.pt",)))
        assert (ended.exit, ended.stopped) == (0, "")
        assert ended.trace is not None
        assert (ended.trace.facts.steps, ended.trace.facts.finished) == (30, True)
        (weights, state), (others, other_state) = torch.load("plain.pt"), torch.load("watched.pt")
        assert torch.equal(state, other_state)
        assert all(torch.equal(weights[name], others[name]) for name in weights)

    @pytest.mark.parametrize(
        ("caught", "until"),
        [("KeyError", 0), ("BaseException", 50), ("BaseException", 20), ("BaseException", 3)],
        ids=["plain", "catches all", "exits with 9 later", "exits with 9 at once"],
    )
    def test_enough_steps_stop_it(self, capsys: pytest.CaptureFixture[str], caught: str, until: int) -> None:
        program = write("train.py", LOOP.format(caught=caught, until=until))
        ended = run(Program(program.name, ("weights.pt",)), steps=5)
        assert ended.exit == 0
        assert ended.trace is not None
        assert ended.trace.facts.steps >= 5
        said = capsys.readouterr().out
        if caught == "KeyError":
            assert (ended.stopped, ended.trace.facts.finished, said) == ("stopped at step 5", False, "")
        else:
            assert said.startswith("caught at 4\n")
            assert (said.count("caught") == 1) == (until == 3)
        assert Path("weights.pt").exists() == (until == 50)  # nothing could stop that one

    def test_an_exception_is_explained(self, capsys: pytest.CaptureFixture[str]) -> None:
        text = "import torch\ntorch.nn.functional.cross_entropy(torch.nn.Linear(2, 3)(torch.ones(4, 2)), 1)\n"
        ended = run(write("train.py", text))
        assert ended.exit == 1
        assert ended.trace is not None
        crash = ended.trace.facts.crash
        assert crash is not None
        assert (crash.kind, crash.source) == ("TypeError", "train.py:2")
        err = capsys.readouterr().err
        assert err.startswith("Traceback (most recent call last):\n")
        assert "gradwise" not in err

    def test_everything_is_put_back(self) -> None:
        before = torch.nn.Module.__call__, signal.getsignal(signal.SIGTERM), sys.modules["__main__"], sys.argv, sys.path
        kept = list(sys.path), list(sys.argv), list(sys.meta_path)
        run(write("train.py", LOOP.format(caught="KeyError", until=0)), steps=3)
        after = torch.nn.Module.__call__, signal.getsignal(signal.SIGTERM), sys.modules["__main__"], sys.argv, sys.path
        assert all(a is b for a, b in zip(before, after, strict=True))
        assert (list(sys.path), list(sys.argv), list(sys.meta_path)) == kept

    def test_a_doctor_that_cannot_start_lets_the_program_go_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from gradwise.doctor import observer

        def fails(*_: object) -> None:
            raise OSError("no eyes")

        monkeypatch.setattr(observer, "Observer", fails)
        ended = run(write("train.py", "import torch\nraise SystemExit(4)"))
        assert (ended.exit, ended.trace) == (4, None)
        assert "no eyes" in ended.not_seen["all"]

    def test_only_the_first_rank_reports(self, monkeypatch: pytest.MonkeyPatch) -> None:
        program = write("train.py", "import torch")
        monkeypatch.setenv("WORLD_SIZE", "2")
        for rank, reports in (("0", True), ("1", False)):
            monkeypatch.setenv("RANK", rank)
            ended = run(program)
            assert (ended.report, "ranks" in ended.not_seen) == (reports, reports)

    def test_processes_that_train_are_named(self) -> None:
        text = (
            "import multiprocessing\n"
            "class Process(multiprocessing.process.BaseProcess):\n"
            "    _Popen = lambda self, process: type('P', (), {'sentinel': 0, 'poll': lambda self: 0})()\n"
            "Process(target=TARGET).start()\n"
        )
        assert "processes" in run(write("own.py", text.replace("TARGET", "lambda: 0"))).not_seen
        worker = text.replace("TARGET", "torch.utils.data._utils.worker._worker_loop")
        assert run(write("pool.py", "import torch.utils.data\n" + worker)).not_seen == {}


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "module", "what", "fix"),
        [
            ("trian.py", False, "There is no file trian.py", "did you mean 'train.py'?"),
            ("no/train.py", False, "There is no file no/train.py", "relative to the folder"),
            ("package.train", False, "There is no file package.train", ""),
            ("folder", False, "folder is a folder", "gradwise doctor folder/main.py"),
            ("book.ipynb", False, "book.ipynb is a notebook", "%run -m gradwise doctor"),
            ("no_such_module", True, "No module named no_such_module", "importable"),
            ("train.py", True, "", "gradwise doctor train.py"),
        ],
    )
    def test_no_program(self, name: str, module: bool, what: str, fix: str) -> None:
        for path in ("train.py", "folder/main.py", "folder/a.py", "book.ipynb"):
            write(path, "")
        with pytest.raises(GradwiseError) as caught:
            run(Program(name, module=module))
        assert what in str(caught.value)
        assert fix in str(caught.value)

    def test_an_error_of_ours_in_the_program_is_the_programs(self, capsys: pytest.CaptureFixture[str]) -> None:
        ended = run(write("train.py", "from gradwise.errors import DataError\nraise DataError('empty')"))
        assert ended.exit == 1
        assert "DataError: empty" in capsys.readouterr().err


class TestAround:
    def test_a_module_that_is_imported_is_noticed_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write("heavy.py", "ready = True")
        monkeypatch.syspath_prepend(".")
        monkeypatch.delitem(sys.modules, "heavy", raising=False)
        seen: list[bool] = []
        with around.imported("heavy", lambda: seen.append(sys.modules["heavy"].ready)):
            assert seen == []
            import heavy  # pyright: ignore[reportMissingImports]  # noqa: F401

            assert seen == [True]
        with around.imported("heavy", lambda: seen.append(False)):
            assert seen == [True, False]
        sys.modules.pop("heavy")

    def test_an_import_that_fails_is_tried_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write("heavy.py", "raise ImportError('not yet')")
        monkeypatch.syspath_prepend(".")
        seen: list[int] = []
        with around.imported("heavy", lambda: seen.append(1)):
            with pytest.raises(ImportError, match="not yet"):
                __import__("heavy")
            Path("heavy.py").write_text("x = 1  # longer than before, so that no cache is taken for it")
            __import__("heavy")
            assert seen == [1]
        sys.modules.pop("heavy")

    def test_outside_the_main_thread_signals_are_not_ours(self) -> None:
        failed: list[BaseException] = []

        def enter() -> None:
            try:
                with sigterm_raises(around.Terminated):
                    pass
            except ValueError as error:
                failed.append(error)

        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        assert failed == []
