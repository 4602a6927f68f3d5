"""Learning rates that are too high or too low."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diagnose.traced import case, facts, found, learning, noisy, silent, weights

from gradwise.diagnose.rates import learning_rate_too_high, learning_rate_too_low
from gradwise.diagnose.swings import oscillating_loss
from gradwise.watch.facts import Facts, Probes

Series = dict[tuple[str, str, str], list[float]]


def steps(size: float, agreement: float = 0.0) -> Series:
    series: Series = {("update", f"fc{i + 1}.weight", "ratio"): [size] * 40 for i in range(3)}
    return {**series, ("gradient", "", "agreement"): [agreement] * 40, ("rate", "train.py:20", "value"): [0.1] * 100}


def tried(start: float, same: float, **rates: float) -> Probes:
    keys = {"hundredth": "0.01", "tenth": "0.1", "ten": "10", "hundred": "100"}
    return Probes(steps=60, start=start, same=same, rates={keys[name]: loss for name, loss in rates.items()})


def program(probes: Probes | None = None, **known: object) -> Facts:
    return facts(1.0, "mse_loss", parameters=weights(3), probes=probes or Probes(), **known)


class TestTooHigh:
    def test_another_rate_learns(self) -> None:
        given = program(tried(1.0, 2.5, tenth=0.02, hundredth=0.1))
        finding = found(learning_rate_too_high, given, noisy(1.0), steps(0.3))
        assert finding.severity == "error"
        assert finding.remedies[0].change == "lr=0.01 instead of 0.1"
        assert "0.1 times the rate brought it to 0.02, the program's own to 2.5" in finding.says
        assert finding.source == ("train.py:20",)

    def test_own_rate_ruins(self) -> None:
        """Few steps were tried: the lower rate has not gained much yet."""
        assert found(learning_rate_too_high, program(tried(1.0, 3000, hundredth=0.97)), noisy(1.0), steps(0.3))

    def test_only_the_steps_were_seen(self) -> None:
        finding = found(learning_rate_too_high, program(), noisy(1.0), steps(0.3))
        assert finding.severity == "warning"
        assert "changes the weights by 30%" in finding.says

    def test_thrown_out(self) -> None:
        curve = np.concatenate([[1.0, 1.0, 900.0, 5000.0], noisy(1.0, steps=100)])
        assert found(learning_rate_too_high, program(), curve, steps(0.3)).severity == "error"

    def test_worse_than_nothing_though_it_falls(self) -> None:
        curve = np.concatenate([[1.0, 1.0], np.geomspace(5000, 4, 200)])
        assert found(learning_rate_too_high, program(), curve, steps(0.3))

    def test_diverges_to_nan(self) -> None:
        curve = [1.0, 1.1, 80.0, 1e4, 1e8, 1e20, 1e30, 1e35, *[np.nan] * 40]
        assert found(learning_rate_too_high, program(), curve, steps(0.3))

    def test_it_learns_and_smaller_steps_learn_more(self) -> None:
        given = program(tried(1.0, 0.4, tenth=0.15, hundredth=0.5))
        assert found(learning_rate_too_high, given, learning(1.0, 0.3), steps(0.2)).severity == "warning"
        assert silent(learning_rate_too_high, given, learning(1.0, 0.01), steps(0.2))
        assert silent(learning_rate_too_high, given, learning(1.0, 0.3), steps(0.02))
        alike = program(tried(1.0, 0.25, tenth=0.15, hundredth=0.5))
        assert silent(learning_rate_too_high, alike, learning(1.0, 0.3), steps(0.2))

    def test_a_few_smaller_steps_come_below_what_the_whole_run_ended_at(self) -> None:
        """Momentum takes its time to throw it about: in as many steps the program's own rate is hardly worse."""
        given = program(tried(0.8, 0.6, tenth=0.5, hundredth=0.55))
        assert silent(learning_rate_too_high, given, noisy(0.95), steps(0.3))  # by heart, as far as is known
        given.probes.rates_apart = {"0.1": 0.52, "0.01": 0.6}
        assert found(learning_rate_too_high, given, noisy(0.95), steps(0.3)).severity == "warning"
        assert found(learning_rate_too_high, given, noisy(0.95), steps(0.05)).severity == "warning"
        assert silent(learning_rate_too_high, given, noisy(0.95), steps(0.02))
        given.probes.rates_apart["0.1"] = 0.8
        assert silent(learning_rate_too_high, given, noisy(0.95), steps(0.3))

    def test_thrown_out_and_back(self) -> None:
        curve = np.concatenate([[1.0], np.geomspace(1, 1e6, 10), np.geomspace(1e6, 0.01, 90)])
        assert found(learning_rate_too_high, program(), curve, steps(0.2))

    def test_the_first_step_is_larger_than_the_weights(self) -> None:
        """No loss tells how a game of two goes."""
        series = {place: [3.0, *values[1:]] if place[0] == "update" else values for place, values in steps(0.2).items()}
        assert found(learning_rate_too_high, program(adversarial=True), noisy(1.0), series)
        assert silent(learning_rate_too_high, program(), learning(1.0, 0.01), series)
        thrown = np.concatenate([[1.0, 8.0], learning(1.0, 0.2)])
        assert found(learning_rate_too_high, program(), thrown, series)
        assert silent(learning_rate_too_high, program(), thrown, steps(0.2))
        assert silent(learning_rate_too_high, program(), np.concatenate([[1.0, 8.0], learning(1.0, 0.01)]), series)

    def test_it_learns_and_cannot_settle(self) -> None:
        given = program(tried(1.0, 0.4, tenth=0.15, hundredth=0.5))
        swings = 0.3 + 0.15 * np.sin(np.arange(900) / 12)
        curve = np.concatenate([np.geomspace(1, 0.3, 100), swings])
        assert found(oscillating_loss, given, curve, steps(0.2))
        assert silent(learning_rate_too_high, given, curve, steps(0.2))

    def test_it_came_apart_later(self) -> None:
        """The first steps, which were tried, went well."""
        given, curve = (
            program(tried(1.0, 0.53, tenth=0.45)),
            np.concatenate([noisy(0.7, 0.2, 60), noisy(3.0, 0.3, 200)]),
        )
        assert found(learning_rate_too_high, given, curve, steps(0.2)).severity == "error"
        assert silent(learning_rate_too_high, given, curve, steps(0.02))
        assert silent(learning_rate_too_high, program(tried(1.0, 0.53, tenth=0.6)), curve, steps(0.2))

    def test_healthy(self) -> None:
        assert silent(learning_rate_too_high, program(), learning(1.0, 0.01), steps(0.3))
        catapult = np.concatenate([np.geomspace(1, 50, 10), np.geomspace(50, 0.01, 90)])
        assert silent(learning_rate_too_high, program(), catapult, steps(0.3))
        assert silent(learning_rate_too_high, program(), noisy(1.0), steps(0.001))
        assert silent(learning_rate_too_high, program(), noisy(1.0))
        assert silent(learning_rate_too_high, program(adversarial=True), noisy(1.0), steps(0.3))

    def test_no_rate_helps(self) -> None:
        given = program(tried(1.0, 0.99, tenth=0.99, hundredth=1.0))
        assert silent(learning_rate_too_high, given, noisy(1.0), steps(0.3))

    def test_uphill(self) -> None:
        given = program()
        given.optimizers[0].uphill = 1.0
        assert silent(learning_rate_too_high, given, np.geomspace(1, 1e5, 100), steps(0.02))


