"""Raw, constant and sorted inputs, samples on both sides, batches that come again; and what looks like it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.diagnose.invented import falling, one, stuck, told

from gradwise.diagnose.case import Case
from gradwise.diagnose.data import (
    constant_input,
    input_not_normalised,
    repeated_batches,
    train_valid_overlap,
    unshuffled_data,
)
from gradwise.watch import Trace
from gradwise.watch.facts import Facts, Inputs, Layer, Loader, Loss, Network, Overlap, Parameter, Repeats


def inputs(**known: Any) -> Inputs:
    usual = {"shape": [32, 13], "samples": 768, "low": -3.0, "high": 3.0, "mean": 0.0, "spread": 1.0}
    spreads = {"largest_spread": 1.1, "smallest_spread": 0.9, "largest_mean": 0.1, "distinct_rows": 700}
    return Inputs("Net", True, **{**usual, **spreads, "fingerprinted": 768, "source": "train.py:30", **known})


WINE = {"low": 0.1, "high": 1680.0, "mean": 70.0, "spread": 215.0, "largest_spread": 315.0, "smallest_spread": 0.12}


def fed(given: Inputs, **known: Any) -> Facts:
    network = Network("Net", [Layer("fc1", "Linear", activation="relu")], training_calls=100, **known)
    return Facts(networks=[network], inputs=[given], losses=[Loss("cross_entropy", "train.py:31", baseline=1.1)])


class TestInputNotNormalised:
    @pytest.mark.parametrize(
        "known",
        [
            WINE,
            {"low": 0.0, "high": 255.0, "largest_spread": 80.0, "smallest_spread": 60.0},
            {
                "low": 99000.0,
                "high": 103000.0,
                "largest_spread": 700.0,
                "smallest_spread": 600.0,
                "largest_mean": 144.0,
            },
        ],
    )
    def test_raw(self, known: dict[str, float]) -> None:
        finding = one(input_not_normalised, fed(inputs(**known)), stuck(1.1))
        assert (finding.severity, finding.where) == ("error", ("fc1",))
        assert one(input_not_normalised, fed(inputs(**known)), falling(1.1, 0.4)).severity == "warning"
        assert one(input_not_normalised, fed(inputs(**known)), falling(1.1, 0.01)).severity == "note"

    def test_time_in_a_formula(self) -> None:
        hours: dict[str, Any] = {
            "low": 0.0,
            "high": 671.0,
            "largest_spread": 194.0,
            "smallest_spread": 194.0,
            "shape": [128],
        }
        wave = fed(inputs(**hours), nonlinearities=["sin"])
        wave.parameters = [Parameter("frequency", [3])]
        assert not told(input_not_normalised, wave, stuck(1.1))
        wave.networks[0].nonlinearities = []  # a line: its slope is far smaller than its height
        assert told(input_not_normalised, wave, stuck(1.1))
        wave.networks[0].nonlinearities, wave.parameters = ["tanh"], [Parameter("fc1.weight", [8, 1])]
        assert told(input_not_normalised, wave, stuck(1.1))

    def test_bytes_are_divided(self) -> None:
        known = {"low": 0.0, "high": 255.0, "largest_spread": 80.0, "smallest_spread": 60.0}
        assert "255" in one(input_not_normalised, fed(inputs(**known))).remedies[0].change

    @pytest.mark.parametrize(
        "known",
        [
            {},
            {"low": -0.3, "high": 0.7, "largest_spread": 0.4, "smallest_spread": 0.0016},  # border pixels
            {"low": 0.0, "high": 1.0, "largest_spread": 0.5, "smallest_spread": 0.01},  # rare words
            {"low": 0.0, "high": 16.0, "largest_spread": 6.5, "smallest_spread": 0.02},  # small whole numbers
            {"low": 0.9, "high": 1.1, "largest_mean": 20.0, "largest_spread": 0.05, "smallest_spread": 0.05},
            {"largest_spread": None, "smallest_spread": None},
        ],
    )
    def test_healthy(self, known: dict[str, Any]) -> None:
        assert not told(input_not_normalised, fed(inputs(**known)), stuck(1.1))

    def test_normalised_within(self) -> None:
        assert not told(input_not_normalised, fed(inputs(**WINE), first_norm=True), stuck(1.1))

    def test_divided_within(self) -> None:
        trace = Trace()
        trace.facts = fed(inputs(**WINE))
        trace.add(0, "activation", "fc1", "spread", 0.3)
        assert not list(input_not_normalised(Case(trace)))

    def test_evaluation_alone_says_nothing(self) -> None:
        given = inputs(**WINE)
        given.training = False
        assert not told(input_not_normalised, fed(given))


class TestConstantInput:
    def test_all_the_same(self) -> None:
        finding = one(constant_input, fed(inputs(distinct_rows=1, low=-1.0, high=-1.0, constant=1.0)))
        assert "-1" in finding.says

    def test_words(self) -> None:
        assert one(constant_input, fed(Inputs("Net", True, [32, 14], 768, distinct_rows=1, fingerprinted=768)))

    @pytest.mark.parametrize(
        "known",
        [
            {},
            {"distinct_rows": 1, "shape": [1, 32], "constant": 1.0},  # one picture, from noise that stays
            {"distinct_rows": 4, "constant": 0.0},  # XOR
            {"distinct_rows": 700, "constant": 1.0},  # more features than were looked at
            {"distinct_rows": 1, "fingerprinted": 4, "samples": 4},
        ],
    )
    def test_healthy(self, known: dict[str, Any]) -> None:
        assert not told(constant_input, fed(inputs(**known)))

    def test_another_network_may_be_given_a_constant(self) -> None:
        facts = fed(inputs())
        facts.networks.append(Network("Start", training_calls=3))
        facts.inputs.append(Inputs("Start", True, [32, 8], 768, distinct_rows=1, fingerprinted=768))
        assert not told(constant_input, facts)


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

    def test_folds(self) -> None:
        facts = shared(500, 500, 400)
        facts.networks = [Network(f"Net{i}", parameters=500, modules=["Net"], training_calls=9) for i in range(5)]
        assert not told(train_valid_overlap, facts)

    def test_samples_made_as_they_are_needed_meet_by_chance(self) -> None:
        facts = shared(200, 9000, 14)
        assert told(train_valid_overlap, facts)
        facts.inputs = [Inputs("Net", True, distinct_rows=8899, fingerprinted=9072)]  # 2 % came twice in training
        assert not told(train_valid_overlap, facts)
        facts.inputs = [Inputs("Net", True, distinct_rows=900, fingerprinted=9072)]  # ten passes over a set
        assert told(train_valid_overlap, facts)


class TestRepeatedBatches:
    def test_a_seed_within_the_loop(self) -> None:
        facts = Facts(repeats=Repeats(240, 1, 24, 3000, "train_data", "train.py:30"))
        facts.overlaps = [Overlap("train.py:50", 96, 24, 0, continuous=False)]
        finding = one(repeated_batches, facts)
        assert (finding.severity, finding.source) == ("error", ("train.py:30",))
        assert "1 different batch of 24" in finding.says

    def test_always_the_first_batch_of_a_loader(self) -> None:
        facts = Facts(repeats=Repeats(100, 1, 32, 1400, "DataLoader at train.py:9"))
        facts.loaders = [Loader("train.py:9", 1400, 32, shuffled=False, iterated=100, training=True)]
        assert one(repeated_batches, facts).severity == "error"
        facts.loaders[0].iterated = 1  # one batch, kept
        assert one(repeated_batches, facts).severity == "note"

    def test_batches_drawn_anew_from_few_samples(self) -> None:
        facts = Facts(repeats=Repeats(700, 700, 24, 2000, "storage", "train.py:30"))
        facts.overlaps = [Overlap("train.py:50", 96, 24, 0)]
        facts.inputs = [Inputs("Net", True, distinct_rows=24, fingerprinted=700 * 24)]
        assert "24 different samples" in one(repeated_batches, facts).says
        facts.inputs.append(Inputs("Encoder", True, distinct_rows=1800, fingerprinted=700 * 24))  # the first were codes
        assert not told(repeated_batches, facts)

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
