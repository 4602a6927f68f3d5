"""The samples that networks are given: their scale, how many are different, and which are evaluated and trained on."""

from __future__ import annotations

import functools
import time
import weakref
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from gradwise.doctor.sense import Backward, Call, Sense
from gradwise.doctor.senses import pools
from gradwise.doctor.senses.features import Features, in_channels
from gradwise.doctor.senses.fingerprints import Fingerprints, bits, part
from gradwise.doctor.senses.loaders import length
from gradwise.doctor.senses.places import RECENT, Evaluated, Trained, overlaps
from gradwise.doctor.senses.pools import Pool
from gradwise.doctor.senses.reached import Reached
from gradwise.doctor.tensors import first, outside, plain, tensors, transformed
from gradwise.watch.facts import Inputs, Repeats

_START, _SHARE = 0.05, 0.005  # seconds, and share of the time, for turns that are not looked at
_CALLS = 64  # of an evaluating place that are fingerprinted in any case
_BATCHES = 4  # by which it is judged whether samples are equal by chance
_FOLDS, _PLACES = 8, 32  # networks of one kind whose samples are kept apart, and the places that evaluate them
_ASKED = 3  # looks at which the pool is looked for


class Samples(Sense):
    """Fills facts.inputs, facts.overlaps and facts.repeats."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._fingerprints, self._reached = Fingerprints(), Reached()
        self._rows: weakref.WeakKeyDictionary[Call, Tensor] = weakref.WeakKeyDictionary()
        self._features: dict[tuple[int, bool], Features] = {}
        self._trained: dict[int, Trained] = {}  # by network
        self._evaluated: dict[tuple[tuple[str, ...], bool, bool], Evaluated] = {}
        self._folds: dict[tuple[tuple[str, ...], int], Evaluated] = {}  # the same by network
        self._bits: list[float] = []
        self._few: list[Tensor] = []
        self._states = True  # all that was trained on are whole numbers: ones of a class, stones on a board
        self._waiting: list[tuple[Tensor, Callable[[list[int]], None]]] = []
        self._loader: tuple[Any, ...] = ()  # what the last batch came from
        self._pool: Pool | None = None
        self._turn, self._turns = -1, 0  # the last one seen to train, and how many were
        self._fetched = -1  # how many samples the last batch had
        self._begun, self._spent, self._clock = time.thread_time(), 0.0, 0

    def made(self, thing: object, source: str) -> None:
        """A DataLoader is iterated over."""
        if isinstance(thing, DataLoader):
            size = length(thing)
            self._loader = (size, type(thing.dataset).__name__, thing.batch_size)
            self._pool = Pool(size, f"DataLoader at {source}") if size is not None else None

    def fetched(self, batch: object, look: bool) -> None:
        """It gave a batch."""
        tensor = next(tensors(batch), None)
        self._fetched = len(tensor) if tensor is not None and tensor.ndim else -1

    def called(self, call: Call, look: bool) -> None:
        """Fingerprint what a network is given."""
        place = None if call.gradient else self._place(call)
        if not (look or (place is not None and place.fingerprinted < _CALLS) or self._affordable()):
            return
        begun = time.thread_time()
        with outside():
            self._called(call, place, look)
        self._spent += 0.0 if look else time.thread_time() - begun

    def before_backward(self, backward: Backward, look: bool) -> None:
        """The calls that it reaches are trained on."""
        trained = self._reached.trained(backward)
        if backward.bare is not None:
            self._called(backward.bare, None, look)
            trained = [*trained, backward.bare]
        if trained and self._turn != self.observer.step:
            self._turn = self.observer.step
            self._turns += 1
        for call in trained:
            self._train(call, look)
        if look and backward.bare is None and len(trained) < len(backward.calls):
            for call in backward.calls:  # what is left was not trained on
                x = first(call.args, call.kwargs) if call in self._rows else None
                x = plain(x) if x is not None else None
                if x is not None:
                    self._evaluate(call, self._place(call), x, look)

    def ended(self) -> None:
        """Sum up."""
        self._read(torch.empty(0), lambda rows: None, True)
        for features in self._features.values():
            features.fill()
        for key, trained in self._trained.items():
            features = self._features.get((key, True))
            if features is not None:
                features.fact.distinct_rows, features.fact.fingerprinted = len(trained.rows), trained.fingerprinted
        places = [p for p in self._evaluated.values() if not (p.gradient and self._reached.ever((p.chain, p.training)))]
        if self._few and not self._bits:
            self._bits.append(bits(torch.cat(self._few)))
        enough = bool(self._bits) and sorted(self._bits)[len(self._bits) // 2] >= 24
        # a decoder's codes: few bits of them are equal for samples that are not
        codes = {key for key, trained in self._trained.items() if 2 * trained.derived > trained.calls}
        given = [trained for key, trained in self._trained.items() if key not in codes]
        home = self.observer.sources.home
        if self._again_from_scratch(codes):  # each with a split of its own
            for key in [key for key in self._trained if key not in codes][:_FOLDS]:
                own = [place for (_, network), place in self._folds.items() if network == key]
                self.facts.overlaps += overlaps(own, [self._trained[key]], enough, home)
        else:
            others = [place for place in places if place.network not in codes]
            self.facts.overlaps += overlaps(others, given, enough, home)
        main = max(self._trained.values(), key=lambda trained: trained.calls, default=None)
        if main is not None and main.steps:
            self.facts.repeats = _repeats(main, places)
            self.facts.repeats.continuous = enough or not self._states

    def _again_from_scratch(self, codes: set[int]) -> bool:
        """Several networks of one kind were trained: folds of a cross-validation, an ensemble."""
        trained = [n for n in self.facts.networks if id(n) in self._trained and id(n) not in codes and n.parameters]
        kinds = [(network.parameters, tuple(network.modules)) for network in trained]
        return len(set(kinds)) < len(kinds)

    def _called(self, call: Call, place: Evaluated | None, look: bool) -> None:
        x = first(call.args, call.kwargs)
        x = plain(x) if x is not None else None
        if x is None or not len(x):
            return
        if place is not None:
            self._evaluate(call, place, x, look)
            return
        self._rows[call] = self._of(call, x)
        if any(transformed(tensor) for tensor in tensors(call.output)):  # no backward pass will follow
            self._train(call, look)

    def _affordable(self) -> bool:
        return self._spent < _START + _SHARE * (time.thread_time() - self._begun)

    def _place(self, call: Call) -> Evaluated:
        key = (call.chain, call.training, call.gradient)
        place = self._evaluated.get(key)
        if place is None:
            place = self._evaluated[key] = Evaluated(*key)
        place.count(self.observer.step, self._turns)
        return place

    def _evaluate(self, call: Call, place: Evaluated, x: Tensor, look: bool) -> None:
        rows = self._rows.pop(call, None)
        rows = self._of(call, x) if rows is None else rows
        self._clock += 1
        place.fingerprinted += 1
        place.network = id(self.observer.network(call.module))
        whole = not x.is_floating_point() and not _beside(call, x)
        kept_apart, clock = self._set(x), self._clock
        trained = self._trained.get(place.network)
        self._read(rows, functools.partial(place.add, kept_apart, clock, whole, trained), look)
        key = (place.chain, place.network)
        another = len(self._trained) > 1 and place.network in self._trained  # the first one has no other beside it
        if key in self._folds or (another and len(self._folds) < _PLACES):
            own = self._folds.setdefault(key, Evaluated(place.chain, place.training, place.gradient))
            own.count(self.observer.step, self._turns)
            self._read(rows, functools.partial(own.add, kept_apart, clock, whole, trained), look)
        if place.fingerprinted <= _CALLS and (look or x.device.type == "cpu"):
            self._measure(call, x, False)

    def _train(self, call: Call, look: bool) -> None:
        network = self.observer.network(call.module)
        trained = self._trained.get(id(network))
        if trained is None:
            trained = self._trained[id(network)] = Trained(call.chain[0] if call.chain else "")
        x = first(call.args, call.kwargs)
        trained.calls += 1
        if x is None:
            return
        derived = x.grad_fn is not None  # other weights made it: a code, a simulation's next state
        trained.derived += derived
        size = len(x) if x.ndim > 1 else 1
        trained.total += size
        rows = self._rows.pop(call, None)
        if rows is None:
            return
        self._clock += 1
        self._read(rows, functools.partial(trained.add, size, self.observer.step, self._clock), look)
        x = plain(x)
        if look and x is not None:
            if not derived:
                self._measure(call, x, True)
            self._judge([x, *_beside(call, x)])
            if trained.asked < _ASKED:
                trained.asked += 1
                trained.pool = self._drawn_from(x) or trained.pool

    def _of(self, call: Call, x: Tensor) -> Tensor:
        """Fingerprints of the samples that a call is given."""
        rows = self._fingerprints.of(x)
        for number, other in enumerate(_beside(call, x), 1):
            rows = rows + (2 * number + 1) * self._fingerprints.of(other)
        return rows

    def _judge(self, given: list[Tensor]) -> None:
        """How unlikely it is that samples are equal by chance; few at once are put together."""
        if len(self._bits) >= _BATCHES:
            return
        parts = [part(x)[:256] for x in given]
        self._states = self._states and all(bool((each == each.round()).all()) for each in parts)
        values = parts[0] if len(parts) == 1 else torch.cat([each.double() for each in parts], 1)
        if self._few and self._few[0].shape[1] != values.shape[1]:
            self._few = []
        self._few.append(values.clone())
        if sum(map(len, self._few)) >= 32:
            self._bits.append(bits(torch.cat(self._few)))
            self._few = []

    def _read(self, rows: Tensor, use: Callable[[list[int]], None], look: bool) -> None:
        """Hand fingerprints on; those on a device are not waited for before the next look."""
        self._waiting.append((rows, use))
        if look or rows.device.type == "cpu" or len(self._waiting) >= 64:
            for each, taker in self._waiting:
                taker(each.tolist())
            self._waiting = []

    def _measure(self, call: Call, x: Tensor, training: bool) -> None:
        network = self.observer.network(call.module)
        features = self._features.get((id(network), training))
        if features is None:
            fact = Inputs(network.name, training, source=call.chain[0] if call.chain else "")
            self.facts.inputs.append(fact)
            features = self._features[id(network), training] = Features(fact, in_channels(call.module, x))
        features.add(x)

    def _set(self, x: Tensor) -> Any:
        """What tells the sets apart that one place evaluates."""
        if len(x) == self._fetched:
            return self._loader
        size = x.untyped_storage().nbytes()  # a part of a tensor that holds more, or a tensor of its own
        return ("whole", len(x), size if size > x.numel() * x.element_size() else 0)

    def _drawn_from(self, x: Tensor) -> Pool | None:
        if len(x) == self._fetched and self._pool is not None:
            return self._pool
        if x.ndim < 2:  # a vector is one sample, and what holds it is no set of them
            return None
        return pools.behind(x) or pools.among(x, self._frames())

    def _frames(self, most: int = 8) -> Iterator[FrameType]:
        """The program's own frames on the stack, innermost first."""
        frame, sources = self.observer.sources.frame(), self.observer.sources
        while frame is not None and most > 0:
            if sources.name(frame.f_code.co_filename):
                most -= 1
                yield frame
            frame = frame.f_back