class TestTooLow:
    def test_another_rate_learns(self) -> None:
        given = program(tried(1.0, 0.999, ten=0.9, hundred=0.3))
        finding = found(learning_rate_too_low, given, noisy(1.0), steps(1e-6))
        assert finding.severity == "error"
        assert finding.remedies[0].change == "lr=1e+01 instead of 0.1"

    def test_another_rate_learns_by_heart(self) -> None:
        """It is as bad as ever on batches that were kept apart."""
        given = program(tried(1.0, 0.999, ten=0.9, hundred=0.3))
        given.probes.start_apart, given.probes.rates_apart = 1.0, {"0.1": 0.9, "10": 1.0, "100": 1.4}
        assert silent(learning_rate_too_low, given, noisy(1.0), steps(1e-6))
        given.probes.rates_apart["10"] = 0.9
        assert found(learning_rate_too_low, given, noisy(1.0), steps(1e-6))

    def test_clipped_to_next_to_nothing(self) -> None:
        given, norms = program(tried(1.0, 0.999, ten=0.9, hundred=0.3)), {("clip", "train.py:20", "norm"): [1.5] * 40}
        given.optimizers[0].clip, given.optimizers[0].clipped = 1e-5, 1.0
        finding = found(learning_rate_too_low, given, noisy(1.0), steps(1e-6) | norms)
        assert "from a norm of 1.5 to one of 1e-05" in finding.says
        assert finding.remedies[0].technique == "ClipNorm"
        given.optimizers[0].clip = 1.0
        assert "clipped" not in found(learning_rate_too_low, given, noisy(1.0), steps(1e-6) | norms).says

    def test_only_the_steps_were_seen(self) -> None:
        finding = found(learning_rate_too_low, program(), noisy(1.0), steps(1e-6, agreement=0.7))
        assert finding.severity == "warning"
        assert "1e-06 of their size" in finding.says

    @pytest.mark.parametrize(
        ("curve", "series"),
        [
            (learning(1.0, 0.1), steps(1e-6, 0.7)),  # it has come far
            (noisy(0.05), steps(1e-6, 0.7)),  # fine-tuning, a resumed run
            (noisy(1.0), steps(1e-3, 0.7)),
            (noisy(1.0), steps(1e-6, 0.0)),  # small steps, and no way to be seen
            (noisy(1.0), {}),
        ],
    )
    def test_healthy(self, curve: np.ndarray, series: Series) -> None:
        assert silent(learning_rate_too_low, program(), curve, series)

    def test_no_rate_helps(self) -> None:
        given = program(tried(1.0, 0.999, ten=0.999, hundred=1.2))  # the signal vanishes
        assert silent(learning_rate_too_low, given, noisy(1.0), steps(1e-6, 0.7))

    def test_a_hundred_times_the_rate_gains_a_little(self) -> None:
        """No way is to be seen in two gradients in a row, and yet there is one."""
        given = program(tried(1.0, 0.9999, ten=0.999, hundred=0.99))
        assert found(learning_rate_too_low, given, noisy(1.0), steps(3e-5, 0.0)).severity == "warning"
        assert silent(learning_rate_too_low, given, noisy(1.0), steps(1e-3, 0.0))
        nothing = program(tried(1.0, 0.9999, ten=0.9999, hundred=0.999))
        assert silent(learning_rate_too_low, nothing, noisy(1.0), steps(3e-5, 0.0))

    def test_a_straight_line_to_the_end(self) -> None:
        given = program(tried(1.0, 0.999, ten=0.99, hundred=0.94))
        line = np.linspace(1.0, 0.75, 200)
        assert found(learning_rate_too_low, given, line, steps(1e-5))
        assert silent(learning_rate_too_low, given, line, steps(1e-3))

    def test_the_readout_of_small_weights(self) -> None:
        """Steps of a usual size, of weights that begin small."""
        given = program(tried(1.0, 0.98, ten=0.9, hundred=0.3))
        assert found(learning_rate_too_low, given, np.linspace(1.0, 0.93, 200), steps(2e-3)).severity == "warning"

    def test_a_bad_start_is_made_good(self) -> None:
        """It has come far, and is still worse than knowing nothing."""
        given = program(tried(4.0, 3.7, ten=1.9, hundred=0.7))
        assert found(learning_rate_too_low, given, np.linspace(4.0, 1.1, 200), steps(3e-5)).severity == "error"
        assert silent(learning_rate_too_low, given, np.linspace(4.0, 0.3, 200), steps(3e-5))

    def test_a_loss_below_0(self) -> None:
        given = facts(-990.0, "poisson_nll_loss", parameters=weights(3), probes=tried(-1000, -1001, hundred=-1300))
        assert found(learning_rate_too_low, given, noisy(-1000.0), steps(1e-5))

    def test_after_a_warm_up(self) -> None:
        rates = [*np.linspace(1e-6, 1e-5, 10), *[1e-5] * 40]
        series = {**steps(1e-6, 0.7), ("rate", "train.py:20", "value"): rates}
        assert found(learning_rate_too_low, program(), noisy(1.0, steps=50), series)

    def test_warm_up(self) -> None:
        series = {**steps(1e-6, 0.7), ("rate", "train.py:20", "value"): list(np.linspace(1e-6, 1e-4, 50))}
        assert silent(learning_rate_too_low, program(), noisy(1.0, steps=50), series)


