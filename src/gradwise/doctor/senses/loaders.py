"""DataLoaders: how many samples, in which batches, in which order, and whether they are trained on."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from torch.utils.data import (
    DataLoader,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from torch.utils.data.distributed import DistributedSampler

from gradwise.doctor.sense import Backward, Call, Sense
from gradwise.watch.facts import Loader


class Loaders(Sense):
    """Fills facts.loaders."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._facts: dict[tuple[str, int | None, int | None, str], Loader] = {}
        self._now: Loader | None = None  # the one that gave the last batch
        self._taken = 0  # batches of this pass
        self._fresh = False  # no backward pass since that batch
        self._evaluated = False  # a network that is trained was evaluated on it
        self._trained: set[int] = set()  # ids of modules that were called with gradients

    def made(self, thing: object, source: str) -> None:
        """A DataLoader is iterated over."""
        if not isinstance(thing, DataLoader):
            return
        samples, sampler = length(thing), type(thing.sampler).__name__
        if isinstance(thing.dataset, IterableDataset):
            sampler = ""
        key = (source, samples, thing.batch_size, sampler)
        fact = self._facts.get(key)
        if fact is None:
            fact = Loader(source, samples, thing.batch_size, shuffled(thing), workers=thing.num_workers)
            fact.sampler = sampler
            self._facts[key] = fact
            self.facts.loaders.append(fact)
        fact.iterated += 1
        self._now, self._fresh, self._taken = fact, False, 0

    def fetched(self, batch: object, look: bool) -> None:
        """It gave a batch."""
        if self._now is not None:
            self._now.batches += 1
            self._taken += 1
            self._now.longest = max(self._now.longest, self._taken)
            self._fresh, self._evaluated = True, False

    def called(self, call: Call, look: bool) -> None:
        """A network that is trained elsewhere and is called without gradient evaluates; a teacher does not."""
        if call.gradient:
            if len(self._trained) < 64:
                self._trained.add(id(call.module))
        elif self._fresh and id(call.module) in self._trained:
            self._evaluated = True

    def after_backward(self, backward: Backward, look: bool) -> None:
        """It trains on the batch that came last."""
        if self._fresh and self._now is not None and not self._evaluated:
            self._now.training = True
        self._fresh = False


def shuffled(loader: DataLoader[Any]) -> bool | None:
    """Whether its samples come in random order; None where that can't be told."""
    sampler = loader.sampler
    if isinstance(loader.dataset, IterableDataset) or loader.batch_size is None:
        return None
    if isinstance(sampler, DistributedSampler):
        return bool(sampler.shuffle)
    if isinstance(sampler, (RandomSampler, SubsetRandomSampler, WeightedRandomSampler)):
        return True
    return False if isinstance(sampler, SequentialSampler) else None


def length(loader: DataLoader[Any]) -> int | None:
    """How many samples it can give."""
    sizes: list[int] = []
    drawn = isinstance(loader.sampler, RandomSampler)  # each time a part of them
    for thing in (loader.dataset,) if drawn else (loader.dataset, loader.sampler):
        if isinstance(thing, Sized) and not isinstance(loader.dataset, IterableDataset):
            try:
                sizes.append(len(thing))
            except (TypeError, NotImplementedError):
                return None
    return min(sizes, default=None)
