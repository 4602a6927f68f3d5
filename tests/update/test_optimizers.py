from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gradwise.errors import RecipeError
from gradwise.kernels import library, status
from gradwise.update import SGD, Adam, AdamW
from gradwise.update.fused import FusedAdam, FusedSGD, suits

Make = Callable[[Any], torch.optim.Optimizer]
needs_compiler = pytest.mark.skipif(library() is None, reason=status())
PAIRS: list[tuple[Any, Make]] = [
    (SGD(0.1), lambda params: torch.optim.SGD(params, 0.1)),
    (SGD(0.1, weight_decay=0.05), lambda params: torch.optim.SGD(params, 0.1, weight_decay=0.05)),
    (SGD(0.05, 0.9, weight_decay=0.01), lambda params: torch.optim.SGD(params, 0.05, 0.9, weight_decay=0.01)),
    (SGD(0.05, 0.9, True, 0.01), lambda params: torch.optim.SGD(params, 0.05, 0.9, nesterov=True, weight_decay=0.01)),
    (Adam(0.01), lambda params: torch.optim.Adam(params, 0.01)),
    (Adam(0.01, (0.5, 0.9), 1e-3, 0.1), lambda params: torch.optim.Adam(params, 0.01, (0.5, 0.9), 1e-3, 0.1)),
    (AdamW(0.01), lambda params: torch.optim.AdamW(params, 0.01)),
    (AdamW(0.01, (0.8, 0.95), 1e-6, 0.3), lambda params: torch.optim.AdamW(params, 0.01, (0.8, 0.95), 1e-6, 0.3)),
]
pairs = pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=[repr(ours) for ours, _ in PAIRS])


def weights() -> list[nn.Parameter]:
    """Of all kinds: a matrix, one by columns, a picture's filters channels last, a vector, a number, several blocks."""
    shapes: list[Tensor] = [
        torch.randn(3, 4),
        torch.randn(4, 3).t(),
        torch.randn(2, 3, 3, 3).to(memory_format=torch.channels_last),
        torch.randn(5),
        torch.randn(()),
        torch.randn(100, 200),
    ]
    return [nn.Parameter(x) for x in shapes]


def exact(params: list[nn.Parameter]) -> list[nn.Parameter]:
    return [nn.Parameter(p.detach().double()) for p in params]


def draw(params: list[nn.Parameter], seed: int, without: int = -1) -> None:
    """Gradients, the same for a seed, in the weight's order of memory as autograd leaves them."""
    generator = torch.Generator().manual_seed(seed)
    for i, p in enumerate(params):
        gradient = torch.randn(p.shape, generator=generator) + 0.5
        p.grad = None if i == without else torch.empty_like(p).copy_(gradient)


def assert_close(ours: list[nn.Parameter], theirs: list[nn.Parameter]) -> None:
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one.detach(), other.detach().float(), rtol=2e-5, atol=2e-6)


@pytest.mark.usefixtures("kernels")
@pairs
def test_fifty_steps_are_torch_s_in_float64(ours: Any, theirs: Make) -> None:
    params = weights()
    reference = exact(params)
    one, other = ours(params), theirs(reference)
    for step in range(50):
        for held in (params, reference):
            draw(held, step, without=3)  # one that never has a gradient
        one.step()
        other.step()
    assert_close(params, reference)
    assert params[0].is_contiguous()
    assert params[2].is_contiguous(memory_format=torch.channels_last)


@pytest.mark.usefixtures("kernels")
@pairs
def test_groups_have_their_own_settings(ours: Any, theirs: Make) -> None:
    params = weights()
    reference = exact(params)

    def grouped(held: list[nn.Parameter]) -> list[dict[str, Any]]:
        return [{"params": iter(held[:2]), "lr": 0.02, "weight_decay": 0.2}, {"params": held[2:]}]

    one, other = ours(grouped(params)), theirs(grouped(reference))
    before = [p.detach().clone() for p in params]
    for step in range(5):
        for optimizer, held in ((one, params), (other, reference)):
            draw(held, step)
            optimizer.param_groups[1]["lr"] = 0.01 * step  # as a schedule does
            optimizer.step()
    assert_close(params, reference)
    assert not any(torch.equal(p, old) for p, old in zip(params, before, strict=True))


