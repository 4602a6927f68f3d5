"""The command line as people and scripts meet it: what is printed, how it ends, what it leaves behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import gradwise
from gradwise.cli import main
from gradwise.diagnose import CODES, Diagnosis, Finding
from gradwise.diagnose.finding import Severity
from gradwise.errors import GradwiseError
from gradwise.report.visit import share_of, time_of

ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(gradwise.__file__).parents[1])}
PROGRAM = [sys.executable, "-m", "gradwise"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("GRADWISE_DATA", "GRADWISE_TRACEBACK", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """What a command prints on standard output, given that it ends with `code`."""
    found = main(arguments)
    out, err = capsys.readouterr()
    assert found == code, out + err
    assert not err, err
    return out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 2) -> str:
    """What a command complains of: at most five lines on standard error, none on standard output."""
    found = main(arguments)
    out, err = capsys.readouterr()
    assert (found, out) == (code, ""), err
    assert err.startswith("Error: ")
    assert len(err.splitlines()) <= 5
    assert "Traceback" not in err
    assert "\x1b" not in err
    return err


def start(run: str, *changes: str) -> subprocess.Popen[str]:
    """A training in a process of its own, its output in a pipe."""
    command = [*PROGRAM, "train", "digits", "watch=off", *changes, "--run", run]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)


class TestQuick:
    def test_help_and_lists_import_no_torch(self) -> None:
        code = (
            "import sys, gradwise.cli as c; c.main(['--help']); c.main(['train', '--help']); c.main(['ls']); "
            "c.main(['doctor', '-h']); "
            "c.main(['show', 'digits']); c.main(['train', 'digits', '--epochs']); "
            "heavy = {'torch', 'numpy', 'sklearn', 'yaml'} & set(sys.modules); assert not heavy, heavy"
        )
        done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "train" in done.stdout

    def test_help_names_every_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        for arguments in (["--help"], ["-h"], []):
            text = said(capsys, *arguments)
            assert all(
                f"\n  {name} " in text for name in ("train", "resume", "ls", "show", "init", "doctor", "problems")
            )
            assert "completion" not in text

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert said(capsys, "--version") == f"gradwise {gradwise.__version__}\n"


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "what", "fix"),
        [
            (["train", "digts"], "There is no recipe 'digts'", "did you mean 'digits'?"),
            (["train", "no/such.yaml"], "no recipe file no/such.yaml", "gradwise init"),
            (["train", "digits", "epocs=2"], "no setting 'epocs'", "did you mean 'epochs'?"),
            (["train", "digits", "optimizer.lrr=1"], "Adam has no setting 'lrr'", "did you mean 'lr'?"),
            (["train", "digits", "epochs=-1"], "Recipe.epochs must be above 0, got -1", ""),
            (["train", "digits", "optimizer.lr=fast"], "Adam.lr must be a valid number", ""),
            (["train", "digits", "optimizer=Adm"], "no optimizer technique 'Adm'", "did you mean 'Adam'?"),
            (["train", "digits", "optimizer=MLP"], "no optimizer technique 'MLP'", "belongs under model:"),
            (["train", "digits", "optimizer=os.system"], "os.system, which is not ours", "--allow os"),
            (["train", "digits", "seed"], "key=value, got 'seed'", "e.g."),
            (["train", "digits", "--download"], "Digits has no setting 'download'", ""),
            (["train", "digits", "--json", "no/such/file"], "no folder no/such", ""),
            (["resume", "runs/digits"], "no run folder runs/digits", ""),
            (["show", "digit"], "There is no recipe 'digit'", "did you mean 'digits'?"),
            (["init", "recipe.txt"], "A recipe is a .yaml file", "recipe.txt.yaml"),
            (["problems", "dead-unit"], "no problem 'dead-unit'", "did you mean 'dead-units'?"),
            (["problems", "xyz"], "no problem 'xyz'", "gradwise problems lists"),
            (["doctor", "train.py"], "no file train.py", ""),
            (["doctor", "."], ". is a folder", ""),
            (["doctor", "-m", "no.such.module"], "No module named 'no'", "importable"),
            (["doctor", "--json", "no/such/file", "train.py"], "no folder no/such", ""),
            (["doctor", "--budget", "0", "train.py"], "--budget is a share", "--budget 5%"),
            (["doctor", "--for", "soon", "train.py"], "--for is a time", "--for 2m"),
        ],
    )
    def test_a_recipe_that_cannot_be(
        self, capsys: pytest.CaptureFixture[str], arguments: list[str], what: str, fix: str
    ) -> None:
        text = refused(capsys, *arguments)
        assert what in text
        assert fix in text
        assert not Path("runs").exists()

    @pytest.mark.parametrize(
        ("arguments", "what", "fix"),
        [
            (["trian", "digits"], "No such command 'trian'", "Did you mean 'train'"),
            (["train", "digits", "--theads", "2"], "No such option: --theads", "did you mean --threads"),
            (["train", "digits", "--epochs", "3"], "No such option: --epochs", "epochs=..."),
            (["train"], "Missing argument 'RECIPE'", "gradwise train --help"),
            (["train", "digits", "--threads", "0"], "--threads", "gradwise train --help"),
            (["doctor"], "Missing argument 'SCRIPT'", "gradwise doctor --help"),
            (["doctor", "--steps", "0", "train.py"], "--steps", "gradwise doctor --help"),
            (["doctor", "--strickt", "train.py"], "No such option: --strickt", "did you mean --strict"),
        ],
    )
    def test_a_command_line_that_cannot_be(
        self, capsys: pytest.CaptureFixture[str], arguments: list[str], what: str, fix: str
    ) -> None:
        text = refused(capsys, *arguments)
        assert what in text
        assert fix in text

    def test_data_that_is_missing_leaves_no_run_folder(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("own.yaml").write_text("data: {name: NPZ, path: missing.npz}\nmodel: {name: MLP, widths: [2, 2]}\n")
        assert "missing.npz" in refused(capsys, "train", "own.yaml", "--json", "verdict.json")
        assert list(Path("runs").iterdir()) == []
        verdict = json.loads(Path("verdict.json").read_text())
        assert (verdict["exit"], verdict["steps"]) == (2, 0)

    def test_a_defect_of_ours_is_one_sentence(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gradwise.recipes.find", lambda name: 1 / 0)
        text = refused(capsys, "show", "digits", code=70)
        assert "ZeroDivisionError" in text
        assert "GRADWISE_TRACEBACK=1" in text
        monkeypatch.setenv("GRADWISE_TRACEBACK", "1")
        assert main(["show", "digits"]) == 70
        assert "Traceback" in capsys.readouterr().err

    def test_ctrl_c_before_the_training(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            monkeypatch.setattr("gradwise.recipes.find", lambda name, number=number: os.kill(os.getpid(), number))
            assert main(["show", "digits"]) == code
            assert "interrupted" in capsys.readouterr().err


class TestTrain:
    def test_a_pipe_gets_a_plain_line_per_epoch(self, capsys: pytest.CaptureFixture[str]) -> None:
        text = said(capsys, "train", "digits", "epochs=2", "--threads", "1", "--json", "verdict.json")
        assert "\x1b" not in text
        assert "\r" not in text
        lines = text.splitlines()
        assert lines[0] == "recipe: digits, seed 0"
        assert lines[4] == "run: runs/digits"
        assert any(line.startswith("device: ") for line in lines)
        row = (
            r"epoch [12]/2  train_loss \d\.\d{4}  valid_loss \d\.\d{4}  valid_accuracy \d\d\.\d\d%  lr \S+  \S+ s  best"
        )
        assert len([line for line in lines if re.fullmatch(row, line)]) == 2
        assert lines[-1] == "next: gradwise train digits epochs=2 seed=1"
        assert any(re.fullmatch(r"best: valid_accuracy \d\d\.\d\d% in epoch 2", line) for line in lines)
        assert Path("runs/digits/log.txt").read_text() == text
        verdict = json.loads(Path("verdict.json").read_text())
        assert list(verdict)[:9] == [
            "schema",
            "recipe",
            "run",
            "reason",
            "exit",
            "steps",
            "epochs",
            "seconds",
            "metric",
        ]
        assert (verdict["schema"], verdict["run"], verdict["steps"], verdict["exit"]) == (1, "runs/digits", 78, 0)
        assert set(verdict["test"]) == {"test_loss", "test_accuracy"}
        self._done(capsys)

    def _done(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What goes on with a run that is done; here, for a run costs time."""
        text = said(capsys, "resume", "runs/digits")
        assert re.fullmatch(r"runs/digits is done: finished after 78 steps, best .*%\.\n", text)
        assert "optimizer.lr: 0.003 -> 0.01" in refused(capsys, "resume", "runs/digits", "optimizer.lr=0.01")
        assert "did you mean 'digits'?" in refused(capsys, "resume", "runs/digit")
        assert "is not empty" in refused(capsys, "train", "digits", "--run", "runs/digits")
        text = said(capsys, "resume", "runs/digits", "epochs=3", "--accept-changes")
        assert "resumed: after step 78" in text
        assert "epoch 3/3  train_loss" in text
        assert "runs/digits  finished, best valid_accuracy" in said(capsys, "ls")

    def test_json_on_standard_output_is_all_there_is_on_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["train", "digits", "epochs=0.1", "watch=off", "--json", "-", "--runs", "elsewhere"]) == 0
        out, err = capsys.readouterr()
        assert json.loads(out)["run"] == "elsewhere/digits"
        assert "epoch 1/1" in err

    def test_nan_ends_with_4_and_a_way_on(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["train", "digits", "epochs=1", "optimizer.lr=1e30", "--json", "verdict.json"]) == 4
        out, err = capsys.readouterr()
        assert "device: " in out
        assert err.startswith("Error: ")
        assert len(err.splitlines()) <= 5
        assert "gradwise resume runs/digits" in err
        assert err in Path("runs/digits/log.txt").read_text()
        assert json.loads(Path("verdict.json").read_text())["exit"] == 4
        assert "runs/digits  failed: " in said(capsys, "ls")

    def test_signals_save_and_resume_finishes(self, capsys: pytest.CaptureFixture[str]) -> None:
        with start("SIGTERM", "epochs=25") as first, start("SIGINT", "epochs=10000") as second:
            for process, number, code in ((first, signal.SIGTERM, 143), (second, signal.SIGINT, 130)):
                assert process.stdout is not None
                next(line for line in process.stdout if line.startswith("epoch 2/"))
                process.send_signal(number)
                last, name = process.stdout.read().splitlines()[-1], number.name
                assert process.wait() == code
                told = rf"interrupted by {name}: step [\d,]+ saved in {name}; gradwise resume {name} goes on"
                assert re.fullmatch(told, last)
        assert "finished: 25 epochs, 975 steps" in said(capsys, "resume", "SIGTERM")

    def test_a_reader_that_leaves_is_no_defect(self) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run([*PROGRAM, "show", "digits"], env=ENVIRONMENT, stdout=writing, stderr=subprocess.PIPE)
        with contextlib.suppress(OSError):
            os.close(writing)
        assert (done.returncode, done.stderr) == (141, b"")


