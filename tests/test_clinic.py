"""A handful of the clinic's programs from end to end, by the very command that its score is made with."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from gradwise.diagnose import CODES
from gradwise.remedy.outside.child import Ran
from gradwise.remedy.outside.figure import Figure

CLINIC = Path(__file__).resolve().parent.parent / "clinic"
sys.path.insert(0, str(CLINIC))

import plant  # noqa: E402  # pyright: ignore[reportMissingImports]
import repair  # noqa: E402  # pyright: ignore[reportMissingImports]
import score  # noqa: E402  # pyright: ignore[reportMissingImports]

SICK = (
    "probabilities-as-logits/digits_cnn.py",
    "missing-zero-grad/wine_tensors.py",
    "symmetric-initialisation/wine_mlp.py",
    "not-optimised/wave_residual.py",
    "loss-shape-broadcast/friedman_mlp.py",
    "non-finite/digits_siamese.py",
    "wrong-gradient/sine_field.py",
)
HEALTHY = ("moons_sam.py", "wine_lbfgs.py", "ring_gan.py")


@pytest.mark.parametrize("name", SICK)
def test_the_fault_is_named_first_and_the_cured_program_is_left_alone(name: str, tmp_path: Path) -> None:
    path = CLINIC / "first" / "sick" / name
    sick, twin = score.Run(path, path.parent.name, "sick"), score.Run(path, path.parent.name, "twin")
    for run in (sick, twin):
        score.examine(run, tmp_path, False)
        assert not run.failed
    assert sick.findings[0]["code"] == path.parent.name
    assert not twin.alarms("error")
    assert not twin.alarms("warning")


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_said_of_a_healthy_program(name: str, tmp_path: Path) -> None:
    run = score.Run(CLINIC / "first" / "healthy" / name, "", "healthy")
    score.examine(run, tmp_path, False)
    assert not run.failed
    assert not run.findings


def test_every_code_has_its_programs() -> None:
    for half in ("first", "second"):
        codes = {run.code for run in score.programs(half, []) if run.kind == "sick"}
        assert codes == set(CODES)


def test_silence_without_a_verdict_is_no_health(tmp_path: Path) -> None:
    program = tmp_path / "broken.py"
    program.write_text("import os\nos._exit(0)\n")
    run = score.Run(program, "", "healthy")
    score.examine(run, tmp_path / "out", False)
    assert run.failed


@pytest.mark.parametrize(
    ("figure", "sick", "twin", "limit"),
    [
        (Figure("val loss", False), [1.0, 0.4, 0.9], [0.8, 0.4], 0.01),  # it overfits: from where it ends
        (Figure("val loss", False), [2.0, 1.0, 90.0], [0.6, 0.5], 0.03),  # it explodes: from where it begins
        (Figure("val loss", False), [0.6, 0.5], [3.0, 0.5], 0.05),  # all that the twin runs through
        (Figure("fit", True), [-4.0, -3.0], [-1.5, -1.0], 0.04),
        (Figure("val f1", True), [0.1, 0.2], [0.5, 0.9], 0.02),  # a share
        (Figure("val acc", True, share=True), [0.1, 0.2], [0.5, 0.9], 0.02),
    ],
)
def test_how_near_a_treated_program_must_come(
    figure: Figure, sick: list[float], twin: list[float], limit: float
) -> None:
    given = (repair.measured(figure, Ran(series={figure.name: values})) for values in (sick, twin))
    assert repair.allowed(figure, *given) == pytest.approx(limit)


PROGRAM = """
model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
loss = F.cross_entropy(torch.tanh(model(x)), y)
optimizer.zero_grad()
loss.backward()
optimizer.step()
"""


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        ("learning-rate-too-high", "lr=10.0, momentum=0.9)"),
        ("learning-rate-too-low", "lr=0.0001, momentum=0.9)"),
        ("missing-zero-grad", "pass"),
        ("gradient-ascent", "(-loss).backward()"),
        ("probabilities-as-logits", "F.cross_entropy(torch.softmax(torch.tanh(model(x)), -1), y)"),
        ("no-nonlinearity", "F.cross_entropy(model(x), y)"),
    ],
)
def test_a_fault_is_planted_and_nothing_else_is_changed(fault: str, line: str) -> None:
    transformer = plant.Planted(plant.FAULTS[fault])
    text = ast.unparse(ast.fix_missing_locations(transformer.visit(ast.parse(PROGRAM))))
    assert transformer.places == (2 if fault == "no-nonlinearity" else 1)
    before, after = (set(each.strip().splitlines()) for each in (ast.unparse(ast.parse(PROGRAM)), text))
    assert len(after - before) == transformer.places
    assert line in text
