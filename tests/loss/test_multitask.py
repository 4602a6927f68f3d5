from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch
from tests.loss.test_supervised import number
from torch import Tensor, nn

from gradwise.errors import RecipeError, ShapeError
from gradwise.evaluate import evaluate
from gradwise.loss import FAMO, L2, CrossEntropy, MeanSquaredError, MultiTask, Uncertainty
from gradwise.stages import Batch

BOTH = (CrossEntropy(), MeanSquaredError())
# two classes by odds, then a number
OUTPUT = torch.tensor([[0.0, math.log(3.0), 1.0], [0.0, 0.0, 5.0]])
Y = torch.tensor([[1.0, 2.0], [0.0, 2.0]])
BATCH = Batch(OUTPUT, Y, torch.arange(2))
CLASS, NUMBER = (math.log(4 / 3) + math.log(2)) / 2, (1 + 9) / 2


def test_columns_by_hand() -> None:
    tasks = MultiTask(BOTH, outputs=(2, 1), weights=(1, 0.5))
    assert number(tasks(nn.Identity(), BATCH)) == pytest.approx(CLASS + 0.5 * NUMBER)
    assert tasks.losses(nn.Identity(), BATCH).tolist() == pytest.approx([CLASS, 0.5 * NUMBER])
    assert number(MultiTask(BOTH, outputs=(2, 1)).criterion(OUTPUT, Y)) == pytest.approx(CLASS + NUMBER)


@pytest.mark.parametrize("form", [tuple, lambda parts: {"kind": parts[0], "size": parts[1]}], ids=["tuple", "dict"])
def test_a_network_may_give_them_one_by_one(form: Any) -> None:
    output = form(OUTPUT.split([2, 1], 1))
    assert number(MultiTask(BOTH).criterion(output, Y)) == pytest.approx(CLASS + NUMBER)


def test_several_numbers_are_one_task() -> None:
    tasks = MultiTask((MeanSquaredError(), CrossEntropy()), outputs=(2, 3), labels=(2, 1))
    output, y = torch.randn(4, 5), torch.tensor([[0.5, 1, 2], [0, 0, 1], [1, 1, 0], [2, 2, 2]])
    expected = MeanSquaredError().criterion(output[:, :2], y[:, :2])
    expected = expected + CrossEntropy().criterion(output[:, 2:], y[:, 2].long())
    torch.testing.assert_close(tasks.criterion(output, y), expected)


def test_whole_numbers_are_labels_too() -> None:
    tasks = MultiTask((CrossEntropy(), CrossEntropy()), outputs=(2, 1 + 1))
    output, y = torch.randn(4, 4), torch.randint(2, (4, 2))
    expected = CrossEntropy().criterion(output[:, :2], y[:, 0]) + CrossEntropy().criterion(output[:, 2:], y[:, 1])
    torch.testing.assert_close(tasks.criterion(output, y), expected)


def test_an_evaluation_tells_the_tasks_apart() -> None:
    tasks = MultiTask(BOTH, outputs=(2, 1), names=("kind", "size"))
    for objective in (tasks, L2(1.0, tasks), Uncertainty(tasks), FAMO(tasks)):
        found = evaluate(nn.Identity(), objective, [BATCH])
        assert found == pytest.approx({"loss": CLASS + NUMBER, "kind_accuracy": 1.0, "size_mae": 2.0})
    assert set(evaluate(nn.Identity(), MultiTask(BOTH, (2, 1)), [BATCH])) == {"loss", "task0_accuracy", "task1_mae"}


def test_what_does_not_fit_is_told() -> None:
    def refused(kind: type[Exception], text: str, y: Tensor = Y, **arguments: Any) -> None:
        with pytest.raises(kind, match=text):
            MultiTask(**{"tasks": BOTH, "outputs": (2, 1)} | arguments)(nn.Identity(), BATCH._replace(y=y))

    refused(ShapeError, r"MultiTask.outputs shares out 2 columns, the output is \(2, 3\)", outputs=(1, 1))
    refused(ShapeError, r"MultiTask.labels shares out 2 columns, y is \(2,\)", y=torch.zeros(2))
    refused(RecipeError, "2 tasks, but 3 outputs", outputs=(1, 1, 1))
    refused(RecipeError, "2 tasks, but 1 weights", weights=(1,))
    refused(RecipeError, "L2 has no criterion", tasks=(L2(), MeanSquaredError()))
    for kind in (Uncertainty, FAMO):
        with pytest.raises(RecipeError, match=f"{kind.__name__}.objective must give each task's loss"):
            kind(CrossEntropy())(nn.Identity(), BATCH)