class TestWithoutBaseline:
    """Our own runs, and what is watched in somebody's loop: no loss function was seen."""

    def test_too_high(self) -> None:
        curve = np.concatenate([[0.7], np.geomspace(1e9, 2, 100)])
        finding = found(learning_rate_too_high, facts(None, "", parameters=weights(3)), curve, steps(0.15))
        assert finding.remedies[0].change == "lr=0.001 instead of 0.1"

    def test_too_low(self) -> None:
        given = facts(None, "", parameters=weights(3))
        assert found(learning_rate_too_low, given, noisy(0.8, 0.1), steps(1e-7)).severity == "warning"


def test_stopped_early() -> None:
    """With --steps 50 no network has come far: a higher rate that gains more is no news."""
    probes = tried(1.0, 0.99, ten=0.6, hundred=0.5)
    assert silent(learning_rate_too_low, program(probes, finished=False), noisy(1.0, steps=50), steps(5e-4))
    assert found(learning_rate_too_low, program(probes), noisy(1.0, steps=500), steps(5e-4)).certainty < 0.9


def test_it_went_well_until_the_rate_was_raised() -> None:
    curve = np.concatenate([np.geomspace(1, 0.05, 200), noisy(1.2, 0.1, 200)])
    series = {**steps(0.3), ("rate", "train.py:20", "value"): [0.01] * 200 + [0.5] * 200}
    given = program(tried(1.0, 25.0, tenth=0.04))
    assert silent(learning_rate_too_high, given, curve, series)
    assert found(learning_rate_too_high, given, curve, steps(0.3))


def test_a_second_training_that_loses_what_the_first_had_learnt() -> None:
    curve = np.concatenate([np.geomspace(1, 0.05, 100), [2.0, 5.0, 3.0], noisy(1.0, 0.02, 200)])
    series = {**steps(0.002), ("rate", "train.py:20", "value"): [0.01] * 100 + [0.25] * 203}
    (finding,) = learning_rate_too_high(case(program(phases=[100]), curve, series))
    assert (finding.severity, finding.steps[0]) == ("error", 100)
    assert "0.25 after 0.01" in finding.says
    series["rate", "train.py:20", "value"] = [0.01] * 303
    assert silent(learning_rate_too_high, program(phases=[100]), curve, series)
