from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradwise.randomness import Rng, generator, key, order

SEEDS = st.integers(-(2**70), 2**70)


def splitmix(state: int) -> int:
    """The published generator, written again from the paper: one step from this state."""
    mask = 2**64 - 1
    z = state & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return z ^ (z >> 31)


def test_splitmix_is_the_published_one() -> None:
    golden = 0x9E3779B97F4A7C15  # seed 0's first output, as in the reference implementation
    assert splitmix(golden) == 0xE220A8397B1DCDAF


def test_a_key_by_hand() -> None:
    golden = 0x9E3779B97F4A7C15
    mixed = splitmix(7 + golden * 3)  # "order" is the second purpose, counted from 1, plus 1
    mixed = splitmix(mixed + golden * 6)  # counter 5
    assert key(7, "order", 5) == mixed >> 1


@given(SEEDS, st.lists(st.integers(0, 2**40), max_size=3))
def test_a_key_fits_torch_s_generators(seed: int, counters: list[int]) -> None:
    assert 0 <= key(seed, "dropout", *counters) < 2**63
    generator(seed, "dropout", *counters)


def test_purposes_seeds_and_counters_have_keys_of_their_own() -> None:
    purposes = ("initialisation", "order", "augmentation", "dropout", "split", "workers")
    keys = {key(seed, purpose, a, b) for seed in range(5) for purpose in purposes for a in range(5) for b in range(5)}
    assert len(keys) == 5 * len(purposes) * 5 * 5
    assert key(0, "order", 1, 2) != key(0, "order", 2, 1)


@given(SEEDS, st.integers(0, 1000), st.integers(0, 200))
def test_an_order_visits_every_sample_once(seed: int, epoch: int, size: int) -> None:
    visits = order(seed, epoch, size)
    assert visits.sort().values.tolist() == list(range(size))
    assert torch.equal(visits, order(seed, epoch, size))


def test_orders_differ_by_seed_and_epoch() -> None:
    found = {tuple(order(seed, epoch, 30).tolist()) for seed in range(4) for epoch in range(4)}
    assert len(found) == 16


def test_an_order_leaves_the_global_stream_alone() -> None:
    before = torch.get_rng_state()
    order(0, 0, 10)
    Rng(0, 0, 0).normal(torch.arange(4))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_uniform_number_by_hand() -> None:
    a, golden, mask = 0xBF58476D1CE4E5B9, 0x9E3779B97F4A7C15, 2**64 - 1
    base = key(3, "augmentation", 2, 1)  # seed 3, epoch 2, first draw
    sample = splitmix((11 * golden + base) & mask)
    expected = [(splitmix((sample + column * a) & mask) >> 40) / 2**24 for column in (1, 2)]
    assert Rng(3, 2, 99).uniform(torch.tensor([11]), 2)[0].tolist() == expected


@given(st.integers(0, 2**40), st.lists(st.integers(0, 2**40), min_size=1, max_size=20, unique=True), st.data())
def test_a_sample_s_numbers_depend_on_no_other(seed: int, samples: list[int], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(samples) - 1))
    batch, alone = Rng(seed, 3, 10), Rng(seed, 3, 77)
    index = torch.tensor(samples)
    for _ in range(2):  # the second draw too
        assert torch.equal(batch.uniform(index, 3)[at], alone.uniform(index[at : at + 1], 3)[0])
    assert torch.equal(batch.normal(index)[at], alone.normal(index[at : at + 1])[0])


def test_draws_epochs_seeds_samples_and_columns_differ() -> None:
    index = torch.arange(100)
    rng = Rng(0, 0, 0)
    parts = [source.uniform(index, 5) for source in (rng, rng, Rng(0, 1, 0), Rng(1, 0, 0))]
    numbers = torch.stack(parts).flatten()
    assert numbers.unique().numel() > 0.999 * numbers.numel()  # 24 bits: a rare pair may meet


def test_once_goes_by_step_not_by_epoch() -> None:
    assert Rng(0, 0, 5).once() == Rng(0, 9, 5).once()
    rng = Rng(0, 0, 5)
    first, second = rng.once(), rng.once()
    assert len({first, second, Rng(0, 0, 6).once(), Rng(1, 0, 5).once()}) == 4


@pytest.mark.parametrize("seed", [0, 1])
def test_uniform_numbers_are_uniform_and_independent(seed: int) -> None:
    rng = Rng(seed, 0, 0)
    numbers = rng.uniform(torch.arange(20_000), 2)
    assert numbers.dtype == torch.float32
    assert float(numbers.min()) >= 0
    assert float(numbers.max()) < 1
    for column in (numbers[:, 0], numbers[:, 1], rng.uniform(torch.arange(20_000))[:, 0]):
        counts = torch.histc(column, 50, 0, 1)  # chi-square with 49 degrees of freedom: 100 is beyond 1 in 20,000
        assert float(((counts - 400) ** 2 / 400).sum()) < 100
    pairs = torch.corrcoef(torch.stack([numbers[:, 0], numbers[:, 1], numbers[:, 0].roll(1)]))
    assert float((pairs - torch.eye(3)).abs().max()) < 0.03  # 4 standard errors


def test_once_is_uniform_over_steps() -> None:
    counts = torch.histc(torch.tensor([Rng(0, 0, step).once() for step in range(2000)]), 10, 0, 1)
    assert float(((counts - 200) ** 2 / 200).sum()) < 35


def test_normal_numbers_have_the_normal_s_moments() -> None:
    numbers = Rng(0, 0, 0).normal(torch.arange(20_000), 2).double()
    assert numbers.isfinite().all()
    assert abs(float(numbers.mean())) < 0.02
    assert abs(float(numbers.var()) - 1) < 0.04
    assert abs(float((numbers**4).mean()) - 3) < 0.2
    below = [float((numbers < z).double().mean()) for z in (-2.0, -1.0, 0.0, 1.0)]
    assert below == pytest.approx([(1 + math.erf(z / math.sqrt(2))) / 2 for z in (-2.0, -1.0, 0.0, 1.0)], abs=0.01)