@pytest.mark.usefixtures("kernels")
@pairs
def test_state_goes_round(ours: Any, theirs: Make) -> None:
    params = weights()
    one = ours(params)
    for step in range(3):
        draw(params, step)
        one.step()
    copies = [nn.Parameter(p.detach().clone()) for p in params]
    other = ours(copies)
    draw(copies, 99)
    other.step()  # it has held other moments, at other addresses
    with torch.no_grad():
        for p, q in zip(copies, params, strict=True):
            p.copy_(q)
    other.load_state_dict(copy.deepcopy(one.state_dict()))
    for step in range(3, 6):
        for optimizer, held in ((one, params), (other, copies)):
            draw(held, step)
            optimizer.step()
    assert all(torch.equal(p, q) for p, q in zip(params, copies, strict=True))


@pytest.mark.usefixtures("kernels")
@pairs
def test_who_begins_late_begins_as_torch_s_do(ours: Any, theirs: Make) -> None:
    params = weights()
    reference = exact(params)
    one, other = ours(params), theirs(reference)
    for step in range(30):
        for held in (params, reference):
            draw(held, step)
            for late, p in enumerate(held):
                p.grad = p.grad if step >= 7 * (late % 3) else None  # freed one after another
        one.step()
        other.step()
        if step == 10:  # as a run that is resumed
            again = ours(params)
            again.load_state_dict(copy.deepcopy(one.state_dict()))
            one = again
    assert_close(params, reference)


@needs_compiler
@pytest.mark.parametrize("make", [SGD(0.1), SGD(0.1, 0.9), Adam(0.1)], ids=repr)
def test_a_gradient_in_another_order_of_memory(make: Any) -> None:
    params = weights()
    copies = [nn.Parameter(p.detach().clone()) for p in params]
    one, other = make(params), make(copies)
    for step in range(3):
        draw(params, step)
        for p, q in zip(params, copies, strict=True):
            assert p.grad is not None
            q.grad = p.grad.contiguous()
        one.step()
        other.step()
    assert all(torch.equal(p, q) for p, q in zip(params, copies, strict=True))


def test_who_has_a_gradient_may_change_in_the_middle() -> None:
    params = [nn.Parameter(torch.zeros(n)) for n in (2, 3, 40_000, 2)]
    optimizer = SGD(1.0)(params)
    for absent in (2, 1):  # the first and the last address, and the count, stay as they are
        for i, p in enumerate(params):
            p.grad = None if i == absent else torch.ones_like(p)
        optimizer.step()
    assert [float(p.detach().sum()) for p in params] == [-4.0, -3.0, -40_000.0, -4.0]


@pytest.mark.usefixtures("kernels")
def test_a_single_tensor_is_a_group_too() -> None:
    p = nn.Parameter(torch.ones(3))
    optimizer = SGD(1.0)([{"params": p}])
    p.grad = torch.ones(3)
    optimizer.step()
    assert p.tolist() == [0, 0, 0]


# By hand.


def first_steps(optimizer: Any, weight: float, gradients: list[float]) -> list[float]:
    p = nn.Parameter(torch.tensor([weight]))
    made, found = optimizer([p]), []
    for gradient in gradients:
        p.grad = torch.tensor([gradient])
        made.step()
        found.append(float(p.detach()))
    return found


@pytest.mark.usefixtures("kernels")
def test_sgd_by_hand() -> None:
    assert first_steps(SGD(0.1), 1.0, [2.0, -1.0]) == pytest.approx([0.8, 0.9])
    assert first_steps(SGD(0.1, weight_decay=0.5), 1.0, [2.0]) == pytest.approx([1 - 0.1 * 2.5])
    # velocity 2, then 0.9 * 2 - 1 = 0.8
    assert first_steps(SGD(0.1, 0.9), 1.0, [2.0, -1.0]) == pytest.approx([0.8, 0.72])
    # looking ahead: 2 + 0.9 * 2 = 3.8, then -1 + 0.9 * 0.8 = -0.28
    assert first_steps(SGD(0.1, 0.9, True), 1.0, [2.0, -1.0]) == pytest.approx([0.62, 0.648])


@pytest.mark.usefixtures("kernels")
def test_adam_by_hand() -> None:
    # the first step has length lr, whatever the gradient's
    assert first_steps(Adam(0.1), 1.0, [1e-3]) == pytest.approx([0.9], rel=1e-4)
    # m = 0.9 * 0.2 - 0.1, v = 0.999 * 0.004 + 0.001, corrected by 0.19 and 0.001999
    second = 0.9 - 0.1 * (0.08 / 0.19) / math.sqrt(0.004996 / 0.001999)
    assert first_steps(Adam(0.1), 1.0, [2.0, -1.0]) == pytest.approx([0.9, second], rel=1e-5)