def _beside(call: Call, x: Tensor) -> list[Tensor]:
    """Real numbers that a network is given together with whole ones, a row for each sample: columns of one table."""
    if x.is_floating_point() or x.ndim != 2:
        return []
    found = [plain(other) for other in tensors((call.args, call.kwargs)) if other.is_floating_point()]
    return [other for other in found if other is not None and other.ndim == 2 and len(other) == len(x)]


def _repeats(trained: Trained, places: list[Evaluated]) -> Repeats:
    """A pool that holds the samples for evaluation too is smaller by these."""
    pool, size = trained.pool, None
    if pool is not None and pool.size < len(trained.rows):  # it was not this
        pool = None
    if pool is not None:
        others = {row for place in places for last in place.sets.values() for row in last if row not in trained.rows}
        size = pool.size
        if not pool.source.startswith("DataLoader"):
            if size <= len(others):  # it is what is evaluated
                pool, size = None, None
            else:
                size = max(trained.size, len(trained.rows), size - len(others))
    found = Repeats(trained.steps, len(trained.batches), trained.size, size, source=trained.source)
    if len(trained.recent) == RECENT and {size for _, size in trained.recent} == {trained.size}:
        found.late = len(set(trained.recent))
    found.pool_source = pool.source if pool is not None else ""
    return found
