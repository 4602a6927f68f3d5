"""Labels without an output, of one kind only, hardly ever of another, or of other samples; and healthy ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.diagnose.invented import falling, of_loss, one, stuck, told

from gradwise.diagnose.case import Case
from gradwise.diagnose.labels import class_imbalance, constant_label, label_out_of_range, labels_unrelated
from gradwise.watch import Trace
from gradwise.watch.facts import Crash, Facts, Inputs, Loader, Loss, Network, Probes


class TestLabelOutOfRange:
    def test_the_crash_is_the_finding(self) -> None:
        crash = Crash("IndexError", "Target 5 is out of bounds.", "train.py:31", "label-out-of-range", "There is.", "5")
        assert one(label_out_of_range, Facts(crash=crash)).severity == "error"

    def test_a_crash_of_another_kind(self) -> None:
        assert not told(label_out_of_range, Facts(crash=Crash("KeyError", "x", "train.py:3")))

    def test_labels_from_1_in_a_binary_loss(self) -> None:
        known = {"target_low": 1.0, "target_high": 2.0, "target_integer": True, "target_distinct": 2}
        (finding,) = of_loss(label_out_of_range, "binary_cross_entropy_with_logits", **known)
        assert "== 2" in finding.remedies[0].change

    def test_more_labels_than_outputs_in_a_loss_of_its_own(self) -> None:
        known: dict[str, Any] = {
            "input_shape": [32, 9],
            "target_shape": [32],
            "target_low": 0.0,
            "target_integer": True,
        }
        (finding,) = of_loss(label_out_of_range, "", target_high=9.0, **known)
        assert "10 outputs" in finding.remedies[0].change
        assert not of_loss(label_out_of_range, "", target_high=8.0, **known)

    def test_labels_from_1_in_ones_of_its_own(self) -> None:
        known: dict[str, Any] = {
            "by_hand": True,
            "ignored": 500,
            "target_low": 1.0,
            "target_high": 3.0,
            "target_integer": True,
        }
        (finding,) = of_loss(label_out_of_range, "cross_entropy", counts=[0, 500, 510, 490], **known)
        assert "25%" in finding.says
        assert finding.remedies[0].change == "y - 1 as the label"
        some = {"counts": [20, 500, 510, 490], "arguments": {"ignore_index": -100}}
        assert not of_loss(label_out_of_range, "cross_entropy", **some, **known)  # unlabelled

    def test_an_index_below_0(self) -> None:
        known: dict[str, Any] = {"by_hand": True, "ignored": 50, "target_low": 0.0, "target_high": 2.0}
        known |= {"target_integer": True, "counts": [50, 0, 50]}
        (finding,) = of_loss(label_out_of_range, "cross_entropy", **known)
        assert "of the last class" in finding.says
        assert not of_loss(label_out_of_range, "cross_entropy", arguments={"ignore_index": -1}, **known)
        assert not of_loss(label_out_of_range, "cross_entropy", **{**known, "by_hand": False})
        assert not of_loss(label_out_of_range, "cross_entropy", **{**known, "ignored": 0})

    @pytest.mark.parametrize(
        ("low", "high", "distinct", "integer"), [(0.0, 1.0, 2, True), (-1.0, 1.0, 2, True), (-2.3, 2.0, 90, False)]
    )
    def test_healthy(self, low: float, high: float, distinct: int, integer: bool) -> None:
        known = {"target_low": low, "target_high": high, "target_integer": integer, "target_distinct": distinct}
        assert not of_loss(label_out_of_range, "binary_cross_entropy_with_logits", **known)


class TestConstantLabel:
    def test_one_class(self) -> None:
        loss = Loss("binary_cross_entropy_with_logits", "train.py:31", counts=[768, 0])
        facts = Facts(losses=[loss], loaders=[Loader("train.py:9", 426, 32, training=True)])
        assert one(constant_label, facts).severity == "error"

    def test_a_few_hundred_may_be_a_very_rare_class(self) -> None:
        (finding,) = of_loss(constant_label, "cross_entropy", counts=[400, 0])
        assert finding.severity == "warning"

    def test_masks_without_anything(self) -> None:
        known: dict[str, Any] = {"target_integer": True, "target_distinct": 1, "target_low": 0.0, "samples": 1600}
        assert of_loss(constant_label, "binary_cross_entropy_with_logits", **known)
        known["target_distinct"] = 2
        assert not of_loss(constant_label, "binary_cross_entropy_with_logits", **known)

    def test_one_value(self) -> None:
        (finding,) = of_loss(
            constant_label, "mse_loss", target_spread=0.0, target_low=3.0, target_distinct=1, samples=2000
        )
        assert "3" in finding.says

    @pytest.mark.parametrize(
        ("name", "known"),
        [
            ("cross_entropy", {"counts": [900, 3]}),
            ("cross_entropy", {"counts": [20, 0]}),
            ("cross_entropy", {"counts": [900], "input_shape": [32, 1]}),  # wrong-loss
            ("mse_loss", {"target_spread": 0.0, "target_low": 0.0, "samples": 2000}),  # a residual
            ("mse_loss", {"target_spread": 0.0, "target_low": 1.0, "samples": 2000, "through": ["sqrt", "pow"]}),
            ("mse_loss", {"target_spread": 1.0, "target_low": -3.0, "samples": 2000}),
            ("", {}),
        ],
    )
    def test_healthy(self, name: str, known: dict[str, Any]) -> None:
        assert not of_loss(constant_label, name, **known)

    def test_real_and_drawn(self) -> None:
        name = "binary_cross_entropy_with_logits"
        losses = [Loss(name, "train.py:31", counts=[0, 900]), Loss(name, "train.py:40", counts=[900, 0])]
        assert not told(constant_label, Facts(losses=losses))
        assert not told(constant_label, Facts(losses=losses[:1], adversarial=True))


def skewed(**known: Any) -> Facts:
    usual = {"counts": [4000, 120, 120], "recalled": [0.99, 0.1, 0.2], "calls": 400}
    return Facts(losses=[Loss("cross_entropy", "train.py:31", **{**usual, **known})], finished=True)


class TestClassImbalance:
    def test_rare_classes_are_given_up(self) -> None:
        finding = one(class_imbalance, skewed())
        assert finding.severity == "warning"
        assert "class 1 (2.8%)" in finding.says

    @pytest.mark.parametrize(
        "known",
        [
            {"recalled": [0.98, 0.7, 0.6]},  # learnt all the same
            {"arguments": {"weight": True}},
            {"arguments": {"reduction": "none"}},  # weighted afterwards
            {"counts": [500, 480], "recalled": [0.99, 0.0]},
            {"counts": [900] + [10] * 30, "recalled": [0.99] + [0.0] * 30},  # words
            {"counts": [400, 2], "recalled": [1.0, 0.0]},  # two samples
            {"counts": [400, 0], "recalled": [1.0, None]},
            {"recalled": []},
        ],
    )
    def test_healthy(self, known: dict[str, Any]) -> None:
        assert not told(class_imbalance, skewed(**known))

    def test_half_of_the_rarest_are_found(self) -> None:
        rare = {"counts": [9750, 250], "recalled": [0.997, 0.56]}
        assert one(class_imbalance, skewed(**rare)).severity == "note"
        assert not told(class_imbalance, skewed(**{**rare, "counts": [900, 100]}))

    def test_too_early_to_say(self) -> None:
        facts = skewed()
        facts.finished = False
        assert not told(class_imbalance, facts, falling(1.0, 0.3, 50))
        assert told(class_imbalance, facts, falling(1.0, 0.3, 300))


def unrelated(**known: Any) -> Facts:
    usual = {"learnable": 0.0, "learnable_p": 0.6, "stronger": 0.01, "probe_samples": 500}
    return Facts(losses=[Loss("cross_entropy", "train.py:31", baseline=2.3)], probes=Probes(**{**usual, **known}))


class TestLabelsUnrelated:
    def test_nothing_to_be_found(self) -> None:
        finding = one(labels_unrelated, unrelated(), stuck(2.3))
        assert "500 samples" in finding.says
        assert finding.severity == "warning"

    def test_the_network_is_able(self) -> None:
        able = one(labels_unrelated, unrelated(sixteen=0.01, sixteen_start=2.3), stuck(2.3))
        assert able.certainty > one(labels_unrelated, unrelated(), stuck(2.3)).certainty
        assert not told(labels_unrelated, unrelated(sixteen=1.1, sixteen_start=2.3), stuck(2.3))

    def test_few_samples_explain_some_by_chance(self) -> None:
        chance = {"learnable": 0.06, "learnable_p": 0.26, "stronger": 0.06, "stronger_p": 0.26}
        assert one(labels_unrelated, unrelated(**chance), stuck(2.3))
        assert not told(labels_unrelated, unrelated(**{**chance, "learnable_p": 0.04}), stuck(2.3))

    def test_a_little_is_explained_in_much_noise(self) -> None:
        noise = 25.6 * (1 + 0.05 * np.random.default_rng(0).standard_normal(800))
        facts = unrelated()
        facts.losses = [Loss("mse_loss", "train.py:31", baseline=25.6)]
        facts.networks = [Network("Net", parameters=500, training_calls=800)]
        facts.inputs = [Inputs("Net", True, distinct_rows=100_000)]
        assert told(labels_unrelated, facts, noise)
        assert not told(labels_unrelated, facts, 0.975 * noise)
        facts.networks[0].parameters = 5000  # as much as they learn by heart
        assert told(labels_unrelated, facts, 0.975 * noise)

    def test_the_same_input_under_labels_drawn_at_random(self) -> None:
        ids = {"learnable": None, "learnable_p": None, "probe_samples": 0, "equal": 5000, "agreed": 0.03}
        finding = one(labels_unrelated, unrelated(**ids), stuck(2.3))
        assert "5000 pairs" in finding.says
        assert not told(labels_unrelated, unrelated(**{**ids, "agreed": 0.3}), stuck(2.3))
        assert not told(labels_unrelated, unrelated(**{**ids, "equal": 50}), stuck(2.3))
        assert not told(labels_unrelated, unrelated(**ids), falling(2.3, 0.3))

    def test_learnt_by_heart(self) -> None:
        trace = Trace()
        trace.facts = unrelated()
        trace.facts.losses.append(Loss("cross_entropy", "train.py:50", training=False))
        for step, value in enumerate(falling(2.3, 0.8)):
            trace.add(step, "loss", "train.py:31", "value", value)
        assert not list(labels_unrelated(Case(trace)))
        for step in (30, 60, 90):
            trace.add(step, "evaluation", "train.py:50", "value", 2.4)
        assert list(labels_unrelated(Case(trace)))

    @pytest.mark.parametrize(
        ("lowest", "known", "said"),
        [
            (2.4, {"learnable": 0.18, "learnable_p": 0.004}, True),
            (1.9, {"learnable": 0.18, "learnable_p": 0.004}, False),
            (2.4, {"probe_samples": 120}, True),
            (2.4, {"probe_samples": 80}, False),
        ],
    )
    def test_what_models_find_by_luck_or_in_few_samples(
        self, lowest: float, known: dict[str, float], said: bool
    ) -> None:
        """The program's own evaluations are a test of the same, with other samples."""
        trace = Trace()
        trace.facts = unrelated(**known)
        trace.facts.losses.append(Loss("cross_entropy", "train.py:50", training=False))
        for step, value in enumerate(falling(2.3, 0.8)):
            trace.add(step, "loss", "train.py:31", "value", value)
        for step in range(5, 100, 10):
            trace.add(step, "evaluation", "train.py:50", "value", lowest)
        assert bool(list(labels_unrelated(Case(trace)))) is said

    def test_learnt_by_heart_without_an_evaluation(self) -> None:
        assert one(labels_unrelated, unrelated(kept=2.8), falling(2.3, 1.9))
        assert not told(labels_unrelated, unrelated(kept=1.9), falling(2.3, 1.9))
        assert not told(labels_unrelated, unrelated(kept=2.8), falling(2.3, 0.8))  # it finds what models do not
        numbered = unrelated(kept=2.8)  # people and films: of those that a few batches lack a copy knows nothing
        numbered.inputs = [Inputs("Net", True)]
        assert not told(labels_unrelated, numbered, falling(2.3, 1.9))

    def test_a_little_learnt_by_heart_without_an_evaluation(self) -> None:
        able = {"sixteen": 0.01, "sixteen_start": 2.3}
        assert one(labels_unrelated, unrelated(**able), falling(2.3, 2.15))
        assert not told(labels_unrelated, unrelated(**able), falling(2.3, 1.9))
        assert not told(labels_unrelated, unrelated(), falling(2.3, 2.15))

    @pytest.mark.parametrize(
        "known",
        [
            {"learnable": 0.3, "learnable_p": 0.01},
            {"stronger": 0.4},
            {"learnable": None},
            {"probe_samples": 40},
        ],
    )
    def test_healthy(self, known: dict[str, Any]) -> None:
        assert not told(labels_unrelated, unrelated(**known), stuck(2.3))

    def test_the_network_finds_it(self) -> None:
        assert not told(labels_unrelated, unrelated(), falling(2.3, 0.1))  # parity, additions

    def test_constant_inputs_explain_it(self) -> None:
        facts = unrelated()
        facts.inputs = [Inputs("Net", True, distinct_rows=1)]
        assert not told(labels_unrelated, facts, stuck(2.3))
