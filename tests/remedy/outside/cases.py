"""Changes on tiny programs: what they do is what their patch does, to the bit, and the patch is right."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gradwise.diagnose import Finding
from gradwise.doctor.program import Program
from gradwise.remedy.outside.child import Job, Ran, perform
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Change, Known
from gradwise.remedy.outside.written import write_down
from gradwise.watch.facts import Facts, Loss, Network, Optimizer

START = """import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)
x, y = torch.randn(64, 4), torch.randint(0, 3, (64,))
"""
LOOP = """
for step in range(12):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"test loss {loss.item():.17g}")
"""
PLAIN = "model = nn.Sequential(nn.Linear(4, 8), nn.Sigmoid(), nn.Linear(8, 8), nn.Sigmoid(), nn.Linear(8, 3))\n"
SGD = "optimizer = torch.optim.SGD(model.parameters(), lr=0.5)\n"
PROGRAM = START + PLAIN + SGD + LOOP
NOTHING = Finding("", "note", 0.0, "", ())
REGRESSION = (
    START
    + """
t = x.sum(1)
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = nn.MSELoss()
for step in range(12):
    loss = criterion(model(x), t)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"test loss {loss.item():.17g}")
"""
)
LOADER = (
    START
    + PLAIN
    + SGD
    + """
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(x, y), 16)
for epoch in range(3):
    for xb, yb in loader:
        loss = F.cross_entropy(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"test loss {loss.item():.17g}")
"""
)
DROPPED = (
    START
    + """

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 16), nn.Linear(16, 3)

    def forward(self, x):
        return self.b(F.dropout(self.a(x), 0.9))


model = Net()
"""
    + SGD
    + LOOP
)
BY_HAND = (
    START
    + """
w = (0.1 * torch.randn(4, 3)).requires_grad_()
for step in range(12):
    loss = F.cross_entropy(x @ w, y)
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    print(f"test loss {loss.item():.17g}")
"""
)
MODES = (
    START
    + """
model = nn.Sequential(nn.Linear(4, 16), nn.Dropout(0.5), nn.Linear(16, 3))
"""
    + SGD
    + """
for step in range(12):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        out = model(x)
    print(f"test loss {F.cross_entropy(out, y).item():.17g}")
"""
)
LOSSES = [Loss("cross_entropy", "")]


@dataclass
class Case:
    """A program, what is known of it, a change, and what the patch says."""

    change: Change
    writes: tuple[str, ...]
    program: str = PROGRAM
    facts: Facts = field(
        default_factory=lambda: Facts(optimizers=[Optimizer("SGD", "")], networks=[Network("Sequential")])
    )
    inputs: dict[str, object] = field(default_factory=dict)
    finding: Finding = NOTHING


def facts(**more: object) -> Facts:
    return Facts(**{"optimizers": [Optimizer("SGD", "")], "networks": [Network("Sequential")], **more})  # type: ignore[arg-type]


def script(folder: Path, text: str) -> Program:
    path = folder / "train.py"
    path.write_text(text)
    return Program(str(path))


def edits_of(case: Case, program: Program) -> tuple[Edit, ...]:
    known = Known(program.name, case.program.encode(), case.facts, case.inputs)
    return case.change(known, case.finding)


def run(folder: Path, program: Program, edits: tuple[Edit, ...] = (), text: str | None = None, seed: int = 0) -> Ran:
    number = len(list(folder.glob("run*")))
    ran = perform(Job(program, edits, seed, text=text, seconds=120), folder / f"run{number}")
    assert ran.exit == 0, ran.says
    return ran


def is_its_own_patch(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, applied: bool = False) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    program = script(tmp_path, case.program)
    edits = edits_of(case, program)
    changed = run(tmp_path, program, edits)
    assert set(changed.done) >= {i for i, edit in enumerate(edits) if edit.at != "call" or len(edits) == 1}
    written = write_down(changed.marks, tmp_path)
    assert written.advice == ()
    (text,) = written.texts.values()
    for line in case.writes:
        assert line in text
    patched = run(tmp_path, program, text=text)
    assert patched.series == changed.series
    assert len(changed.series["test loss"]) > 2
    assert Path(program.name).read_text() == case.program  # nothing is written
    if applied:  # and it is a patch as others make them
        (tmp_path / "treated.patch").write_text(written.diff(tmp_path))
        subprocess.run(["patch", "-p1", "-i", "treated.patch"], cwd=tmp_path, check=True, capture_output=True)
        assert Path(program.name).read_text() == text
