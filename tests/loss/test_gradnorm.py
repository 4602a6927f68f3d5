from __future__ import annotations

import pytest
import torch
from torch import nn

from gradwise.errors import RecipeError
from gradwise.loss import CrossEntropy, GradNorm, MeanSquaredError, MultiTask
from gradwise.stages import Batch

TASKS = MultiTask((MeanSquaredError(), MeanSquaredError()), outputs=(1, 1), labels=(1, 1))


class Two(nn.Module):
    """Outputs (s x, 3 s x): the second task's gradient at s is nine times the first's."""

    def __init__(self) -> None:
        super().__init__()
        self.s = nn.Linear(1, 1, bias=False)
        nn.init.ones_(self.s.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shared = self.s(x)
        return torch.cat([shared, 3 * shared], 1)


BATCH = Batch(torch.ones(4, 1), torch.zeros(4, 2), torch.arange(4))


def test_weights_by_hand() -> None:
    technique, model = GradNorm(TASKS, alpha=0.0, lr=0.1), Two()
    loss = technique(model, BATCH)
    assert float(loss.detach()) == 1 + 9  # weights are 1 at first
    # lengths 2 and 18, mean 10: w = 1 + 0.1 * 0.2 and 1 - 0.1 * 1.8, scaled to a sum of 2
    first, second = 1.02, 0.82
    expected = torch.tensor([first, second]) * 2 / (first + second)
    torch.testing.assert_close(technique.kept["weights"], expected)
    torch.testing.assert_close(technique(model, BATCH).detach(), (expected * torch.tensor([1.0, 9.0])).sum())


def test_gradients_become_alike() -> None:
    technique, model = GradNorm(TASKS, alpha=0.0, lr=0.02), Two()
    for _ in range(400):
        technique(model, BATCH)
    weights = technique.kept["weights"]
    assert float(weights[0] * 2 / (weights[1] * 18)) == pytest.approx(1, abs=0.15)
    assert float(weights.sum()) == pytest.approx(2)


def test_a_task_that_lags_is_pulled() -> None:
    even, pulled = GradNorm(TASKS, alpha=0.0), GradNorm(TASKS, alpha=2.0)
    for technique in (even, pulled):
        technique.kept["first"] = torch.tensor([1.0, 90.0])  # the first has not moved, the second has come far
        for _ in range(200):
            technique(Two(), BATCH)
    assert pulled.kept["weights"][0] > even.kept["weights"][0]


def test_an_evaluation_moves_nothing_and_a_resume_goes_on() -> None:
    technique, model = GradNorm(TASKS), Two()
    with torch.no_grad():
        technique(model, BATCH)
    technique(model.eval(), BATCH)
    assert technique.kept == {}
    technique(model.train(), BATCH)
    again = GradNorm(TASKS)
    again.kept.restore(technique.kept.state())
    technique(model, BATCH)
    again(model, BATCH)
    assert torch.equal(again.kept["weights"], technique.kept["weights"])


def test_it_asks_for_tasks_and_a_layer_that_is_there() -> None:
    with pytest.raises(RecipeError, match=r"GradNorm\.objective must give each task's loss"):
        GradNorm(CrossEntropy())(Two(), BATCH)
    with pytest.raises(RecipeError, match="no layer 'q'"):
        GradNorm(TASKS, layer="q")(Two(), BATCH)
    GradNorm(TASKS, layer="s")(Two(), BATCH)