@pytest.mark.usefixtures("kernels")
def test_adamw_decays_beside_the_gradient() -> None:
    assert first_steps(AdamW(0.1, weight_decay=0.5), 1.0, [0.0]) == pytest.approx([0.95])
    assert first_steps(AdamW(0.1, weight_decay=0.5), 1.0, [3.0]) == pytest.approx([0.85])
    assert first_steps(Adam(0.1, weight_decay=0.5), 1.0, [3.0]) == pytest.approx([0.9])


@pytest.mark.parametrize("make", [SGD(0.1), SGD(0.1, 0.9), Adam(0.1), AdamW(0.1)], ids=repr)
def test_a_bowl_s_bottom_is_found(make: Any) -> None:
    p = nn.Parameter(torch.tensor([3.0, -2.0]))
    optimizer = make([p])
    for _ in range(300):
        p.grad = 2 * (p.detach() - 1)
        optimizer.step()
    torch.testing.assert_close(p.detach(), torch.ones(2), rtol=0, atol=0.05)


# Which one is taken, and what it measures.


@needs_compiler
def test_the_kernels_are_taken_where_they_suit() -> None:
    good = [nn.Parameter(torch.ones(2, 3))]
    assert isinstance(Adam()(good), FusedAdam)
    assert isinstance(AdamW()(good), FusedAdam)
    assert isinstance(SGD()(good), FusedSGD)
    for bad in (torch.ones(2).double(), torch.ones(2, 4)[:, ::2], torch.empty(0)):
        assert not suits([nn.Parameter(bad)])
        assert not isinstance(Adam()([*good, nn.Parameter(bad)]), FusedAdam)


def test_without_a_compiler_torch_s_are_taken(without_kernels: None) -> None:
    params = [nn.Parameter(torch.ones(2, 3))]
    assert type(Adam()(params)) is torch.optim.Adam
    assert type(AdamW()(params)) is torch.optim.AdamW
    assert type(SGD()(params)) is torch.optim.SGD


@needs_compiler
@pytest.mark.parametrize("make", [SGD(0.1), SGD(0.1, 0.9), Adam(0.1)], ids=repr)
def test_an_update_is_measured_as_it_is_made(make: Any) -> None:
    params = weights()
    optimizer = make([{"params": params[:2]}, {"params": params[2:]}])
    out = torch.full((len(params) + 1, 2), -7.0)
    optimizer.observe(out[:-1])
    for step, absent in enumerate((-1, 3, 0)):
        draw(params, step, without=absent)
        before = [p.detach().clone() for p in params]
        out.fill_(-7)
        optimizer.step()
        pairs = zip(params, before, strict=True)
        expected = [[float(p.detach().square().sum()), float((p.detach() - old).square().sum())] for p, old in pairs]
        if absent >= 0:
            expected[absent] = [-7, -7]  # its row stays as it is
        torch.testing.assert_close(out[:-1], torch.tensor(expected), rtol=1e-4, atol=1e-6)
        assert out[-1].tolist() == [-7, -7]
    optimizer.observe(None)
    out.fill_(-7)
    optimizer.step()
    assert bool((out == -7).all())


@needs_compiler
def test_measuring_changes_no_bit() -> None:
    found: list[list[nn.Parameter]] = []
    for observed in (False, True):
        torch.manual_seed(0)
        params = weights()
        optimizer: Any = Adam()(params)
        optimizer.observe(torch.empty(len(params), 2) if observed else None)
        for step in range(3):
            draw(params, step)
            optimizer.step()
        found.append(params)
    assert all(torch.equal(a, b) for a, b in zip(*found, strict=True))


@needs_compiler
def test_a_closure_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="closure"):
        Adam()([nn.Parameter(torch.ones(1))]).step(lambda: 0.0)


def test_nesterov_needs_momentum() -> None:
    with pytest.raises(RecipeError, match=r"SGD\.nesterov needs SGD\.momentum above 0"):
        SGD(nesterov=True)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("kind", [SGD, AdamW])
def test_vectors_may_be_spared_from_decay(kind: Any) -> None:
    for spared in (False, True):
        params = [nn.Parameter(torch.ones(2, 2)), nn.Parameter(torch.ones(2))]
        optimizer = kind(lr=0.1, weight_decay=0.5, decay_vectors=not spared)(iter(params))
        for p in params:
            p.grad = torch.zeros_like(p)
        optimizer.step()
        assert params[0].flatten().tolist() == pytest.approx([0.95] * 4)
        assert params[1].tolist() == pytest.approx([1.0 if spared else 0.95] * 2)
