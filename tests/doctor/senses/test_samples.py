"""The samples: their scale, which of them are evaluated and trained on, how many there are to be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from gradwise.doctor.sense import Call
from gradwise.doctor.senses.fingerprints import Fingerprints, bits
from gradwise.doctor.senses.places import held_out
from gradwise.doctor.senses.samples import Samples
from gradwise.watch.facts import Facts, Inputs, Overlap, Repeats

from .fake import Program

X = torch.randn(60, 6, generator=torch.Generator().manual_seed(3))


def network(inputs: int = 6) -> nn.Module:
    return nn.Linear(inputs, 2)


def run(train: list[Tensor], evaluate: list[Tensor], model: nn.Module | None = None) -> Facts:
    """A turn with each batch, then the evaluation."""
    program, model = Program(Samples), model or network(train[0].shape[-1])
    for batch in train:
        program.train(program.call(model, batch, "train.py:4").sum())
    for batch in evaluate:
        program.call(model, batch, "train.py:8", "train.py:20", gradient=False)
    return program.end()


def overlap(facts: Facts) -> Overlap:
    (found,) = facts.overlaps
    return found


def repeats(facts: Facts) -> Repeats:
    assert facts.repeats is not None
    return facts.repeats


# Fingerprints.


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.int64, torch.uint8])
def test_equal_rows_have_equal_fingerprints_in_any_batch(dtype: torch.dtype) -> None:
    values = (torch.rand(20, 3, 5, generator=torch.Generator().manual_seed(0)) * 200).to(dtype)
    whole = Fingerprints().of(values)
    other = Fingerprints().of(values.flip(0)[:7])
    assert other.tolist() == whole.flip(0)[:7].tolist()
    assert len(set(whole.tolist())) == 20


def test_signs_and_small_numbers_of_two_words_have_fingerprints_of_their_own() -> None:
    values = torch.tensor([[0.5], [-0.5], [3.0], [-3.0], [0.0]], dtype=torch.float64)
    assert len(set(Fingerprints().of(values).tolist())) == 5


def test_no_random_number_of_the_programs_is_drawn() -> None:
    state = torch.get_rng_state()
    Fingerprints().of(X)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(
    ("values", "enough"),
    [
        (torch.rand(64, 1), True),
        (torch.eye(25)[torch.arange(200) * 7 % 25], False),
        (torch.randint(0, 2, (200, 8)).float(), False),
        (torch.randint(0, 17, (200, 64)).float(), True),
        (torch.zeros(64, 100), False),
    ],
)
def test_how_unlikely_equal_samples_are_by_chance(values: Tensor, enough: bool) -> None:
    assert (bits(values) >= 24) == enough


# Overlaps.


def test_what_was_trained_on_and_is_evaluated() -> None:
    found = overlap(run(list(X[:40].split(10)), [X[30:60]]))
    assert (found.source, found.evaluated, found.trained, found.shared) == ("train.py:8 < train.py:20", 30, 40, 10)
    assert (found.covered, found.continuous) == (1.0, True)


@pytest.mark.parametrize("score", ["new split", "kept split", "some of the training set"])
def test_a_split_that_is_drawn_anew_in_every_epoch(score: str) -> None:
    """A score of other samples of the training set each time is none: those are trained on in between."""
    program, model = Program(Samples), network()
    for epoch in range(4):
        order = torch.arange(60) if score == "kept split" else torch.arange(60).roll(20 * epoch)
        for batch in X[order[20:] if "split" in score else order].split(10):
            program.train(program.call(model, batch, "train.py:4").sum())
        loader = DataLoader(TensorDataset(X[order[:20]]), batch_size=10)
        program.sense.made(loader, "train.py:7")
        for (batch,) in loader:
            program.sense.fetched([batch], True)
            program.call(model, batch, "train.py:8", gradient=False)
    redrawn = [(each.evaluated, each.shared) for each in program.end().overlaps if each.redrawn]
    assert redrawn == ([(60, 60)] if score == "new split" else [])


def test_folds_have_a_split_each() -> None:
    """What one network is evaluated on another one was trained on: no overlap, unless it was trained on it itself."""
    shared: list[list[int]] = []
    for apart in (True, False):
        program = Program(Samples)
        for k, fold in enumerate(X.split(20)):
            rest = torch.cat([part for i, part in enumerate(X.split(20)) if i != k or not apart])
            model = network()
            for batch in rest.split(10):
                program.train(program.call(model, batch, "train.py:4").sum())
            program.call(model, fold, "train.py:8", gradient=False)
        shared.append([overlap.shared for overlap in program.end().overlaps])
    assert shared == [[0, 0], [20, 20]]  # from the second network on


def test_what_a_line_calls_held_out(tmp_path: Path) -> None:
    lines = ("out = net(x)", "score(net, x[val_idx])", "both = score(train), score(valid)", "validate(net, rows)")
    (tmp_path / "run.py").write_text("\n".join(lines) + "\n")
    assert held_out(("run.py:1", "run.py:2"), tmp_path)
    assert not held_out(("run.py:1", "run.py:3"), tmp_path)
    assert not held_out(("run.py:1", "run.py:4"), tmp_path)
    assert not held_out(("run.py:1", "run.py:4", "run.py:2"), tmp_path)
    assert held_out(("run.py:1", "run.py:1", "run.py:2"), tmp_path)  # a comprehension is a frame of its own
    assert not held_out(("elsewhere.py:2", "run.py:9"), tmp_path)


def test_codes_are_no_samples() -> None:
    """What an encoder makes of different samples may be equal."""
    program, encoder, decoder = Program(Samples), network(), network()
    signs = torch.nn.Parameter(torch.ones(()))
    for batch in X[:40].split(10):
        code = program.call(encoder, batch, "train.py:7")
        program.train((program.call(decoder, batch.sign() * signs, "train.py:8") + code).sum())
    for model, x, place in ((encoder, X[40:60], "train.py:11"), (decoder, X[:20].sign(), "train.py:12")):
        program.call(model, x, place, gradient=False)
    assert [(o.evaluated, o.shared) for o in program.end().overlaps] == [(20, 0)]


def test_sets_that_share_nothing() -> None:
    assert overlap(run(list(X[:40].split(10)), [X[40:60]])).shared == 0


def test_an_evaluation_of_both_sets_at_one_place_is_told_apart() -> None:
    facts = run([X[:40]] * 2, [X[:40].clone(), X[40:].clone()])
    places = [(o.source, o.evaluated, o.shared) for o in facts.overlaps]
    assert places == [("train.py:8 < train.py:20", 40, 40), ("train.py:8 < train.py:20 < set 2", 20, 0)]


def test_the_last_batch_of_a_set_is_no_set_of_its_own() -> None:
    mixed = X[20:].unflatten(0, (2, 20)).transpose(0, 1).flatten(0, 1)
    facts = run(list(X[:40].split(10)), [x.clone() for x in mixed.split(15)])
    assert (overlap(facts).evaluated, overlap(facts).shared) == (40, 20)


def test_an_agent_acts_on_what_it_learns_from_later() -> None:
    program, model = Program(Samples), network()
    for state in X:
        program.call(model, state[None], "play.py:3", gradient=False)
        program.train(program.call(model, state[None], "play.py:9").sum())
    assert [o.shared for o in program.end().overlaps] == []  # in every turn, with batches of one size: part of it


def test_an_agent_that_acts_several_times_before_it_learns() -> None:
    program, model = Program(Samples), network()
    for batch in X.split(6):
        for state in batch:
            program.call(model, state[None], "play.py:3", gradient=False)
        program.train(program.call(model, batch, "play.py:9").sum())
    assert overlap(program.end()).shared == 0


def test_a_teacher_sees_the_batches_of_the_training() -> None:
    program, model, teacher = Program(Samples), network(), network()
    for batch in X.split(5):
        program.call(teacher, batch, "train.py:3", gradient=False)
        program.train(program.call(model, batch, "train.py:4").sum())
    assert program.end().overlaps == []


def test_validation_that_forgot_no_grad_is_an_evaluation() -> None:
    program, model = Program(Samples), network()
    for batch in X[:40].split(10):
        program.call(model, X[35:45], "train.py:8")
        program.train(program.call(model, batch, "train.py:4").sum())
    program.call(model, X[35:45], "train.py:8")
    program.train(program.call(model, X[:10], "train.py:4").sum())
    found = overlap(program.end())
    assert (found.source, found.evaluated, found.shared) == ("train.py:8", 10, 5)


def test_few_different_inputs_are_equal_by_chance() -> None:
    cells = torch.eye(6)[torch.randint(0, 6, (60,))]
    assert not overlap(run(list(cells.split(10)), [cells[:20]])).continuous


def test_turns_that_are_not_looked_at_are_fingerprinted_while_that_is_cheap() -> None:
    program, model = Program(Samples), network()
    program.train(program.call(model, X[:10]).sum())
    program.look = False
    sense: Any = program.sense
    for affordable, batch in ((True, X[10:20]), (False, X[20:40])):
        sense._affordable = lambda affordable=affordable: affordable
        program.train(program.call(model, batch).sum())
    program.call(model, X[:40], "train.py:8", gradient=False)
    found = overlap(program.end())
    assert (found.trained, found.shared, found.covered) == (20, 20, 0.5)


# Repeated batches, and what they were drawn from.


def test_the_same_batch_again_and_again() -> None:
    found = repeats(run([X[:10]] * 12, []))
    assert (found.steps, found.distinct, found.batch, found.pool) == (12, 1, 10, 60)


def test_the_same_batch_from_then_on() -> None:
    batches = [*X[:50].split(10), *[X[:10]] * 64]
    assert repeats(run(batches, [])).late == 1
    assert repeats(run([*X[:50].split(10), *X[:50].split(10)] * 8, [])).late == 5
    assert repeats(run([*X[:50].split(10), *[X[:20]] * 64, X[:10]], [])).late is None  # of another size
    assert repeats(run(batches[:60], [])).late is None  # too few to say


def test_another_order_is_the_same_batch() -> None:
    assert repeats(run([X[:10], X[:10].flip(0).contiguous()], [])).distinct == 1


def test_going_over_a_batch_twice_in_a_step_is_no_repetition() -> None:
    """Sharpness-aware minimisation."""
    program, model = Program(Samples), network()
    for batch in X.split(10):
        program.back(program.call(model, batch).sum())
        program.train(program.call(model, batch).sum())
    found = repeats(program.end())
    assert (found.steps, found.distinct) == (6, 6)


def test_a_variable_that_the_batch_was_taken_from() -> None:
    data = np.random.default_rng(0).normal(size=(35, 6))
    smaller = np.ones((20, 6))
    batch = torch.from_numpy(data[[3, 4, 8]].astype(np.float32))
    found = repeats(run([batch], []))
    assert (found.pool, found.pool_source) == (35, "data")
    assert len(smaller) < 35


def test_an_object_that_holds_the_samples() -> None:
    class Kiln:
        def __init__(self) -> None:
            self.settings = np.random.default_rng(0).normal(size=(35, 7)).astype(np.float32)

    kiln, other = Kiln(), Kiln()
    other.settings = np.ones((20, 7), np.float32)  # of the same shape, without the batch's samples: no pool
    found = repeats(run([torch.from_numpy(kiln.settings[[3, 4, 8]])], []))
    assert (found.pool, found.pool_source) == (35, "kiln.settings")
    assert repeats(run([torch.randn(3, 7) + len(other.settings)], [])).pool is None


def test_scaled_on_the_way_the_smallest_of_the_same_shape_counts() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (35, 9))
    batch = torch.from_numpy(pixels[[3, 4, 8]] / 255).float()
    assert (repeats(run([batch], [])).pool, len(pixels)) == (35, 35)


def test_windows_of_a_text() -> None:
    program, model = Program(Samples), nn.Sequential(nn.Embedding(10, 4), nn.Flatten(), nn.Linear(20, 2))
    text = torch.arange(500) * 7 % 10
    program.train(program.call(model, torch.stack([text[3:8], text[9:14]])).sum())
    assert (repeats(program.end()).pool, repeats(program.end()).pool_source) == (100, "text")


def test_rows_that_are_cut_into_question_and_answer() -> None:
    corpus = torch.randint(0, 30, (50, 7), generator=torch.Generator().manual_seed(4))
    chunk = corpus[torch.arange(0, 10)]
    x = chunk[:, 1:].clone()
    found = repeats(run([x.float()] * 4, [], network(6)))
    assert (found.pool, found.pool_source) == (50, "corpus")


def test_a_vector_is_one_sample_and_no_set_of_them_is_looked_for() -> None:
    everything = torch.linspace(0, 1, 30)
    assert repeats(run([everything[:20]] * 4, [], network(20))).pool is None


def test_samples_that_are_kept_for_evaluation_are_not_there_to_be_drawn() -> None:
    facts = run([X[:20]] * 3, [X[20:]])
    assert (repeats(facts).batch, repeats(facts).pool) == (20, 20)


def test_the_pool_is_the_loaders_data_set() -> None:
    program, model = Program(Samples), network()
    loader = DataLoader(TensorDataset(X), batch_size=10)
    program.sense.made(loader, "train.py:2")
    (batch,) = next(iter(loader))
    program.sense.fetched([batch], True)
    for _ in range(3):
        program.train(program.call(model, batch).sum())
    found = repeats(program.end())
    assert (found.distinct, found.pool, found.pool_source) == (1, 60, "DataLoader at train.py:2")


class Stream(IterableDataset[Tensor]):
    def __iter__(self) -> Iterator[Tensor]:
        return iter(X)


class Endless(Dataset[Tensor]):
    def __getitem__(self, index: int) -> Tensor:
        return X[index]


@pytest.mark.parametrize("dataset", [Stream(), Endless()])
def test_a_stream_has_no_length(dataset: Any) -> None:
    program = Program(Samples)
    program.sense.made(
        DataLoader(dataset, batch_size=10, sampler=None if isinstance(dataset, Stream) else range(60)), ""
    )
    assert program.end().repeats is None


# Inputs.


def inputs(batches: list[Tensor], model: nn.Module) -> Inputs:
    return run(batches, [], model).inputs[0]


def test_the_scale_of_every_feature() -> None:
    x = torch.stack([torch.linspace(0, 1000, 50), torch.linspace(-1, 1, 50), torch.full((50,), 3.0)], 1)
    found = inputs(list(x.split(25)), network(3))
    assert (found.low, found.high, found.samples, found.training) == (-1.0, 1000.0, 50, True)
    assert found.largest_spread == pytest.approx(float(x[:, 0].std(correction=0)))
    assert found.smallest_spread == pytest.approx(float(x[:, 1].std(correction=0)))
    assert found.constant == pytest.approx(1 / 3)
    assert found.largest_mean == pytest.approx(500 / float(x[:, 0].std(correction=0)))
    assert (found.distinct_rows, found.fingerprinted) == (50, 50)


def test_pictures_by_channel() -> None:
    x = torch.rand(8, 3, 4, 4)
    x[:, 1] = 0
    found = inputs([x], nn.Sequential(nn.Conv2d(3, 2, 3), nn.Flatten()))
    assert found.constant == pytest.approx(1 / 3)


def test_sequences_by_their_last_dimension() -> None:
    x = torch.rand(8, 5, 2)
    x[..., 1] = 7
    assert inputs([x], nn.Linear(2, 3)).constant == 0.5


def test_constant_inputs() -> None:
    found = inputs([torch.zeros(4, 6)] * 2, network())
    assert (found.constant, found.spread, found.distinct_rows, found.largest_spread) == (1.0, 0.0, 1, None)


def test_whole_numbers_have_no_scale() -> None:
    found = inputs([torch.tensor([[1, 2], [3, 4]])], nn.Embedding(9, 2))
    assert (found.low, found.shape, found.samples) == (None, [2, 2], 2)


def test_sparse_and_batched_inputs_are_left_alone() -> None:
    program, model = Program(Samples), network()
    with torch.no_grad():
        program.call(model, X.to_sparse(), gradient=False)
    torch.func.vmap(lambda x: program.call(model, x, gradient=False))(X[:, None])
    assert program.end().inputs == []


def test_training_within_torch_func() -> None:
    program, model = Program(Samples), network()
    for batch in X.split(20):
        torch.func.grad(lambda w, x: program.call(model, x * w).sum())(torch.ones(()), batch)
    assert repeats(program.end()).distinct == 3


def test_a_teacher_that_is_asked_in_the_second_half_only() -> None:
    program, model, teacher = Program(Samples), network(), network()
    for number, batch in enumerate((X.repeat(2, 1)).split(5)):
        if number >= 12:
            program.call(teacher, batch, "train.py:3", gradient=False)
        program.train(program.call(model, batch, "train.py:4").sum())
    assert program.end().overlaps == []


def test_validation_batches_of_the_size_of_training_batches_are_no_teacher() -> None:
    program, model = Program(Samples), network()
    for _ in range(8):
        for batch in X[:30].split(10):
            program.train(program.call(model, batch, "train.py:4").sum())
        for batch in X[20:50].split(10):
            program.call(model, batch, "train.py:8", gradient=False)
    found = overlap(program.end())
    assert (found.evaluated, found.shared) == (30, 10)


def test_single_samples_are_judged_together() -> None:
    assert overlap(run(list(X[:40].split(1)), [X[30:60]])).continuous


def test_the_set_that_is_evaluated_is_no_pool() -> None:
    stream, held = torch.rand(5, 6), X.clone()
    found = repeats(run([stream] * 30, [held[:40], held[40:]]))
    assert (found.distinct, found.pool) == (1, None)


def test_columns_of_two_kinds_are_one_sample() -> None:
    """Categories alone are equal by chance; with numbers beside them they are not."""

    class Table(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.kind, self.out = nn.Embedding(4, 3), nn.Linear(9, 2)

        def forward(self, c: Tensor, v: Tensor) -> Tensor:
            return self.out(torch.cat([self.kind(c).flatten(1), v], 1))

    program, model = Program(Samples), Table()
    categories = torch.arange(120).reshape(60, 2) % 4
    for rows in (range(40), range(30, 60)):
        part = torch.tensor(rows)
        call = Call(model, (categories[part], X[part][:, :3]), {}, None, True, rows.start == 0, ("train.py:4",))
        with torch.set_grad_enabled(rows.start == 0):
            call.output = model(*call.args)
        if call.gradient:
            program.calls.append(call)
        program._tell("called", call)
        if call.gradient:
            program.train(call.output.sum())
    found = overlap(program.end())
    assert (found.evaluated, found.shared, found.continuous) == (30, 10, True)


def test_parts_of_one_tensor_are_told_apart_by_their_length() -> None:
    found = run([X[:40]] * 2, [X[:40], X[40:]])
    assert sorted((each.evaluated, each.shared) for each in found.overlaps) == [(20, 0), (40, 40)]


def test_the_same_set_in_two_ways_is_counted_once() -> None:
    found = overlap(run([X[:20], X[20:40]], [*X[30:60].split(15), *X[30:60].clone().split(15)]))
    assert (found.evaluated, found.shared) == (30, 10)


@pytest.mark.parametrize("twice", [False, True])
def test_pieces_of_a_text_may_come_twice_by_chance(twice: bool) -> None:
    """As some do within a batch."""
    text = torch.randint(0, 9, (60, 12), generator=torch.Generator().manual_seed(1))
    batch = torch.cat([text[:40], text[: 5 * twice]])
    found = overlap(run([batch], [torch.cat([text[40:57], text[:3]])], nn.Embedding(9, 2)))
    assert (found.evaluated, found.shared, found.continuous) == (20, 3, not twice)
    most = overlap(run([batch], [torch.cat([text[40:50], text[:10]])], nn.Embedding(9, 2)))
    assert (most.evaluated, most.shared, most.continuous) == (20, 10, True)


def test_two_sets_that_are_evaluated_at_one_line_are_told_apart() -> None:
    """Training and validation, each given whole: most of the validation was trained on, too."""
    found = run([X[:20], X[20:40]], [X[:40].clone(), X[10:46].clone()])
    assert sorted((each.evaluated, each.shared) for each in found.overlaps) == [(36, 30), (40, 40)]
