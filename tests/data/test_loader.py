from __future__ import annotations

import multiprocessing
import os
import random
import signal
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwise.data import Arrays, Mapped, batches, count_batches
from gradwise.data.loader import Batch
from gradwise.errors import DataError
from gradwise.randomness import order


class Restless:
    """A dataset whose samples draw from all three global generators."""

    def __init__(self, size: int = 10, bad: int = -1, deadly: int = -1) -> None:
        self.size, self.bad, self.deadly, self.asked = size, bad, deadly, list[int]()

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int, /) -> Any:
        self.asked.append(index)
        if index == self.bad:
            raise OSError("the file is cut short")
        if index == self.deadly and multiprocessing.parent_process():
            os.kill(os.getpid(), signal.SIGKILL)
        return torch.tensor([index, random.random(), np.random.rand(), torch.rand(()).item()]), index


def numbered(size: int) -> Arrays:
    return Arrays(torch.arange(size, dtype=torch.float32)[:, None], torch.arange(size))


def same(one: list[Batch], two: list[Batch]) -> bool:
    return len(one) == len(two) and all(
        torch.equal(a, b) for pair in zip(one, two, strict=True) for a, b in zip(*pair, strict=True)
    )


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 60), st.integers(1, 20), st.integers(0, 2**40))
def test_an_epoch_visits_every_sample_once(size: int, batch_size: int, seed: int) -> None:
    got = list(batches(numbered(size), order(seed, 0, size), batch_size, drop_last=False))
    assert torch.cat([batch.y for batch in got]).sort().values.tolist() == list(range(size))
    assert len(got) == count_batches(size, batch_size, drop_last=False)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 60), st.integers(1, 20), st.integers(0, 8), st.booleans())
def test_a_restart_gives_the_tail(size: int, batch_size: int, start: int, drop_last: bool) -> None:
    if drop_last and size < batch_size:
        return
    visit = order(1, 0, size)
    whole = list(batches(numbered(size), visit, batch_size, drop_last=drop_last))
    assert len(whole) == count_batches(size, batch_size, drop_last=drop_last)
    assert same(whole[start:], list(batches(numbered(size), visit, batch_size, start=start, drop_last=drop_last)))


def test_a_batch_above_the_set_is_refused_at_once() -> None:
    with pytest.raises(DataError, match="batch_size 8 is above the 4 samples"):
        batches(numbered(4), torch.arange(4), 8)


@pytest.mark.parametrize("workers", [0, 2])
def test_random_transforms_are_functions_of_the_sample(workers: int) -> None:
    visit = order(3, 1, 10)
    reference = list(batches(Mapped(Restless()), visit, 3, seed=3, epoch=1))
    again = list(batches(Mapped(Restless(), workers), visit, 3, seed=3, epoch=1))
    assert same(reference, again)
    tail = list(batches(Mapped(Restless(), workers), visit, 3, seed=3, epoch=1, start=1))
    assert same(reference[1:], tail)
    later = next(batches(Mapped(Restless(), workers), visit, 3, seed=3, epoch=2))
    assert not torch.equal(later.x, reference[0].x)


@pytest.mark.parametrize("workers", [0, 1])
def test_global_random_numbers_are_left_alone(workers: int) -> None:
    before = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].copy()  # type: ignore[union-attr]
    list(batches(Mapped(Restless(4), workers), torch.arange(4), 2))
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1] == random.getstate()
    assert (before[2] == np.random.get_state()[1]).all()  # type: ignore[index]


def test_skipped_batches_are_not_loaded() -> None:
    dataset = Restless()
    list(batches(Mapped(dataset), torch.arange(10), 2, start=3))
    assert dataset.asked == [6, 7, 8, 9]


def test_normalisation_reaches_mapped_batches() -> None:
    pairs = [(torch.tensor([[[255]]], dtype=torch.uint8), 1)] * 2
    source = Mapped(pairs, scale=torch.tensor(1 / 255), shift=torch.tensor(2.0))  # type: ignore[arg-type]
    batch = next(batches(source, torch.arange(2), 2))
    assert batch.x.flatten().tolist() == [3.0, 3.0]
    assert batch.y.dtype == torch.int64


@pytest.mark.parametrize("workers", [0, 1])
def test_a_sample_that_fails_is_named(workers: int) -> None:
    with pytest.raises(DataError) as caught:
        list(batches(Mapped(Restless(bad=3), workers), torch.arange(10), 2))
    assert caught.value.where == "Restless[3]"
    assert "OSError: the file is cut short" in caught.value.why


def test_a_sample_of_a_part_is_named_by_its_number_in_the_whole() -> None:
    part = Mapped(Restless(bad=7)).subset(torch.tensor([1, 7]))
    with pytest.raises(DataError, match=r"Restless\[7\]"):
        list(batches(part, torch.arange(2), 2))


def test_a_killed_worker_is_named() -> None:
    with pytest.raises(DataError, match="was killed") as caught:
        list(batches(Mapped(Restless(deadly=5), 1), torch.arange(10), 2))
    assert "data.workers=0" in caught.value.fix
    assert len(str(caught.value).splitlines()) <= 5


def test_workers_end_when_the_loop_is_left() -> None:
    others = multiprocessing.active_children()  # of other tests of this process
    loop = batches(Mapped(Restless(100), 1), torch.arange(100), 2)
    next(loop)
    workers = [child for child in multiprocessing.active_children() if child not in others]
    assert workers
    loop.close()  # type: ignore[attr-defined]
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker.pid or 0, 0)


def test_a_worker_that_hears_nothing_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.utils.data.dataloader._MultiProcessingDataLoaderIter, "_shutdown_workers", lambda _: None)
    others = multiprocessing.active_children()
    loop = batches(Mapped(Restless(100), 1), torch.arange(100), 2)
    next(loop)
    (worker,) = (child for child in multiprocessing.active_children() if child not in others)
    loop.close()  # type: ignore[attr-defined]
    assert worker.exitcode == -signal.SIGKILL