# Weights that follow from how it goes.

TASKS = MultiTask(BOTH, outputs=(2, 1))


def test_uncertainty_by_hand() -> None:
    objective = Uncertainty(TASKS, lr=0.1)
    assert number(objective(nn.Identity(), BATCH)) == pytest.approx(CLASS + NUMBER)
    v = [-0.1 * (0.5 - CLASS), -0.1 * (0.5 - NUMBER)]
    assert objective.kept["v"].tolist() == pytest.approx(v)
    expected = sum(math.exp(-s) * loss + s / 2 for s, loss in zip(v, (CLASS, NUMBER), strict=True))
    assert number(objective(nn.Identity(), BATCH)) == pytest.approx(expected)


def test_uncertainty_s_slope_is_its_price_s() -> None:
    losses, v = torch.tensor([2.0, 0.3]), torch.tensor([0.4, -0.2], requires_grad=True)
    (torch.exp(-v) * losses + v / 2).sum().backward()
    assert v.grad is not None
    torch.testing.assert_close(v.grad, 0.5 - torch.exp(-v.detach()) * losses)


def test_uncertainty_settles_where_the_loss_is_half_the_variance() -> None:
    objective = Uncertainty(TASKS, lr=0.2)
    for _ in range(300):
        objective(nn.Identity(), BATCH)
    assert objective.kept["v"].exp().tolist() == pytest.approx([2 * CLASS, 2 * NUMBER], rel=1e-3)


def reference_famo(x: Tensor, y: Tensor, model: nn.Linear, steps: int) -> list[float]:
    """The authors' algorithm, the step judged on its own batch right after it."""
    w = torch.zeros(2, requires_grad=True)
    adam = torch.optim.Adam([w], lr=0.1, weight_decay=0.01)
    sgd, found = torch.optim.SGD(model.parameters(), lr=0.05), list[float]()
    for _ in range(steps):
        losses = (model(x) - y).square().mean(0)
        z, d = w.softmax(0), losses + 1e-8
        loss = (d.log() * z.detach() / (z / d).sum().detach()).sum()
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        found.append(number(loss))
        with torch.no_grad():
            gain = d.log() - ((model(x) - y).square().mean(0) + 1e-8).log()
        w.grad = torch.autograd.grad(w.softmax(0), w, gain.detach())[0]
        adam.step()
    return found


def test_famo_is_the_authors_algorithm() -> None:
    torch.manual_seed(0)
    x, y = torch.randn(8, 3), torch.randn(8, 2) * torch.tensor([1.0, 20.0])
    model = nn.Linear(3, 2)
    expected = reference_famo(x, y, copy.deepcopy(model), 12)
    objective = FAMO(MultiTask((MeanSquaredError(), MeanSquaredError()), outputs=(1, 1)), lr=0.1, decay=0.01)
    sgd, found = torch.optim.SGD(model.parameters(), lr=0.05), list[float]()
    for _ in range(12):
        loss = objective(model, Batch(x, y, torch.arange(8)))
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        found.append(number(loss))
    assert found == pytest.approx(expected, rel=1e-5)
    assert objective.kept["logits"].abs().min() > 0.1  # they have moved


@pytest.mark.parametrize("kind", [Uncertainty, FAMO])
def test_it_goes_on_where_it_stood_and_who_only_looks_moves_nothing(kind: Any) -> None:
    torch.manual_seed(0)

    def run(objective: Any, model: nn.Linear, first: int, last: int) -> list[float]:
        losses = list[float]()
        for step in range(first, last):
            torch.manual_seed(step)
            y = torch.stack([torch.randint(2, (6,)).float(), torch.randn(6)], 1)
            loss = objective(model, Batch(torch.randn(6, 4), y, torch.arange(6)))
            model.zero_grad()
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= 0.1 * p.grad  # type: ignore[operator]
            losses.append(number(loss))
        return losses

    model, objective = nn.Linear(4, 3), kind(TASKS)
    with torch.no_grad():
        objective(model, Batch(torch.randn(2, 4), Y, torch.arange(2)))
    assert not objective.kept
    run(objective, model, 0, 3)
    other, again = copy.deepcopy(model), kind(TASKS)
    again.kept.restore(copy.deepcopy(objective.kept.state()))
    assert run(objective, model, 3, 6) == run(again, other, 3, 6)