class TestRecipes:
    def test_ls_and_show(self, capsys: pytest.CaptureFixture[str]) -> None:
        text = said(capsys, "ls")
        assert re.search(r"  digits +Scikit-learn's 1,797 handwritten digits", text)
        assert "runs:" not in text
        file = Path(gradwise.__file__).parent / "recipes" / "digits.yaml"
        assert said(capsys, "show", "digits") == file.read_text()

    def test_init_writes_a_recipe_that_trains(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert "gradwise train recipe.yaml" in said(capsys, "init")
        assert "train_loss" in said(capsys, "train", "recipe.yaml", "epochs=1", "watch.on=false")
        assert Path("runs/recipe/config.yaml").is_file()
        assert "--force" in refused(capsys, "init")
        said(capsys, "init", "--force", "--from", "digits")


SICK = """
import sys, torch
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
print(sys.argv[1:])
for _ in range(4):
    model(torch.ones(2, 3)).sum().backward()
    optimizer.step()
sys.exit(int(sys.argv[-1]))
"""


class TestDoctor:
    @pytest.fixture(autouse=True)
    def _session(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)  # as in a notebook, which gets its argv and path back
        monkeypatch.setenv("COLUMNS", "80")

    def _found(self, monkeypatch: pytest.MonkeyPatch, *severities: Severity) -> None:
        """The rules find what they are told to: they have tests of their own."""
        findings = [Finding("plateau", severity, 0.9, "It stands still.", ()) for severity in severities]
        stand_in = lambda trace: Diagnosis(findings, {"ranks": "why"})  # noqa: E731
        monkeypatch.setattr(sys.modules["gradwise.diagnose.rules"], "diagnose", stand_in)
        Path("train.py").write_text(SICK)

    def test_the_program_has_its_arguments_its_output_and_its_exit_code(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._found(monkeypatch, "error")
        assert main(["doctor", "--json", "verdict.json", "train.py", "--steps", "1", "-m", "--help", "--", "7"]) == 7
        out, err = capsys.readouterr()
        assert out == "['--steps', '1', '-m', '--help', '--', '7']\n"
        assert err.startswith("gradwise: train.py, 4 steps: 1 problem\n\nerror  plateau  90% sure\n")
        verdict = json.loads(Path("verdict.json").read_text())
        assert (verdict["schema"], verdict["program"], verdict["exit"], verdict["steps"]) == (1, "train.py", 7, 4)
        assert [finding["code"] for finding in verdict["findings"]] == ["plateau"]
        assert verdict["not_checked"] == [{"code": "ranks", "why": "why"}]

    @pytest.mark.parametrize(
        ("severity", "options", "own", "code"),
        [
            ("error", ["--strict"], "0", 3),
            ("error", [], "0", 0),
            ("warning", ["--strict"], "0", 0),
            ("error", ["--strict"], "1", 1),
            ("error", ["--strict", "--steps", "2"], "1", 3),
        ],
    )
    def test_strict(
        self, monkeypatch: pytest.MonkeyPatch, severity: Severity, options: list[str], own: str, code: int
    ) -> None:
        self._found(monkeypatch, severity)
        assert main(["doctor", *options, "train.py", own]) == code

    def test_modules_other_folders_and_json_on_standard_output(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._found(monkeypatch)
        Path("elsewhere").mkdir()
        Path("moving.py").write_text("import os, torch\nos.chdir('elsewhere')")
        assert main(["doctor", "--json", "here.json", "-m", "moving"]) == 0
        assert Path("../here.json").exists()
        assert "-m moving trained nothing" in capsys.readouterr().err
        os.chdir("..")
        assert main(["doctor", "--json", "-", "--for", "1m", "train.py", "0"]) == 0
        out = capsys.readouterr().out
        assert json.loads(out.partition("\n")[2])["steps"] == 4

    def test_other_ranks_are_silent(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._found(monkeypatch, "error")
        monkeypatch.setenv("RANK", "1")
        assert main(["doctor", "--json", "verdict.json", "--strict", "train.py", "0"]) == 0
        assert capsys.readouterr().err == ""
        assert not Path("verdict.json").exists()

    def test_what_was_measured_is_kept(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("train.py").write_text(SICK.replace("range(4)", "range(40)"))
        assert main(["doctor", "--trace", "kept", "--json", "seen.json", "--strict", "train.py", "0"]) == 3
        assert main(["diagnose", "kept", "--json", "again.json", "--strict"]) == 3
        seen, again = (json.loads(Path(name).read_text())["findings"] for name in ("seen.json", "again.json"))
        assert seen == again != []
        assert main(["doctor", "--trace", "kept", "train.py", "0"]) == 0  # a trace may be replaced
        capsys.readouterr()
        for folder, complaint in (("train.py", "there already"), (".", "there already"), ("a/b", "no folder")):
            assert main(["doctor", "--trace", folder, "train.py", "0"]) == 2
            assert complaint in capsys.readouterr().err

    def test_a_trace_that_was_saved_is_judged(self, capsys: pytest.CaptureFixture[str]) -> None:
        trace = gradwise.Trace()
        for step in range(12):
            trace.log(weights={"w": [1.0 + step]}, gradients={"w": [1.0]}, loss=1.0 + step)  # uphill
        trace.save(Path("kept"))
        assert main(["diagnose", "kept", "--json", "verdict.json", "--strict"]) == 3
        assert "gradient-ascent" in [f["code"] for f in json.loads(Path("verdict.json").read_text())["findings"]]
        capsys.readouterr()
        assert main(["diagnose", "missing"]) == 2
        assert "holds no trace" in capsys.readouterr().err

    def test_problems(self, capsys: pytest.CaptureFixture[str]) -> None:
        text = said(capsys, "problems")
        assert all(f"\n  {code} " in text for code in CODES)
        assert all(f"{code.family}:\n" in text for code in CODES.values())
        page = Path(gradwise.__file__).parent / "problems" / "missing-zero-grad.md"
        assert said(capsys, "problems", "missing-zero-grad") == page.read_text()


@pytest.mark.parametrize(("text", "share"), [("5%", 0.05), ("0.05", 0.05), ("100%", 1.0), (".5", 0.5)])
def test_shares(text: str, share: float) -> None:
    assert share_of(text) == pytest.approx(share)


@pytest.mark.parametrize(("text", "seconds"), [("", 0), ("90", 90), ("90s", 90), ("2m", 120), ("1.5h", 5400)])
def test_times(text: str, seconds: float) -> None:
    assert time_of(text) == seconds


@pytest.mark.parametrize("text", ["0", "5", "101%", "-1%", "five"])
def test_no_shares(text: str) -> None:
    with pytest.raises(GradwiseError, match="--budget"):
        share_of(text)
