from __future__ import annotations

import copy
import itertools

import pytest
import torch
from torch import Tensor, nn

from gradwise.errors import RecipeError
from gradwise.gradient import Backprop, GaussNewton, LevenbergMarquardt
from gradwise.loss import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from gradwise.stages import Backward, Batch, Objective


def flat(tensors: list[Tensor | None]) -> Tensor:
    return torch.cat([t.flatten() for t in tensors if t is not None])


def step(backward: Backward, objective: Objective, model: nn.Module, batch: Batch) -> Tensor:
    """One turn of the cycle with SGD(lr=1); the loss before it."""
    model.zero_grad(set_to_none=True)
    loss = backward(objective, model, batch)
    assert not loss.requires_grad
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p.sub_(p.grad)
    return loss


def points(size: int = 12, outputs: int = 2) -> Batch:
    return Batch(torch.randn(size, 3), torch.randn(size, outputs), torch.arange(size))


def test_one_weight_by_hand() -> None:
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 3.0)
    batch = Batch(torch.tensor([[2.0]]), torch.tensor([[4.0]]), torch.arange(1))
    loss = GaussNewton(damping=2.0)(MeanSquaredError(), model, batch)
    assert float(loss) == 4
    assert model.weight.grad is not None
    assert model.weight.grad.item() == pytest.approx(8 / (8 + 2))  # g = 2 * 2 * 2, J^T H J = 2 * 2 * 2


def test_least_squares_are_solved_in_one_step() -> None:
    model, batch = nn.Linear(3, 2), points()
    step(GaussNewton(1e-9), MeanSquaredError(), model, batch)
    x = torch.cat([batch.x, torch.ones(12, 1)], 1)
    solution = torch.linalg.lstsq(x, batch.y).solution.T
    found = torch.cat([model.weight, model.bias[:, None]], 1).detach()
    torch.testing.assert_close(found, solution, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("size", [2, 40], ids=["rows fewer", "rows more"])
@pytest.mark.parametrize("objective", [CrossEntropy(), CrossEntropy(0.1), MeanSquaredError(), BinaryCrossEntropy()])
def test_both_forms_are_the_matrix_of_the_definition(size: int, objective: Objective) -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3))
    y = torch.randint(3, (size,)) if isinstance(objective, CrossEntropy) else torch.rand(size, 3)
    batch = Batch(torch.randn(size, 3), y, torch.arange(size))
    GaussNewton(0.1)(objective, model, batch)
    found = flat([p.grad for p in model.parameters()])

    exact = copy.deepcopy(model).double()
    output = exact(batch.x.double())
    target = y if isinstance(objective, CrossEntropy) else y.double()
    params = list(exact.parameters())
    rows = [torch.autograd.grad(z, params, retain_graph=True) for z in output.flatten()]
    jacobian = torch.stack([flat(list(row)) for row in rows])  # (B K, P)
    slope = flat(list(torch.autograd.grad(objective(exact, Batch(batch.x.double(), target, batch.index)), params)))
    criterion = objective.criterion  # type: ignore[attr-defined]
    curvature = torch.autograd.functional.hessian(
        lambda z: criterion(z.view_as(output), target), output.detach().flatten()
    )
    matrix = jacobian.T @ curvature @ jacobian + 0.1 * torch.eye(jacobian.shape[1], dtype=torch.float64)
    expected = torch.linalg.solve(matrix, slope)
    torch.testing.assert_close(found.double(), expected, rtol=1e-3, atol=1e-5)


def test_much_damping_is_the_gradient() -> None:
    model, batch = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), points()
    other = copy.deepcopy(model)
    GaussNewton(1e6)(MeanSquaredError(), model, batch)
    Backprop()(MeanSquaredError(), other, batch)
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        assert p.grad is not None
        assert q.grad is not None
        torch.testing.assert_close(p.grad * 1e6, q.grad, rtol=1e-3, atol=1e-6)


def test_damping_looks_after_itself() -> None:
    model, batch = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2)), points()
    backward, losses = LevenbergMarquardt(), list[float]()
    for _ in range(40):
        losses.append(float(step(backward, MeanSquaredError(), model, batch)))
    assert all(b <= a * 1.00001 for a, b in itertools.pairwise(losses))  # never uphill
    assert losses[-1] < 1e-6 * losses[0]


def test_a_step_uphill_is_not_taken() -> None:
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 3.0)
    batch = Batch(torch.ones(1, 1), torch.zeros(1, 1), torch.arange(1))

    def well(net: nn.Module, given: Batch) -> Tensor:  # sqrt(1 + w^2): Newton's step overshoots beyond 1
        return (1 + net(given.x).square()).sqrt().sum()

    backward = LevenbergMarquardt(damping=1e-3, up=7)
    backward(well, model, batch)
    assert model.weight.grad is not None
    assert model.weight.grad.item() == 0
    assert float(backward.kept["damping"]) == pytest.approx(7e-3)
    assert model.weight.item() == 3.0  # put back to the bit


def test_the_damping_is_kept_by_a_checkpoint() -> None:
    model, batch = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), points()
    first, second = LevenbergMarquardt(), LevenbergMarquardt()
    for _ in range(3):
        step(first, MeanSquaredError(), model, batch)
    other = copy.deepcopy(model)
    second.kept.restore(copy.deepcopy(first.kept.state()))
    step(first, MeanSquaredError(), model, batch)
    step(second, MeanSquaredError(), other, batch)
    assert torch.equal(flat(list(model.parameters())), flat(list(other.parameters())))


def test_batch_statistics_move_once_and_the_trial_leaves_none() -> None:
    model, batch = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)), points()
    other = copy.deepcopy(model)
    LevenbergMarquardt()(MeanSquaredError(), model, batch)
    Backprop()(MeanSquaredError(), other, batch)
    assert all(torch.equal(a, b) for a, b in zip(model.buffers(), other.buffers(), strict=True))


def test_what_is_not_reached_or_frozen_does_not_move() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    model.register_parameter("unused", nn.Parameter(torch.ones(2)))
    model[0].bias.requires_grad_(False)
    GaussNewton()(MeanSquaredError(), model, points())
    assert model.unused.grad is not None
    assert model.unused.grad.tolist() == [0, 0]  # type: ignore[operator]
    assert model[0].bias.grad is None


@pytest.mark.parametrize("backward", [GaussNewton(), LevenbergMarquardt()], ids=repr)
def test_a_network_that_is_too_large_is_refused(backward: Backward) -> None:
    batch = Batch(torch.randn(200, 784), torch.randint(10, (200,)), torch.arange(200))
    with pytest.raises(RecipeError, match="is for small networks") as caught:
        backward(CrossEntropy(), nn.Linear(784, 10), batch._replace(x=batch.x.repeat(20, 1), y=batch.y.repeat(20)))
    assert len(str(caught.value).splitlines()) <= 5


def test_an_objective_that_asks_twice_is_refused() -> None:
    def twice(model: nn.Module, batch: Batch) -> Tensor:
        return MeanSquaredError()(model, batch) + MeanSquaredError()(model, batch)

    with pytest.raises(RecipeError, match="asks the network once"):
        GaussNewton()(twice, nn.Linear(3, 2), points())


def test_a_loss_that_is_not_finite_is_not_hidden() -> None:
    model, batch = nn.Linear(3, 2), points()
    batch.x[0, 0] = torch.inf
    for backward in (GaussNewton(), LevenbergMarquardt()):
        loss = backward(MeanSquaredError(), model, batch)
        assert not bool(loss.isfinite())
        assert not bool(flat([p.grad for p in model.parameters()]).isfinite().all())
