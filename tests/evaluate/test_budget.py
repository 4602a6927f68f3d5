from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradwise.data import Digits
from gradwise.errors import RecipeError
from gradwise.evaluate import Budget, GeneralisationGap
from gradwise.model import MLP
from gradwise.recipe import Recipe, Watching
from gradwise.train import Trained, resume, train
from gradwise.update import ReduceOnPlateau
from gradwise.watch import Trace


def run(folder: Path | None = None, **stages: Any) -> Trained:
    return train(recipe(**stages), folder, show=lambda event: None)


def recipe(**stages: Any) -> Recipe:
    fields: dict[str, Any] = {"data": Digits(valid=0.1, test=0.3), "model": MLP((64, 16, 10)), "epochs": 4}
    return Recipe(**fields | {"watch": Watching(on=False)} | stages)


@pytest.mark.parametrize(("steps", "evaluations"), [(7, 1), (16, 1), (20, 2), (32, 2)])
def test_steps_end_a_run_in_the_middle_of_an_epoch_too(steps: int, evaluations: int) -> None:
    trained = run(stop=(Budget(steps=steps),))
    assert trained.finished.steps == steps
    assert len(trained.trace.metric("valid_loss")[1]) == evaluations
    assert trained.finished.reason == f"stopped by Budget(steps={steps}, seconds=0.0)"
    assert "test_accuracy" in trained.finished.test


def test_a_budget_beyond_the_run_changes_nothing() -> None:
    one, other = run(), run(stop=(Budget(steps=10_000, seconds=1e6),))
    assert one.finished.test == other.finished.test
    assert other.finished.reason == "finished"


def test_seconds_end_a_run_and_go_on_counting_after_a_resume(tmp_path: Path) -> None:
    short = run(tmp_path / "run", epochs=2)
    assert short.finished.steps == 32
    again = resume(
        tmp_path / "run", recipe(epochs=400, stop=(Budget(seconds=1e-3),)), accept_changes=True, show=lambda event: None
    )
    assert again.finished.steps == 32  # what was spent before the resume counts
    assert run(epochs=1e6, stop=(Budget(seconds=0.3),)).finished.seconds < 30


def test_one_of_the_two_is_asked_for() -> None:
    with pytest.raises(RecipeError, match=r"Budget\.steps must be above 0"):
        Budget()


def record(valid: list[float], train_: list[float]) -> Trace:
    made = Trace()
    for i, (one, other) in enumerate(zip(valid, train_, strict=True)):
        made.evaluated(10 * (i + 1), {"train_loss": other, "valid_loss": one})
    made.best_by = "valid_loss"
    return made


def test_the_gap_by_hand() -> None:
    stop = GeneralisationGap(share=0.5, after=1)
    assert not stop(Trace())
    assert not stop(record([1.0], [0.1]))  # too early to ask
    assert not stop(record([1.0, 1.0], [0.1, 0.5]))
    assert stop(record([1.0, 1.0], [0.1, 0.49]))
    assert not stop(record([1.0, 1.0], [0.1, 2.0]))
    made = Trace()
    made.evaluated(1, {"train_loss": 1.0})
    with pytest.raises(RecipeError, match="needs a validation set"):
        stop(made)


def test_the_rate_falls_where_nothing_gets_better() -> None:
    schedule = ReduceOnPlateau(factor=0.1, epochs=2, least=0.0, final=0.005)
    scales: list[float] = []
    values = [1.0, 0.9, 0.95, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]
    for count in range(len(values) + 1):
        schedule.look(record(values[:count], values[:count]))
        scales.append(schedule(0.3))
    #        -  1.0  0.9  .95  0.9: two not better  0.8  0.8  0.8: two   0.8  0.8: two
    assert scales == pytest.approx([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.005, 0.005, 0.005])


def test_it_falls_as_torch_s_does() -> None:
    import torch

    generator = torch.Generator().manual_seed(0)
    values = (torch.rand(60, generator=generator) + torch.linspace(1, 0, 60)).tolist()
    for rest in (0, 3):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=0.5, patience=3, threshold=1e-3, cooldown=rest, eps=0
        )
        ours = ReduceOnPlateau(factor=0.5, epochs=4, least=1e-3, rest=rest)  # torch's patience is one less
        for count in range(1, len(values) + 1):
            theirs.step(values[count - 1])
            ours.look(record(values[:count], values[:count]))
            assert ours(0.0) == pytest.approx(optimizer.param_groups[0]["lr"])


def test_a_run_s_rate_falls_and_a_resumed_one_s_too(tmp_path: Path) -> None:
    stages: dict[str, Any] = {"schedule": ReduceOnPlateau(factor=0.5, epochs=1, least=1.0), "epochs": 4}
    rates: list[float] = []
    whole = train(recipe(**stages), show=lambda event: rates.append(event.row["lr"]) if hasattr(event, "row") else None)
    assert rates[1] == pytest.approx(rates[0])  # accuracy has to rise by more than 1: never
    assert rates[2] == pytest.approx(rates[0] / 2)
    assert rates[3] == pytest.approx(rates[0] / 4)
    run(tmp_path / "run", **stages | {"epochs": 2})
    again = resume(tmp_path / "run", recipe(**stages), accept_changes=True, show=lambda event: None)
    assert again.finished.test == whole.finished.test
