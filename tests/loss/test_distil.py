from __future__ import annotations

import copy
import math
from pathlib import Path

import pytest
import safetensors.torch
import torch
from tests.loss.test_supervised import number
from torch import Tensor, nn
from torch.nn import functional as F

from gradwise.errors import RecipeError, ShapeError
from gradwise.loss import L2, CrossEntropy, Distill, FeatureDistill
from gradwise.model import MLP
from gradwise.stages import Batch


class Fixed(nn.Module):
    """Gives the same logits whatever it is asked."""

    def __init__(self, *rows: list[float]) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.tensor(rows))

    def forward(self, x: Tensor) -> Tensor:
        return self.logits


ONE = Batch(torch.zeros(1, 2), torch.tensor([1]), torch.tensor([0]))
HALF, QUARTER = [0.0, 0.0], [0.0, math.log(3.0)]


def test_by_hand() -> None:
    # teacher (1/2, 1/2), student (1/4, 3/4): KL = 1/2 log 2 + 1/2 log 2/3
    distance = 0.5 * math.log(2) + 0.5 * math.log(2 / 3)
    loss = Distill((Fixed(HALF),), temperature=1, alpha=0.25)(Fixed(QUARTER), ONE)
    assert number(loss) == pytest.approx(0.75 * math.log(4 / 3) + 0.25 * distance)


def test_the_temperature_softens_both_and_is_made_up_for() -> None:
    student, teacher = Fixed([2.0, -1.0]), Fixed([0.5, 3.0])
    loss = Distill((teacher,), temperature=3, alpha=1)(student, ONE)
    q, p = (teacher.logits / 3).softmax(1), (student.logits / 3).softmax(1)
    torch.testing.assert_close(loss, 9 * (q * (q.log() - p.log())).sum())


def test_teachers_are_averaged() -> None:
    two = Distill((Fixed([9.0, 0.0]), Fixed([0.0, 9.0])), temperature=1, alpha=1)(Fixed(QUARTER), ONE)
    even = Distill((Fixed(HALF),), temperature=1, alpha=1)(Fixed(QUARTER), ONE)
    torch.testing.assert_close(two, even)


def test_who_agrees_with_the_teacher_has_no_distance_and_no_slope() -> None:
    student = Fixed([1.0, 2.0])
    Distill((copy.deepcopy(student),), alpha=1)(student, ONE).backward()
    assert student.logits.grad is not None
    assert student.logits.grad.abs().max() < 1e-6


def test_a_teacher_learns_nothing_and_stays_the_user_s() -> None:
    teacher = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5))
    objective, student = Distill((teacher,)), nn.Linear(2, 2)
    objective(student, ONE).backward()
    assert teacher.training
    assert all(p.grad is None and p.requires_grad for p in teacher.parameters())
    assert not objective.made[0].training
    assert student.weight.grad is not None


def test_a_penalty_within_is_not_lost() -> None:
    student = nn.Linear(2, 2)
    plain = Distill((Fixed(HALF),), alpha=0.5)(student, ONE)
    priced = Distill((Fixed(HALF),), alpha=0.5, objective=L2(2.0))(student, ONE)
    torch.testing.assert_close(priced - plain, 0.5 * student.weight.square().sum())


def test_weights_come_from_a_checkpoint_s_file_and_no_random_number_is_used(tmp_path: Path) -> None:
    teacher = MLP((2, 5, 2))()
    path = tmp_path / "weights.safetensors"
    safetensors.torch.save_file(teacher.state_dict(), path)
    student = nn.Linear(2, 2)
    before = torch.get_rng_state()
    loss = Distill((MLP((2, 5, 2)),), (str(path),))(student, ONE)
    assert torch.equal(torch.get_rng_state(), before)
    torch.testing.assert_close(loss, Distill((teacher,))(student, ONE))
    torch.testing.assert_close(Distill((MLP((2, 5, 2)),))(student, ONE), Distill((MLP((2, 5, 2)),))(student, ONE))


