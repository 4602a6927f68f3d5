"""A program treated from the command line: a proof, a patch, and no file changed that nobody asked to change."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from gradwise.cli import main
from gradwise.doctor.program import Program
from gradwise.remedy.outside.catalogue import BEYOND, CATALOGUE
from gradwise.remedy.outside.child import Job, perform
from gradwise.remedy.outside.sites import Mark
from gradwise.remedy.outside.written import Written, write_down

PROGRAM = """import sys
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(3)
x = torch.randn(400, 8)
y = (x[:, :4].sum(1) > 0).long() + 2 * (x[:, 4:].sum(1) > 0).long()
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 4))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for epoch in range(int(sys.argv[2]) if len(sys.argv) > 2 else 30):
    for rows in torch.randperm(300).split(50):
        loss = F.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        right = (model(x[300:]).argmax(1) == y[300:]).float().mean()
    print(f"epoch {epoch} loss {loss.item():.3f} test accuracy {right.item():.3f}")
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    path = tmp_path / "train.py"
    path.write_text(PROGRAM)
    return path


def test_a_program_is_treated_and_changed_only_where_asked(program: Path) -> None:
    arguments = ["treat", "--budget", "1", "--jobs", "2", "--json", "all.json", "--write", "train.py", "--epochs", "30"]
    assert main(arguments) == 0
    found = json.loads(Path("all.json").read_text())
    assert found["findings"][0]["code"] == "missing-zero-grad"
    assert (found["verdict"], found["winner"], found["same"]) == ("cured", "zero_grad", True)
    assert found["stands"]["zero_grad"] == []
    assert [o["label"] for o in found["proof"]["outcomes"][::5]] == [
        *("doing nothing", "zero_grad", "blind recipe", "random search")
    ]
    assert "+        optimizer.zero_grad()" in found["patch"]
    assert Path("train.py.orig").read_text() == PROGRAM  # the backup
    changed = program.read_text()
    assert "        optimizer.step()\n        optimizer.zero_grad()\n" in changed
    program.write_text(PROGRAM)
    subprocess.run(["git", "apply", "treatments/train/treated.patch"], check=True)
    assert program.read_text() == changed


def test_seeds_are_raised_and_pairs_stay_pairs(program: Path) -> None:
    def series(seed: int, text: str | None = None) -> list[float]:
        ran = perform(Job(Program("train.py", ("", "3")), (), seed, text=text, seconds=120), Path(f"run{seed}"))
        assert ran.exit == 0, ran.says
        return ran.series["loss"]

    assert series(0) == series(0)
    assert series(2) != series(0)
    assert series(2) == series(0, PROGRAM.replace("manual_seed(3)", "manual_seed(5)"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["treat", "trian.py"], "did you mean 'train.py'"),
        (["treat", "train.py", "--seeds", "5"], "put it before train.py"),
        (["treat", "--write", "digits"], "are for programs"),
    ],
)
def test_mistakes(program: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert says in told
    assert len(told.strip().splitlines()) <= 5
    assert not Path("treatments").exists()


def test_what_overlaps_or_cannot_be_parsed_is_advice(program: Path) -> None:
    path = str(program)
    one, other = (Mark(path, 1, 0, 6, new, True, new) for new in ("import", "from"))
    written = write_down([one, other], program.parent)
    assert list(written.texts) == [path]
    assert written.advice == ("train.py:1: from",)
    broken = write_down([Mark(path, 1, 0, 6, "(((", True, "(((")], program.parent)
    assert (broken.texts, broken.advice) == ({}, ("train.py:1: (((",))


def test_a_backup_is_never_overwritten(program: Path) -> None:
    names = [Written({str(program): f"x = {i}\n"}).write()[0].name for i in range(2)]
    assert names == ["train.py.orig", "train.py.orig2"]
    assert Path("train.py.orig").read_text() == PROGRAM


def test_every_code_has_its_change_or_its_reason() -> None:
    from gradwise.diagnose.codes import CODES

    assert set(CATALOGUE) | set(BEYOND) == set(CODES)
    assert not set(CATALOGUE) & set(BEYOND)
