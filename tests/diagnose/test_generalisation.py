"""The course of the training loss beside that of the evaluations: curves that were invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from gradwise.diagnose import generalisation, regularised
from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding
from gradwise.watch import Trace
from gradwise.watch.facts import Facts, Layer, Loss, Network, Optimizer, Overlap, Parameter, Probes

STEPS = 600
TRAIN, VALID = "train.py:20", "train.py:40 < train.py:60"


def falling(end: float = 0.05, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    t = np.arange(STEPS)
    return end + (1 - end) * np.exp(-t / 60) + noise * np.random.default_rng(seed).normal(size=STEPS)


def rising(lowest: float, end: float, passes: int = 30, noise: float = 0.0) -> list[float]:
    """Down to the lowest in the first third, then up to the end."""
    third = passes // 3
    curve = np.concatenate([np.linspace(1, lowest, third), np.linspace(lowest, end, passes - third)])
    return list(curve + noise * np.random.default_rng(1).normal(size=passes))


def case(
    train: Sequence[float] | np.ndarray, evaluations: dict[str, Sequence[float]] | None = None, **known: object
) -> Case:
    trace = Trace()
    for step, value in enumerate(train):
        trace.add(step, "loss", TRAIN, "value", float(value))
    for key, values in (evaluations or {}).items():
        for step, value in zip(np.linspace(0, len(train) - 1, len(values)).astype(int), values, strict=True):
            trace.add(int(step), "evaluation", key, "value", float(value))
    trace.facts = Facts(steps=len(train), backwards=len(train), finished=True)
    trace.facts.losses = [Loss("mse_loss", TRAIN, calls=len(train), baseline=1.0)]
    trace.facts.networks = [Network("Net", training_calls=9, parameters=99, in_series=2, narrowest=32, ends=[8, 1])]
    for name, value in known.items():
        setattr(trace.facts, name, value)
    return Case(trace)


def found(rule: Callable[[Case], object], given: Case) -> list[Finding]:
    return list(rule(given))  # type: ignore[call-overload]


class TestEvaluations:
    def test_the_calls_of_one_step_are_one_pass(self) -> None:
        trace = Trace()
        for step, value in ((10, 1.0), (10, 3.0), (20, 1.0), (20, float("nan")), (20, 2.0)):
            trace.add(step, "evaluation", VALID, "value", value)
        curve = generalisation.evaluations(Case(trace))[VALID]
        assert curve.steps.tolist() == [10, 20]
        assert curve.values.tolist() == [2.0, 1.5]

    def test_those_of_our_own_runs(self) -> None:
        trace = Trace()
        for step in (5, 10):
            trace.evaluated(step, {"valid_loss": 1 / step, "valid_error": 0.5})
        assert list(generalisation.evaluations(Case(trace))) == ["valid_loss"]

    def test_the_training_set_evaluated_on_purpose(self) -> None:
        own, other = "train.py:40 < train.py:59", "train.py:40 < train.py:60"
        overlaps = [
            Overlap("train.py:39 < train.py:59", evaluated=90, trained=100, shared=90),
            Overlap("train.py:39 < train.py:60", evaluated=50, trained=100, shared=0),
        ]
        known = case(falling(), {own: [1.0], other: [1.0]}, overlaps=overlaps)
        assert generalisation.on_training_set(known, own)
        assert not generalisation.on_training_set(known, other)
        assert not generalisation.on_training_set(known, "elsewhere.py:40 < train.py:59")

    def test_two_sets_line_after_line(self) -> None:
        overlaps = [Overlap("train.py:52", evaluated=90, trained=90, shared=90), Overlap("train.py:53", 30, 90, 0)]
        known = case(falling(), overlaps=overlaps)
        assert generalisation.on_training_set(known, "train.py:52")
        assert not generalisation.on_training_set(known, "train.py:53 (2)")

    def test_two_sets_that_one_line_gives_the_network(self) -> None:
        overlaps = [Overlap("train.py:30", 90, 90, 90), Overlap("train.py:30 < set 2", 200, 90, 0)]
        known = case(falling(), overlaps=overlaps)
        known.facts.losses += [
            Loss("mse_loss", "train.py:31", training=False, calls=10, samples=900),
            Loss("mse_loss", "train.py:32", training=False, calls=10, samples=2000),
        ]
        assert generalisation.on_training_set(known, "train.py:31")
        assert not generalisation.on_training_set(known, "train.py:32")


class TestOverfitting:
    def test_it_rises_by_half(self) -> None:
        (finding,) = found(generalisation.overfitting, case(falling(noise=0.02), {VALID: rising(0.3, 0.6)}))
        assert finding.severity == "warning"
        assert finding.source == ("train.py:40",)
        assert 150 < finding.steps[0] < 250
        assert finding.evidence["lowest"] == pytest.approx(0.3, abs=0.02)

    def test_a_little_is_a_note(self) -> None:
        (finding,) = found(generalisation.overfitting, case(falling(), {VALID: rising(0.5, 0.58)}))
        assert finding.severity == "note"

    def test_a_term_beside_what_is_asked_for(self) -> None:
        both = {VALID: rising(0.3, 0.6), "train.py:50": list(np.linspace(0.9, 0.2, 30))}
        (finding,) = found(generalisation.overfitting, case(falling(), both))
        assert finding.severity == "note"

    def test_few_that_all_rise(self) -> None:
        (finding,) = found(generalisation.overfitting, case(falling(), {VALID: [0.47, 0.53, 0.6, 0.65, 0.7]}))
        assert finding.severity == "warning"
        assert not found(generalisation.overfitting, case(falling(), {VALID: [0.47, 0.6, 0.53, 0.65, 0.7]}))
        assert not found(generalisation.overfitting, case(falling(), {VALID: [0.47, 0.53, 0.7]}))

    def test_in_our_own_run(self) -> None:
        known = case(falling())
        for step, value in enumerate(rising(0.3, 0.6)):
            known.trace.evaluated(20 * step, {"valid_loss": value})
        assert found(generalisation.overfitting, known)

    @pytest.mark.parametrize(
        ("train", "valid"),
        [
            (falling(), list(falling()[::20])),
            (falling(), rising(0.3, 0.31)),
            (falling(), rising(0.05, 0.08)),  # of 1.0 that was gained: no matter
            (falling(), [1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.9]),  # one bad evaluation
            (falling(), rising(0.3, 0.5, passes=5)),  # too few
            (falling(), rising(0.3, 0.34, noise=0.1)),  # a small validation set
            (np.linspace(0.5, 0.5, STEPS), rising(0.3, 0.6)),  # training stands still
            (1.5 - falling(), rising(0.3, 0.6)),  # training rises, too
            (falling(), [1, 0.5, 0.3, 0.9, 0.7, 0.5, 0.4, 0.3, 0.3, 0.29]),  # a spike that heals
        ],
    )
    def test_silent(self, train: np.ndarray, valid: list[float]) -> None:
        assert not found(generalisation.overfitting, case(train, {VALID: valid}))

    def test_silent_without_validation(self) -> None:
        assert not found(generalisation.overfitting, case(falling()))

    def test_silent_on_the_training_set(self) -> None:
        overlaps = [Overlap("train.py:39 < train.py:60", evaluated=90, trained=90, shared=90)]
        assert not found(generalisation.overfitting, case(falling(), {VALID: rising(0.3, 0.6)}, overlaps=overlaps))

    def test_silent_where_nothing_is_learnt(self) -> None:
        stuck = 1 + 0.01 * np.random.default_rng(0).normal(size=STEPS)
        assert not found(generalisation.overfitting, case(stuck, {VALID: rising(0.3, 0.6)}))


class TestUnderfitting:
    def test_a_stronger_model_explains_more(self) -> None:
        probes = Probes(stronger=0.95, fitted=0.3)
        (finding,) = found(generalisation.underfitting, case(falling(0.65, 0.02), probes=probes))
        assert finding.severity == "warning"
        assert "95%" in finding.says

    def test_a_multiple_of_what_a_stronger_model_leaves(self) -> None:
        probes = Probes(stronger=0.955, fitted=0.83)
        assert found(generalisation.underfitting, case(falling(0.2, 0.02), probes=probes))[0].severity == "note"

    def test_a_handful_that_cannot_learn_sixteen_either(self) -> None:
        probes = Probes(stronger=0.8, fitted=0.1, sixteen=0.5, sixteen_start=0.8)
        known = case(falling(1.0, 0.97), probes=probes, parameters=[])
        assert known.learning.stuck
        known.facts.networks[0].narrowest = 4
        assert found(generalisation.underfitting, known)[0].severity == "warning"
        known.facts.networks[0].narrowest = 64
        assert not found(generalisation.underfitting, known)  # another reason
        known.facts.networks[0].narrowest, probes.sixteen = 4, 0.01
        assert not found(generalisation.underfitting, known)

    def test_a_handful_whose_loss_still_falls_a_little(self) -> None:
        slope = np.linspace(1, 0.8, STEPS)
        known = case(slope, probes=Probes(stronger=0.95, fitted=0.3))
        known.facts.networks[0].narrowest = 3
        assert found(generalisation.underfitting, known)[0].severity == "warning"
        known.facts.probes = Probes(stronger=0.55, fitted=0.3)
        assert not found(generalisation.underfitting, known)

    def test_one_unit_for_all_that_is_to_be_restored(self) -> None:
        known = case(falling(0.6, 0.02))
        known.facts.networks[0].narrowest, known.facts.networks[0].ends = 1, [64, 64]
        assert found(generalisation.underfitting, known)[0].severity == "note"

    def test_an_autoencoder_that_is_thin_throughout(self) -> None:
        """Its code may be as small as it likes."""
        known = case(falling(0.6, 0.02))
        network = known.facts.networks[0]
        network.narrowest, network.ends = 2, [256, 256]
        network.layers = [Layer(f"fc{i}", "Linear", units=units) for i, units in enumerate((3, 2, 3))]
        assert found(generalisation.underfitting, known)[0].severity == "note"
        network.layers[0].units = 32
        assert not found(generalisation.underfitting, known)

    def test_two_units_without_a_probe(self) -> None:
        known = case(falling(0.6, 0.02))
        known.facts.networks[0].narrowest = 2
        assert found(generalisation.underfitting, known)[0].severity == "note"

    @pytest.mark.parametrize(
        ("end", "probes"),
        [
            (0.65, Probes(stronger=0.4, fitted=0.35)),  # noise: nobody explains it
            (0.05, Probes(stronger=0.99, fitted=0.95)),
            (0.2, Probes(stronger=0.9, fitted=0.1)),  # the copy is of an earlier moment: the loss knows better
            (0.2, Probes(stronger=0.93, fitted=0.82)),  # somewhat more, and not a multiple
            (0.65, Probes()),
        ],
    )
    def test_silent(self, end: float, probes: Probes) -> None:
        assert not found(generalisation.underfitting, case(falling(end, 0.02), probes=probes))

    def test_silent_while_the_loss_falls(self) -> None:
        slope = np.linspace(1, 0.6, STEPS)
        assert not found(generalisation.underfitting, case(slope, probes=Probes(stronger=0.95, fitted=0.3)))

    def test_silent_while_it_falls_along_a_line_that_single_batches_hide(self) -> None:
        rng = np.random.default_rng(3)
        for _ in range(20):
            line = np.linspace(1, 0.7, STEPS) + rng.normal(0, 0.06, STEPS)
            assert not found(generalisation.underfitting, case(line, probes=Probes(stronger=0.95, fitted=0.3)))

    @pytest.mark.parametrize(("slowness", "flat"), [(60, True), (600, False)])
    def test_settled_is_of_steps_however_many_were_looked_at(self, slowness: float, flat: bool) -> None:
        trace = case([]).trace
        for step in [*range(150), *range(150, STEPS, 15)]:  # the first steps are looked at more closely
            trace.add(step, "loss", TRAIN, "value", 0.65 + 0.35 * float(np.exp(-step / slowness)))
        trace.facts.probes = Probes(stronger=0.95, fitted=0.3)
        assert bool(found(generalisation.underfitting, Case(trace))) is flat

    def test_silent_on_an_autoencoder_and_on_opponents(self) -> None:
        known = case(falling(0.6))
        known.facts.networks[0].narrowest, known.facts.networks[0].ends = 2, [64, 64]
        assert not found(generalisation.underfitting, known)
        against = case(falling(0.65), probes=Probes(stronger=0.95, fitted=0.3), adversarial=True)
        assert not found(generalisation.underfitting, against)


class TestOverRegularised:
    @staticmethod
    def decayed(
        end: float = 0.5, decay: float = 0.1, norms: tuple[float, float] = (4, 1), slope: float = 0.1, **known: object
    ) -> Case:
        given = case(falling(end, 0.01), **known)
        given.facts.parameters = [Parameter("fc.weight", [8, 8], decay=decay)]
        given.facts.optimizers = [Optimizer("SGD", "train.py:9", steps=STEPS, rate=0.1)]
        for step in range(STEPS):
            norm = norms[0] + (norms[1] - norms[0]) * step / STEPS
            given.trace.add(step, "weight", "fc.weight", "norm", norm)
            given.trace.add(step, "gradient", "fc.weight", "norm", slope)
        return given

    def test_decay_is_as_strong_as_the_data(self) -> None:
        (finding,) = found(regularised.over_regularised, self.decayed())
        assert finding.source == ("train.py:9",)
        assert finding.evidence["pull"] > 1
        assert "1e-03" in finding.remedies[0].change

    def test_where_nothing_is_learnt_at_all(self) -> None:
        assert found(regularised.over_regularised, self.decayed(end=0.999))

    def test_a_decoupled_decay(self) -> None:
        given = self.decayed(decay=1.0, slope=100.0)
        assert not found(regularised.over_regularised, given)
        given.facts.optimizers[0].kind = "AdamW"
        assert found(regularised.over_regularised, given)

    @pytest.mark.parametrize(
        "given",
        [
            {"end": 0.02},  # it fits: any decay equals the gradient at the optimum
            {"norms": (4, 3.9), "slope": 1e-8},  # a vanishing gradient
            {"decay": 1e-4},
            {"decay": 0.0},
            {"norms": (4, 8)},
        ],
    )
    def test_silent(self, given: dict[str, float]) -> None:
        assert not found(regularised.over_regularised, self.decayed(**given))  # type: ignore[arg-type]

    def test_silent_where_the_regulariser_has_something_to_do(self) -> None:
        overlaps = [Overlap("train.py:41", 90, 90, 90), Overlap("train.py:42", 90, 90, 0)]
        given = self.decayed(overlaps=overlaps)
        for step in (100, 300, 599):
            given.trace.add(step, "evaluation", "train.py:41", "value", 0.5)
            given.trace.add(step, "evaluation", "train.py:42", "value", 0.8)
        assert not found(regularised.over_regularised, given)

    def test_a_trial_without_it_learns_more(self) -> None:
        tried = Probes(ended=0.6, kept=0.7, freed={"penalty": 0.1, "dropout": 0.65}, freed_steps=400)
        (finding,) = found(regularised.over_regularised, case(falling(0.5, 0.01), probes=tried))
        assert finding.says.startswith("The penalty on the weights outweighs")
        assert "400 steps" in finding.says

    @pytest.mark.parametrize("free", [0.5, 0.6, 0.9])
    def test_silent_where_a_trial_without_it_is_no_better(self, free: float) -> None:
        tried = Probes(ended=0.6, kept=0.9, freed={"decay": free}, freed_steps=400)
        assert not found(regularised.over_regularised, case(falling(0.5, 0.01), probes=tried))

    def test_what_a_trial_was_in_vain_for(self) -> None:
        given = self.decayed()
        given.facts.probes = Probes(ended=0.60, kept=0.62, freed={"decay": 0.58}, freed_steps=400)
        assert not found(regularised.over_regularised, given)

    def test_a_code_that_tells_nothing(self) -> None:
        tried = {"began": 1.2, "ended": 1.17, "kept": 1.18, "freed": {"code": 0.44}, "freed_steps": 400}
        (finding,) = found(regularised.over_regularised, case(falling(1.3, 1.17), probes=Probes(code=1e-3, **tried)))
        assert finding.says.startswith("The term that holds the code down outweighs")
        at_work = Probes(code=0.3, **tried)  # it costs something: the code says something
        assert not found(regularised.over_regularised, case(falling(1.3, 1.17), probes=at_work))
        learnt = Probes(code=1e-3, **(tried | {"ended": 0.8, "kept": 0.8}))
        assert not found(regularised.over_regularised, case(falling(1.3, 0.8), probes=learnt))
        learnt.freed = {"code": 0.1}  # a quarter of it without: it has learnt a little, without the code
        assert found(regularised.over_regularised, case(falling(1.3, 0.8), probes=learnt))

    def test_a_penalty(self) -> None:
        given = self.decayed(decay=0.0)
        given.facts.losses[0].penalty = 0.6
        (finding,) = found(regularised.over_regularised, given)
        assert "60%" in finding.says

    def test_silent_on_the_second_term_of_a_variational_autoencoder(self) -> None:
        given = self.decayed(decay=0.0, norms=(4, 6))
        given.facts.losses[0].penalty = 0.6
        assert not found(regularised.over_regularised, given)

    def test_dropout(self) -> None:
        given = case(falling(0.7, 0.01), {VALID: [0.7] * 8})
        given.facts.networks[0].dropout = 0.9
        assert found(regularised.over_regularised, given)
        given = case(falling(0.7, 0.01), {VALID: [0.2] * 8})  # without it the network does well
        given.facts.networks[0].dropout = 0.9
        assert not found(regularised.over_regularised, given)

    def test_dropout_of_the_share_that_was_to_be_kept(self) -> None:
        """It still learns, slowly, and the trial was in vain."""
        given = case(falling(0.7, 0.45), probes=Probes(freed={"dropout": 0.64}, kept=0.61, ended=0.48, freed_steps=400))
        given.facts.networks[0].dropout = 0.9
        (finding,) = found(regularised.over_regularised, given)
        assert finding.remedies[0].change == "nn.Dropout(0.1) instead of 0.9"
        given.facts.networks[0].dropout = 0.8
        assert not found(regularised.over_regularised, given)

    def test_label_smoothing(self) -> None:
        given = case(falling(0.7, 0.01))
        given.facts.losses[0].arguments = {"label_smoothing": 0.6}
        assert found(regularised.over_regularised, given)
        given.facts.losses[0].arguments = {"label_smoothing": 0.1}
        assert not found(regularised.over_regularised, given)


def test_silent_on_nothing_and_on_short_runs() -> None:
    for rule in (*generalisation.RULES, *regularised.RULES):
        assert not found(rule, Case(Trace()))
        assert not found(rule, case([1.0, 0.9, 0.8], {VALID: [1.0, 0.9]}))