def test_what_does_not_fit_is_told(tmp_path: Path) -> None:
    student = nn.Linear(2, 2)
    with pytest.raises(RecipeError, match=r"nowhere.safetensors does not hold this teacher's weights"):
        Distill((MLP((2, 2)),), (str(tmp_path / "nowhere.safetensors"),))(student, ONE)
    path = tmp_path / "other.safetensors"
    safetensors.torch.save_file(MLP((2, 7, 2))().state_dict(), path)
    with pytest.raises(RecipeError, match="does not hold this teacher's weights"):
        Distill((MLP((2, 2)),), (str(path),))(student, ONE)
    with pytest.raises(RecipeError, match="names 1 places for 2 teachers"):
        Distill((MLP((2, 2)), MLP((2, 2))), (str(path),))(student, ONE)
    with pytest.raises(RecipeError, match=r"the teacher gives \(1, 3\) outputs, the student \(1, 2\)"):
        Distill((MLP((2, 3)),))(student, ONE)


# Features.


def features(student: nn.Module, teacher: nn.Module, batch: Batch, **arguments: object) -> Tensor:
    with_them = FeatureDistill(teacher, "0", "0", objective=CrossEntropy(), **arguments)  # type: ignore[arg-type]
    return with_them(student, batch) - CrossEntropy()(student, batch)


def test_features_of_one_width_by_hand() -> None:
    torch.manual_seed(0)
    student, teacher = (nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)) for _ in range(2))
    batch = Batch(torch.randn(6, 4), torch.randint(2, (6,)), torch.arange(6))
    expected = 0.5 * F.mse_loss(student[0](batch.x), teacher[0](batch.x))  # type: ignore[operator]
    torch.testing.assert_close(features(student, teacher, batch, strength=0.5), expected)
    assert number(features(student, student, batch)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("wide", [2, 8])
def test_other_widths_are_projected_alike_each_time(wide: int) -> None:
    student, teacher = (nn.Sequential(nn.Linear(4, width), nn.Linear(width, 2)) for width in (3, wide))
    batch = Batch(torch.randn(6, 4), torch.randint(2, (6,)), torch.arange(6))
    before = torch.get_rng_state()
    one = features(student, teacher, batch)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(one, features(student, teacher, batch))
    assert number(one) > 0


def test_a_projection_keeps_lengths_in_the_mean() -> None:
    student, teacher = nn.Sequential(nn.Linear(4, 400)), nn.Sequential(nn.Linear(4, 700))
    objective = FeatureDistill(teacher, "0", "0")
    theirs = torch.randn(20, 1, 700)
    projected = objective._projected(theirs, torch.zeros(20, 1, 400))
    assert number(projected.norm() / theirs.norm()) == pytest.approx(1, abs=0.05)
    assert student is not teacher


def test_pictures_are_pooled_to_the_student_s_size() -> None:
    class Net(nn.Sequential):
        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x).mean((2, 3))

    student, teacher = Net(nn.Conv2d(1, 2, 3, stride=2)), Net(nn.Conv2d(1, 2, 3))
    batch = Batch(torch.randn(3, 1, 9, 9), torch.tensor([0, 1, 0]), torch.arange(3))
    expected = F.mse_loss(student[0](batch.x), F.adaptive_avg_pool2d(teacher[0](batch.x), 4))
    torch.testing.assert_close(features(student, teacher, batch), expected)


def test_layers_that_are_not_there_or_do_not_fit() -> None:
    student, batch = nn.Sequential(nn.Linear(2, 2)), ONE
    with pytest.raises(RecipeError, match=r"FeatureDistill\.layer: the network has no layer '7'"):
        FeatureDistill(student, "7", "0")(student, batch)
    with pytest.raises(RecipeError, match=r"FeatureDistill\.teacher_layer: the network has no layer ''"):
        FeatureDistill(student, "0", "")(student, batch)
    longer = nn.Sequential(nn.Unflatten(1, (2, 1)), nn.Flatten(1))
    with pytest.raises(ShapeError, match="as many positions are needed"):
        FeatureDistill(longer, "0", "0")(student, batch)
