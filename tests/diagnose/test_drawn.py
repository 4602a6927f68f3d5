"""Sorted samples, samples on both sides, batches that come again; and what looks like it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.diagnose.invented import falling, one, stuck, told

from gradwise.diagnose.case import Case
from gradwise.diagnose.drawn import (
    repeated_batches,
    train_valid_overlap,
    unshuffled_data,
)
from gradwise.watch import Trace
from gradwise.watch.facts import Facts, Inputs, Loader, Loss, Network, Overlap, Repeats


def ordered(loader: Loader | None, name: str = "cross_entropy", **known: Any) -> Facts:
    usual = {"counts": [50] * 10, "repeats": 0.99, "batch_spread": 25.0}
    loss = Loss(name, "train.py:31", calls=100, **{**usual, **known})
    return Facts(losses=[loss], loaders=[loader] if loader else [])


SORTED = Loader("train.py:20", 500, 32, shuffled=False, sampler="SequentialSampler", training=True, batches=100)
SHUFFLED = Loader("train.py:20", 500, 32, shuffled=True, training=True, batches=100)


class TestUnshuffledData:
    def test_classes_one_after_the_other(self) -> None:
        finding = one(unshuffled_data, ordered(SORTED))
        assert (finding.severity, finding.source) == ("error", ("train.py:20",))
        assert "shuffle=True" in finding.remedies[0].change

    def test_batches_cut_by_hand(self) -> None:
        assert "randperm" in one(unshuffled_data, ordered(None)).remedies[0].change

    def test_sorted_values(self) -> None:
        facts = ordered(None, "mse_loss", counts=[], repeats=None)
        facts.repeats = Repeats(90, 30, 40, 1200, "x")
        assert one(unshuffled_data, facts).severity == "warning"
        facts.repeats = Repeats(90, 90, 40, 1200, "memory")  # an agent's: its goals move as it learns
        assert not told(unshuffled_data, facts)

    @pytest.mark.parametrize(
        "facts",
        [
            ordered(SHUFFLED),  # batches of one class by a sampler of its own
            ordered(SORTED, batch_spread=1.1, repeats=0.1),  # mixed before
            ordered(Loader("train.py:20", 500, 32, sampler="FourOfEach", training=True)),
            ordered(None, batch_spread=5.0),  # four classes a batch, on purpose
            ordered(SORTED, batch_spread=0.2),  # within the batch only
            ordered(SORTED, batch_spread=None, repeats=None),
            Facts(),
        ],
    )
    def test_healthy(self, facts: Facts) -> None:
        assert not told(unshuffled_data, facts)

    def test_real_and_drawn(self) -> None:
        facts = ordered(None, "binary_cross_entropy_with_logits", counts=[500, 500])
        facts.adversarial = True
        assert not told(unshuffled_data, facts)
        facts.adversarial = False
        facts.losses.append(Loss("binary_cross_entropy_with_logits", "train.py:40", calls=90))
        assert not told(unshuffled_data, facts)  # source and target domain

    def test_a_series_read_in_order(self) -> None:
        facts = ordered(None, "mse_loss", counts=[], repeats=None)
        facts.repeats = Repeats(90, 30, 40, 1200, "x")
        facts.networks = [Network("Forecaster", modules=["Forecaster", "GRU", "Linear"])]
        assert not told(unshuffled_data, facts)

    def test_sequences_by_length_of_which_nothing_is_learnt(self) -> None:
        facts = ordered(None, "mse_loss", counts=[], repeats=None, baseline=1.0)
        facts.repeats = Repeats(90, 30, 40, 1200, "x")
        facts.networks = [Network("Forecaster", modules=["Forecaster", "GRU", "Linear"], training_calls=90)]
        assert one(unshuffled_data, facts, stuck(1.0)).severity == "warning"
        assert not told(unshuffled_data, facts, falling(1.0, 0.3))


def shared(evaluated: int, trained: int, both: int, *more: Overlap, continuous: bool = True) -> Facts:
    overlap = Overlap("train.py:50", evaluated, trained, both, continuous=continuous)
    return Facts(overlaps=[overlap, *more])


class TestTrainValidOverlap:
    def test_two_permutations(self) -> None:
        finding = one(train_valid_overlap, shared(697, 1100, 420))
        assert (finding.severity, finding.source) == ("error", ("train.py:50",))
        assert "60%" in finding.says

    def test_a_few_copies(self) -> None:
        assert one(train_valid_overlap, shared(700, 1100, 60)).severity == "warning"

    def test_a_part_of_the_training_set(self) -> None:
        assert one(train_valid_overlap, shared(200, 1100, 200)).severity == "warning"
        beside = Overlap("train.py:60", 300, 1100, 0)
        assert not told(train_valid_overlap, shared(200, 1100, 200, beside))  # its score beside the real one
        whole = Overlap("train.py:49", 1100, 1100, 1100)  # which is told for all of it
        assert one(train_valid_overlap, shared(200, 1100, 200, beside, whole)).severity == "warning"

    def test_a_part_that_is_called_validation(self) -> None:
        facts = shared(200, 1100, 200, Overlap("train.py:60", 300, 1100, 0))
        facts.overlaps[0].held_out = True
        assert one(train_valid_overlap, facts).severity == "warning"
        facts.overlaps[0].evaluated = facts.overlaps[0].shared = 1100
        assert not told(train_valid_overlap, facts)  # all of it: a curve through few points, a whole picture

    def test_a_split_that_is_drawn_anew_in_every_epoch(self) -> None:
        facts = shared(60, 1100, 0, Overlap("train.py:50", 600, 1100, 590, redrawn=True))
        finding = one(train_valid_overlap, facts)
        assert finding.severity == "error"
        assert "drawn anew" in finding.says

    def test_a_second_loader_of_the_training_set(self) -> None:
        facts = shared(1100, 1100, 1100)
        assert not told(train_valid_overlap, facts)  # its own score
        facts.loaders = [Loader("train.py:20", 1100, 32, training=True), Loader("train.py:21", 1100, 32)]
        assert one(train_valid_overlap, facts).severity == "warning"

    @pytest.mark.parametrize(
        "facts",
        [
            shared(400, 1100, 0),
            shared(400, 1100, 8),  # duplicates in the data
            shared(16, 16, 16),  # learnt by heart
            shared(40, 40, 40),
            shared(2304, 1900, 1900),  # a whole picture, of which points were drawn
            shared(400, 1100, 200, continuous=False),  # states of a game
            Facts(),
        ],
    )
    def test_healthy(self, facts: Facts) -> None:
        assert not told(train_valid_overlap, facts)

    def test_samples_made_as_they_are_needed_meet_by_chance(self) -> None:
        facts = shared(200, 9000, 14)
        assert told(train_valid_overlap, facts)
        facts.inputs = [Inputs("Net", True, distinct_rows=8899, fingerprinted=9072)]  # 2 % came twice in training
        assert not told(train_valid_overlap, facts)
        facts.inputs = [Inputs("Net", True, distinct_rows=900, fingerprinted=9072)]  # ten passes over a set
        assert told(train_valid_overlap, facts)

    def test_a_text_that_says_the_same_again_and_again(self) -> None:
        """A third of its pieces came twice within one pass: that some of the others did is chance."""
        facts = shared(86, 772, 50)
        facts.repeats = Repeats(750, 150, 8, 1800, "text")
        facts.inputs = [Inputs("Net", True, distinct_rows=772, fingerprinted=6000)]  # whole numbers have no scale
        assert not told(train_valid_overlap, facts)
        facts.inputs[0].low = -1.0  # a table that was oversampled first
        assert told(train_valid_overlap, facts)


class TestRepeatedBatches:
    def test_a_seed_within_the_loop(self) -> None:
        facts = Facts(repeats=Repeats(240, 1, 24, 3000, "train_data", "train.py:30"))
        facts.overlaps = [Overlap("train.py:50", 96, 24, 0, continuous=False)]
        finding = one(repeated_batches, facts)
        assert (finding.severity, finding.source) == ("error", ("train.py:30",))
        assert "1 different batch of 24" in finding.says

    def test_of_an_unknown_number(self) -> None:
        """The same crops in every step, and the loss of others rises."""
        loss = Loss("mse_loss", "train.py:31", calls=200, baseline=1.0)
        facts = Facts(losses=[loss], repeats=Repeats(200, 1, 8, None, "", "train.py:30", late=1), finished=True)
        facts.overlaps = [Overlap("train.py:50", 100, 8, 0)]
        assert not told(repeated_batches, facts, falling(1.0, 0.01, 200))
        trace = Trace()
        trace.facts = facts
        for step, value in enumerate(falling(1.0, 0.01, 200)):
            trace.add(step, "loss", "train.py:31", "value", value)
        for step, value in enumerate([0.5, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.5]):
            trace.add(25 * step, "evaluation", "train.py:50", "value", value)
        assert [finding.severity for finding in repeated_batches(Case(trace))] == ["warning"]
        facts.overlaps[0].evaluated = 16
        assert not list(repeated_batches(Case(trace)))

    def test_from_then_on(self) -> None:
        facts = Facts(repeats=Repeats(400, 51, 64, 3200, "train_data", "train.py:30", late=1))
        finding = one(repeated_batches, facts)
        assert finding.severity == "error"
        assert "after 50 other batches" in finding.says
        facts.repeats = Repeats(400, 51, 64, 3200, "train_data", "train.py:30", late=40)
        assert not told(repeated_batches, facts)
        facts.repeats = Repeats(400, 1, 64, None, "", "train.py:30", late=1)  # all of it, from the start
        assert not told(repeated_batches, facts)

    def test_always_the_first_batch_of_a_loader(self) -> None:
        facts = Facts(repeats=Repeats(100, 1, 32, 1400, "DataLoader at train.py:9"))
        facts.loaders = [Loader("train.py:9", 1400, 32, shuffled=False, iterated=100, training=True)]
        assert one(repeated_batches, facts).severity == "error"
        facts.loaders[0].iterated = 1  # one batch, kept
        assert one(repeated_batches, facts).severity == "note"

    def test_a_first_batch_that_noise_makes_another_every_time(self) -> None:
        facts = Facts(steps=300, repeats=Repeats(100, 100, 50))
        facts.loaders = [Loader("train.py:9", 1500, 50, False, 300, 100, 0, "SequentialSampler", True, longest=1)]
        assert "1500 samples the same 50" in one(repeated_batches, facts).says
        for change in ({"shuffled": True}, {"longest": 2}, {"iterated": 10}, {"samples": 50}, {"training": False}):
            assert not told(repeated_batches, replace(facts, loaders=[replace(facts.loaders[0], **change)]))

    def test_a_seed_set_before_each_batch_where_nobody_knows_what_is_drawn_from(self) -> None:
        facts = Facts(steps=400, repeats=Repeats(240, 1, 96), reseeded=399, reseeded_source="train.py:31")
        finding = one(repeated_batches, facts)
        assert (finding.severity, finding.source) == ("error", ("train.py:31",))
        assert not told(repeated_batches, replace(facts, reseeded=40))  # before each evaluation
        assert not told(repeated_batches, replace(facts, repeats=Repeats(240, 240, 96)))  # batches differ all the same

    def test_batches_drawn_anew_from_few_samples(self) -> None:
        facts = Facts(repeats=Repeats(700, 700, 24, 2000, "storage", "train.py:30"))
        facts.overlaps = [Overlap("train.py:50", 96, 24, 0)]
        facts.inputs = [Inputs("Net", True, distinct_rows=24, fingerprinted=700 * 24)]
        assert "24 different samples" in one(repeated_batches, facts).says
        assert facts.repeats is not None
        states = replace(facts, repeats=replace(facts.repeats, continuous=False))  # a game has no more of them
        assert not told(repeated_batches, states)
        facts.inputs.append(Inputs("Encoder", True, distinct_rows=1800, fingerprinted=700 * 24))  # the first were codes
        assert not told(repeated_batches, facts)

    def test_few_samples_of_which_not_every_step_was_looked_at(self) -> None:
        """60 batches that overlap, 420 steps: those looked at show that they come again."""
        known = {"overlaps": [Overlap("train.py:50", 96, 91, 0)]}
        known["inputs"] = [Inputs("Net", True, distinct_rows=91, fingerprinted=200 * 32)]
        facts = Facts(steps=420, repeats=Repeats(200, 60, 32, 1120, "storage", "train.py:30"), **known)  # type: ignore[arg-type]
        assert one(repeated_batches, facts).severity == "error"

    def test_new_noise_on_the_same_samples(self) -> None:
        loss = Loss("mse_loss", "train.py:31", target_shape=[48, 64], target_spread=0.4, target_distinct=17)
        loss.target_batches, loss.target_batches_distinct = 160, 1
        known = {"losses": [loss], "repeats": Repeats(200, 200, 48)}
        known["overlaps"] = [Overlap("train.py:50", 297, 9000, 0)]
        assert "under inputs that differ" in one(repeated_batches, Facts(**known)).says  # type: ignore[arg-type]
        loss.target_batches_distinct = 150
        assert not told(repeated_batches, Facts(**known))  # type: ignore[arg-type]
        loss.target_batches_distinct, loss.target_spread = 1, 0.0  # a residual that is to be 0
        assert not told(repeated_batches, Facts(**known))  # type: ignore[arg-type]

    def test_a_stream_that_begins_anew(self) -> None:
        facts = Facts(
            repeats=Repeats(400, 4, 32), loaders=[Loader("train.py:9", None, 32, iterated=100, training=True)]
        )
        assert one(repeated_batches, facts).severity == "warning"

    @pytest.mark.parametrize(
        "repeats",
        [
            None,
            Repeats(1500, 1, 16, 16, "keys"),  # all that there is
            Repeats(1500, 1, 300),  # full batches
            Repeats(1500, 1, 300, 400, "storage"),
            Repeats(400, 40, 32, 1280, "DataLoader at train.py:9"),  # not shuffled, but all of it
            Repeats(400, 390, 32, 50000, "storage"),
            Repeats(12, 1, 32, 50000, "storage"),
            Repeats(200, 100, 32, 50000, "storage"),  # each twice
        ],
    )
    def test_healthy(self, repeats: Repeats | None) -> None:
        assert not told(repeated_batches, Facts(repeats=repeats))
