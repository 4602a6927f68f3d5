"""A handful of the clinic's programs from end to end, by the very command that its score is made with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gradwise.diagnose import CODES
from gradwise.remedy.outside.child import Ran
from gradwise.remedy.outside.figure import Figure

CLINIC = Path(__file__).resolve().parent.parent / "clinic"
sys.path.insert(0, str(CLINIC))

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
