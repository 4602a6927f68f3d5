from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwise.data import CutMix, Mixup
from gradwise.data.mix import beta, partners, soft_labels
from gradwise.errors import RecipeError, ShapeError
from gradwise.randomness import Rng
from gradwise.stages import Batch

BOTH: list[Any] = [Mixup(classes=3, alpha=0.4), CutMix(classes=3)]


def images() -> Batch:
    x = torch.arange(6.0)[:, None, None, None].expand(6, 2, 8, 8).contiguous()  # sample i is i everywhere
    return Batch(x, torch.arange(6) % 3, torch.arange(6) + 40)


@pytest.mark.parametrize("edit", BOTH, ids=repr)
@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 2**40), step=st.integers(0, 1000))
def test_labels_are_mixed_as_the_inputs_are(edit: Any, seed: int, step: int) -> None:
    batch = images()
    out = edit(batch, Rng(seed, 0, step))
    torch.testing.assert_close(out.y.sum(1), torch.ones(6))
    rng = Rng(seed, 0, step)
    rng.once()
    other = partners(batch, rng)
    for sample in range(6):  # sample i is i everywhere, so its mean tells how much of the partner is in it
        mine, theirs = float(sample), float(other[sample])
        if mine == theirs:
            continue
        share = (float(out.x[sample].mean()) - theirs) / (mine - theirs)
        label = share * torch.eye(3)[sample % 3] + (1 - share) * torch.eye(3)[int(theirs) % 3]
        torch.testing.assert_close(out.y[sample], label, atol=1e-5, rtol=0)


@pytest.mark.parametrize("edit", BOTH, ids=repr)
def test_conformance(edit: Any) -> None:
    batch = images()
    before = batch.x.clone()
    one, two = edit(batch, Rng(0, 0, 3)), edit(batch, Rng(0, 0, 3))
    assert torch.equal(one.x, two.x)
    assert torch.equal(batch.x, before)
    assert not torch.equal(one.x, edit(batch, Rng(0, 0, 4)).x)
    assert copy.deepcopy(edit) == edit
    assert eval(repr(edit)) == edit


def test_mixup_twice_takes_soft_labels() -> None:
    edit, rng = BOTH[0], Rng(0, 0, 0)
    out = edit(edit(images(), rng), rng)
    torch.testing.assert_close(out.y.sum(1), torch.ones(6))


def test_beta_has_its_mean_and_spread() -> None:
    drawn = np.array([beta(0.5, Rng(0, 0, step)) for step in range(4000)])
    assert abs(drawn.mean() - 0.5) < 0.02
    assert abs(drawn.var() - 0.125) < 0.01  # 1 / (4 (2 alpha + 1))


def test_soft_labels() -> None:
    assert soft_labels(torch.tensor([2, 0]), 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    with pytest.raises(ShapeError):
        soft_labels(torch.zeros(2, 2, dtype=torch.int64), 3)


def test_cutmix_needs_images_and_both_need_classes() -> None:
    with pytest.raises(ShapeError, match=r"data\.image=true"):
        CutMix(classes=3)(Batch(torch.zeros(2, 4), torch.zeros(2), torch.arange(2)), Rng(0, 0, 0))
    with pytest.raises(RecipeError, match=r"Mixup\.classes must be at least 2"):
        Mixup(classes=1)
    with pytest.raises(RecipeError, match=r"Mixup\.alpha must be above 0"):
        Mixup(classes=2, alpha=0)
