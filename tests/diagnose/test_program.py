"""What the loop itself forgets, and what looks like it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gradwise.diagnose import program
from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding
from gradwise.watch import Trace
from gradwise.watch.facts import Facts, Loader, Loss, Network, Optimizer, Parameter


def found(rule: Callable[[Case], object], facts: Facts | Trace) -> list[Finding]:
    trace = Trace() if isinstance(facts, Facts) else facts
    if isinstance(facts, Facts):
        trace.facts = facts
    return list(rule(Case(trace)))  # type: ignore[call-overload]


def only(rule: Callable[[Case], object], facts: Facts | Trace) -> Finding:
    findings = found(rule, facts)
    assert len(findings) == 1
    return findings[0]


def stepped(**known: object) -> Optimizer:
    return Optimizer("SGD", "train.py:9", **{"steps": 100, **known})  # type: ignore[arg-type]


class TestMissingZeroGrad:
    def test_every_step_uses_old_gradients(self) -> None:
        loss = Loss("mse_loss", "train.py:20", backward_source="train.py:21")
        finding = only(
            program.missing_zero_grad, Facts(losses=[loss], optimizers=[stepped(piled_up=23, looked=23)], backwards=100)
        )
        assert finding.severity == "error"
        assert "train.py:21" in finding.remedies[0].change
        assert "optimizer.zero_grad()" in finding.remedies[0].change

    def test_cleared_once_per_epoch_of_three_batches(self) -> None:
        assert found(program.missing_zero_grad, Facts(optimizers=[stepped(piled_up=16, looked=24)]))

    def test_weights_updated_by_hand_have_no_zero_grad(self) -> None:
        hand = Optimizer("by hand", "train.py:9", steps=40, piled_up=20, looked=20)
        assert "p.grad = None" in only(program.missing_zero_grad, Facts(optimizers=[hand])).remedies[0].change

    @pytest.mark.parametrize(
        "optimizer", [stepped(piled_up=0, looked=24), stepped(piled_up=2, looked=2), stepped(piled_up=8, looked=24)]
    )
    def test_silent_where_most_steps_are_fresh_or_few_were_seen(self, optimizer: Optimizer) -> None:
        assert not found(program.missing_zero_grad, Facts(optimizers=[optimizer]))

    def test_silent_on_nothing(self) -> None:
        assert not found(program.missing_zero_grad, Facts())


class TestMissingStep:
    still = Optimizer("Adam", "train.py:9")

    def test_an_optimizer_that_never_steps(self) -> None:
        finding = only(program.missing_step, Facts(backwards=600, finished=True, optimizers=[self.still]))
        assert finding.severity == "error"
        assert finding.source == ("train.py:9",)
        assert "600 backward passes" in finding.says

    def test_stopped_early_it_may_be_accumulation(self) -> None:
        assert only(program.missing_step, Facts(backwards=50, optimizers=[self.still])).severity == "warning"

    def test_one_of_two_optimizers_never_steps(self) -> None:
        left = Parameter("decoder.weight", [3, 3], reached=True)
        facts = Facts(backwards=99, finished=True, optimizers=[stepped(), self.still], parameters=[left])
        finding = only(program.missing_step, facts)
        assert finding.where == ("decoder.weight",)

    def test_no_optimizer_at_all(self) -> None:
        facts = Facts(backwards=60, finished=True, losses=[Loss("cross_entropy", "t.py:3", calls=60)])
        assert only(program.missing_step, facts).severity == "warning"

    @pytest.mark.parametrize(
        "facts",
        [
            Facts(),
            Facts(backwards=2, optimizers=[still]),  # it crashed in the third batch
            Facts(backwards=600, finished=True, optimizers=[stepped()]),
            Facts(backwards=600, finished=True, manual_updates=True),  # weights updated by hand
            Facts(backwards=600, optimizers=[still], parameters=[Parameter("w", [2], changed=True)]),  # not torch's
            Facts(backwards=30, optimizers=[Optimizer("SGD", "t.py:1", swallowed=30)]),  # a scaler skips: infinities
            Facts(backwards=5, finished=True),  # a saliency map
            Facts(backwards=60, losses=[Loss("nll_loss", "t.py:3")], networks=[Network("Net", training_in_eval=60)]),
            # an optimizer of a later phase, stopped before it; one that was wrapped by another
            Facts(backwards=60, optimizers=[stepped(), still], parameters=[Parameter("w", [2], reached=True)]),
            Facts(0, 9, 0, True, optimizers=[stepped(), still], parameters=[Parameter("w", [], held=True)]),
        ],
    )  # fmt: skip
    def test_silent(self, facts: Facts) -> None:
        assert not found(program.missing_step, facts)

    def test_a_loop_that_logs_by_hand(self) -> None:
        for rate, expected in ((0.0, 1), (0.1, 0)):
            trace, weights = Trace(), np.ones((3, 2))
            for _ in range(6):
                gradient = np.full((3, 2), 0.5)
                trace.log(weights={"W": weights}, gradients={"W": gradient}, loss=1.0)
                weights = weights - rate * gradient
            assert len(found(program.missing_step, trace)) == expected


class TestEvalModeInTraining:
    @staticmethod
    def facts(**known: object) -> Facts:
        network = Network("Net", training_calls=100, mode_matters=["Dropout"], dropout=0.5, source="train.py:30")
        for name, value in known.items():
            setattr(network, name, value)
        return Facts(steps=100, networks=[network])

    def test_never_in_training_mode(self) -> None:
        finding = only(program.eval_mode_in_training, self.facts(training_in_eval=100))
        assert "dropout (0.5) was off" in finding.says
        assert finding.source == ("train.py:30",)

    def test_only_the_first_epoch_was(self) -> None:
        finding = only(
            program.eval_mode_in_training,
            self.facts(training_in_eval=66, trained_in_train_at=33, trained_in_eval_since=66),
        )
        assert finding.severity == "error"
        assert finding.steps[0] == 33

    @pytest.mark.parametrize(
        "known",
        [
            {},
            {"training_in_eval": 100, "mode_matters": []},  # nothing in it that the mode switches
            {"training_in_eval": 2},
            {
                "training_in_eval": 75,
                "trained_in_train_at": 99,
                "trained_in_eval_since": 3,
            },  # adversarial examples are made in evaluation mode
            {"training_in_eval": 50},  # since when is not known
            {"training_in_eval": 100, "parts_in_eval": 100},  # batch norms frozen one by one
        ],
    )
    def test_silent(self, known: dict[str, object]) -> None:
        assert not found(program.eval_mode_in_training, self.facts(**known))

    def test_silent_on_gradients_for_their_own_sake(self) -> None:
        facts = self.facts(training_in_eval=100)
        facts.backwards = 100
        assert not found(program.eval_mode_in_training, facts)
        facts.optimizers = [stepped()]
        assert found(program.eval_mode_in_training, facts)

    def test_silent_where_a_trunk_is_frozen(self) -> None:
        facts = self.facts(training_in_eval=100, parameters=1000)
        facts.parameters = [Parameter("head.weight", [10, 10])]
        assert not found(program.eval_mode_in_training, facts)
        facts.parameters.append(Parameter("trunk.weight", [90, 10]))
        assert found(program.eval_mode_in_training, facts)


class TestTrainModeInEvaluation:
    @staticmethod
    def facts(**known: object) -> Facts:
        network = Network("Net", training_calls=300, evaluation_calls=20, mode_matters=["BatchNorm1d"])
        for name, value in known.items():
            setattr(network, name, value)
        return Facts(steps=300, networks=[network])

    def test_every_evaluation(self) -> None:
        facts = self.facts(evaluation_in_train=20, evaluation_source="train.py:41")
        finding = only(program.train_mode_in_evaluation, facts)
        assert "learnt from it" in finding.says
        assert finding.source == ("train.py:41",)

    def test_once_at_the_end(self) -> None:
        known = {"evaluation_calls": 1, "evaluation_in_train": 1}
        passes = {"evaluation_passes": 1, "evaluation_passes_in_train": 1}
        assert found(program.train_mode_in_evaluation, self.facts(**known, **passes))

    @pytest.mark.parametrize(
        "known",
        [
            {},
            {"evaluation_in_train": 20, "mode_matters": []},
            {"evaluation_in_train": 20, "training_calls": 0},  # a teacher, a target network
            {"evaluation_in_train": 5},
            {"evaluation_in_train": 1, "evaluation_calls": 1},  # a first try-out for the shapes
            # the network acts, or labels, in every step
            {"evaluation_in_train": 300, "evaluation_calls": 300},
            {"evaluation_in_train": 20, "evaluation_passes": 300, "evaluation_passes_in_train": 300},
            # dropout as a sample of networks, at the end of a training that was evaluated as it should be
            {"evaluation_in_train": 15, "evaluation_passes": 6, "evaluation_passes_in_train": 1},
        ],
    )
    def test_silent(self, known: dict[str, object]) -> None:
        assert not found(program.train_mode_in_evaluation, self.facts(**known))


class TestGraphLeak:
    def test_a_loss_that_is_kept(self) -> None:
        facts = Facts(alive_graphs=[1, 3, 8, 16, 32], graph_nodes=[50] * 5, alive_source="train.py:48")
        finding = only(program.graph_leak, facts)
        assert finding.severity == "warning"
        assert "loss.item()" in finding.remedies[0].change
        assert finding.source == ("train.py:48",)

    def test_a_state_that_is_not_detached(self) -> None:
        facts = Facts(alive_graphs=[2, 4, 8, 16], graph_nodes=[100, 200, 400, 800])
        assert "detach()" in only(program.graph_leak, facts).remedies[0].change

    def test_parts_that_hang_together(self) -> None:
        finding = only(program.graph_leak, Facts(passed_again=17, alive_source="train.py:38"))
        assert finding.severity == "warning"
        assert "state.detach()" in finding.remedies[0].change
        assert not found(program.graph_leak, Facts(passed_again=5))

    def test_within_an_epoch_of_twenty_steps(self) -> None:
        assert only(program.graph_leak, Facts(alive_graphs=[1, 3, 7, 15, 12, 4])).severity == "note"

    def test_one_that_is_kept_every_fifth_step(self) -> None:
        counts = [1, 1, 2, 3, 7, 13, 26]
        assert only(program.graph_leak, Facts(alive_graphs=counts)).severity == "warning"
        assert only(program.graph_leak, Facts(alive_graphs=[*counts, 9])).severity == "note"  # let go of

    @pytest.mark.parametrize(
        "counts",
        [
            [],
            [0, 0, 0, 1, 3, 6, 8, 8],  # a queue of eight, filled now and then
            [2, 4],  # too short to say
            [0, 0, 0, 0, 0, 0],
            [1, 3, 4, 4, 4, 4, 4],  # truncated back-propagation through a few steps, a short queue
            [0, 0, 1, 2, 6, 3, 9],  # now and then one is kept
        ],
    )
    def test_silent(self, counts: list[int]) -> None:
        assert not found(program.graph_leak, Facts(alive_graphs=counts))

    def test_losses_of_evaluations_in_a_list(self) -> None:
        facts = Facts(alive_graphs=[0] * 8, listed_graphs=[0, 0, 0, 0, 1, 2, 4, 8], alive_source="train.py:35")
        finding = only(program.graph_leak, facts)
        assert "8 past steps at step 256" in finding.says
        assert finding.source == ("train.py:35",)

    @pytest.mark.parametrize("listed", [[0, 1, 2, 4], [2, 4, 8, 8], [8, 8, 8, 8], [1, 4, 8, 9], [0, 4, 0, 8]])
    def test_silent_where_a_list_is_short_or_does_not_grow(self, listed: list[int]) -> None:
        assert not found(program.graph_leak, Facts(alive_graphs=[0] * 4, listed_graphs=listed))

    def test_silent_where_episodes_grow_longer(self) -> None:
        facts = Facts(alive_graphs=[0] * 7, graph_nodes=[100, 150, 300, 700, 1500, 3000, 5000])
        assert not found(program.graph_leak, facts)


class TestSmallBatchNorm:
    @staticmethod
    def facts(batch: int, values: int, usual: int) -> Facts:
        network = Network("Net", batch_norm_batch=batch, batch_norm_values=values, batch_norm_usual=usual)
        network.modules = ["Net", "Linear", "BatchNorm1d"]
        return Facts(networks=[network], loaders=[Loader("train.py:12", training=True)])

    def test_two_samples(self) -> None:
        finding = only(program.small_batch_norm, self.facts(2, 2, 2))
        assert finding.severity == "warning"
        assert finding.where == ("BatchNorm1d",)
        assert finding.source == ("train.py:12",)

    def test_one_picture(self) -> None:
        assert "1 sample " in only(program.small_batch_norm, self.facts(1, 64, 64)).says

    def test_four_pictures_are_worth_a_note(self) -> None:
        assert only(program.small_batch_norm, self.facts(4, 4096, 4096)).severity == "note"

    def test_pieces_of_a_batch(self) -> None:
        facts = self.facts(64, 2, 2)
        facts.networks[0].batch_norm_samples = 2
        finding = only(program.small_batch_norm, facts)
        assert "pieces of a batch, of 2 samples each (2 values" in finding.says
        assert finding.remedies[0].change == "pieces of 16 samples or more"

    @pytest.mark.parametrize(
        ("batch", "values", "usual"),
        [(32, 32, 32), (5, 5, 64), (1, 64, 2048), (16, 16, 16)],  # the last batch of an epoch is small
    )
    def test_silent(self, batch: int, values: int, usual: int) -> None:
        assert not found(program.small_batch_norm, self.facts(batch, values, usual))

    def test_silent_without_batch_norm(self) -> None:
        assert not found(program.small_batch_norm, Facts(networks=[Network("Net")]))
