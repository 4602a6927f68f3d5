"""What a program is judged by, from what it prints."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from gradwise.doctor.sources import Sources
from gradwise.errors import RunError
from gradwise.remedy.outside import figure
from gradwise.remedy.outside.figure import BALANCED, SEEN, Seen, choose, printed

LINES = """epoch  0  loss 1.234  test 0.9 (0.51)  valid accuracy 0.50
epoch  1  loss 0.734  test 0.7 (0.71)  valid accuracy 0.75
done in 12 seconds
"""


def test_numbers_are_found_under_the_words_before_them() -> None:
    found = printed(LINES)
    assert found["epoch"] == [0, 1]
    assert found["loss"] == [1.234, 0.734]
    assert found["test"] == [0.9, 0.7]
    assert found["test 2"] == [0.51, 0.71]
    assert found["valid accuracy"] == [0.5, 0.75]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("val_acc=0.93", "val_acc", 0.93),
        ("R2 0.5", "r2", 0.5),
        ("accuracy 81.2%", "accuracy", 0.812),
        ("loss -1.5e-3", "loss", -0.0015),
        ("[3/10] | mse: 2", "mse", 2.0),
    ],
)
def test_the_styles_of_printing(line: str, name: str, value: float) -> None:
    assert printed(line)[name] == [pytest.approx(value)]


def test_what_stands_before_the_training_set_is_said_of_both() -> None:
    lines = "".join(f"pairs in order: train 0.{each}1  test 0.{each}0\n" for each in range(5, 9))
    found = printed(f"epoch 3 train 0.5 valid 0.6\n{lines}")
    assert found["valid"] == [0.6]
    best = choose(found)
    assert (best.name, best.higher) == ("pairs in order test", True)


@pytest.mark.parametrize(
    ("values", "higher"), [((40.1, 25.0, 24.6), False), ((-40.1, -25.0), True), ((0.1, 2.5), True)]
)
def test_a_likelihood_that_is_made_small_is_minus_its_logarithm(values: tuple[float, ...], higher: bool) -> None:
    assert choose({"test elbo": list(values)}).higher == higher


def test_nan_is_a_number() -> None:
    assert math.isnan(printed("loss nan")["loss"][0])


def test_held_out_accuracy_comes_before_all_other_lines() -> None:
    best = choose(printed(LINES))
    assert (best.name, best.higher, best.share, best.metric) == ("valid accuracy", True, True, "valid accuracy")


def test_what_was_seen_comes_before_what_is_printed() -> None:
    assert choose({**printed(LINES), SEEN: [0.1, 0.2]}).name == SEEN


@pytest.mark.parametrize(
    ("text", "name", "higher"),
    [
        ("train 0.5 held out 0.7\ntrain 0.4 held out 0.6", "held out", False),
        ("step 1 loss 3\nstep 2 loss 2.5", "loss", False),
        ("error 1.0 r2 0.1\nerror 0.5 r2 0.6", "r2", True),
        (
            "loss 1 error against the true field, of all 0.5\nloss 2 error against the true field, of all 0.4",
            "error against the true field of all",
            False,
        ),
        ("fit 0.5 held-out pixels 0.7\nfit 0.2 held-out pixels 0.3", "held-out pixels", False),
        ("gain 0.1 (best possible 3.4)\ngain 0.6 (best possible 3.4)", "gain", True),
        ("val acc 0.1 bound 0.2\nval acc 0.1 bound 0.3", "val acc", True),
        ("held-out log-lik -2.5\nheld-out log-lik 0.5", "held-out log-lik", True),
        ("fit 0.5 psnr 20.5\nfit 0.2 psnr 30.5", "psnr", True),
        ("test log-likelihood -5.5\ntest log-likelihood -1.5", "test log-likelihood", True),
        ("macro mae 5.5\nmacro mae 1.5", "macro mae", False),
        ("negative log-likelihood 5.5\nnegative log-likelihood 1.5", "negative log-likelihood", False),
        ("held-out 0.7 batch-error 1\nheld-out 0.6 batch-error 2", "held-out", False),
        ("explained variance on valid 0.1\nexplained variance on valid 0.6", "explained variance on valid", True),
    ],
)
def test_what_is_chosen_otherwise(text: str, name: str, higher: bool) -> None:
    best = choose(printed(text))
    assert (best.name, best.higher) == (name, higher)


def test_the_less_the_better_for_the_statistics() -> None:
    gain = choose(printed("gain 1.0\ngain 2.5"), "gain", True)
    assert gain.of({"gain": 2.5}) == {"minus gain": -2.5}
    assert gain.of({}) == {}


def test_of_an_explained_variance_what_is_left() -> None:
    left = choose(printed("valid R2 -4283.0\nvalid R2 -12.5"))
    assert left.of({"valid r2": -12.5}) == {"1 - valid r2": 13.5}
    assert choose(printed("explained 45.5\nexplained 60.5")).metric == "minus explained"  # in percent


def test_a_figure_that_is_not_there_is_told() -> None:
    with pytest.raises(RunError, match="no figure 'vaild accuracy'") as told:
        choose(printed(LINES), "vaild accuracy")
    assert "did you mean 'valid accuracy'?" in str(told.value)
    with pytest.raises(RunError, match="no figure to judge") as told:
        choose(printed("done"))
    assert len(str(told.value).splitlines()) <= 5


def test_large_numbers_are_no_counter() -> None:
    assert choose(printed("perplexity 2e+15\nperplexity 3e+15")).name == "perplexity"
    with pytest.raises(RunError):
        choose(printed("round 1\nround 2\nround 3"))


def test_where_a_class_is_rare_a_figure_that_is_fair_to_it_comes_first() -> None:
    text = "accuracy 0.97 macro f1 0.49\naccuracy 0.98 macro f1 0.52"
    assert choose(printed(text)).name == "accuracy"
    assert choose({**printed(text), SEEN: [0.97, 0.98]}, balanced=True).name == "macro f1"
    assert choose({**printed(text), SEEN: [0.9, 0.9], BALANCED: [0.5, 0.5]}, balanced=True).name == BALANCED
    assert choose({**printed(LINES), SEEN: [0.9, 0.9]}, balanced=True).name == SEEN


def test_what_the_doctor_compares_is_not_the_program_s(tmp_path: Path) -> None:
    seen = Seen(Sources(tmp_path))
    names = {"x": torch.arange(16), "y": torch.arange(16) % 3, "nn": nn, "torch": torch}
    program = "with torch.no_grad():\n    nn.Linear(2, 2)(torch.ones(2))\nx == y"
    asks = compile("lambda: x == y", figure.__file__, "eval")  # from a file of ours
    originals = nn.Module.__call__, torch.autograd.backward, Tensor.__eq__, Tensor.eq, torch.eq
    try:
        seen.open()
        exec(compile(program, str(tmp_path / "train.py"), "exec"), names)
        seen.close()
        assert seen.series[SEEN] == [3 / 16]
        one_by_one = program.replace("x == y", "for i in range(16): x[i:i + 1] == y[i:i + 1], x[i] == 3")
        exec(compile(one_by_one, str(tmp_path / "train.py"), "exec"), names)
        seen.close()
        assert seen.series[SEEN] == [3 / 16, 3 / 16]  # batches of one, and no number by itself
        names["ours"] = eval(asks, names)
        exec(compile(program.replace("x == y", "ours()"), str(tmp_path / "train.py"), "exec"), names)
        seen.close()
        assert seen.series[SEEN] == [3 / 16, 3 / 16]
    finally:
        nn.Module.__call__, torch.autograd.backward, Tensor.__eq__, Tensor.eq, torch.eq = originals  # type: ignore[method-assign]


def test_the_recall_of_the_class_that_is_missed() -> None:
    given = {"recall normal": [0.9, 1.0], "recall rare": [0.1, 0.05], "loss": [1.0, 0.2]}
    assert choose(given, balanced=True).name == "recall rare"


def test_the_mean_over_classes_comes_before_any_one_recall() -> None:
    text = "epoch 0 loss 0.9 recall normal 1.00 early 0.00 wide 0.00 macro 0.333\n"
    best = choose(printed(text + text.replace("0.333", "0.4")), balanced=True)
    assert (best.name, best.higher) == ("macro", True)
    best = choose(printed((text + text.replace("0.333", "0.4")).replace("macro", "mean")), balanced=True)
    assert (best.name, best.higher, best.loss) == ("mean", True, False)
    text = "fraud recall 0.1 balanced accuracy 0.5\nfraud recall 0.2 balanced accuracy 0.6"
    assert choose(printed(text), balanced=True).name == "balanced accuracy"


def test_recalls_on_a_line_of_which_one_is_called_so() -> None:
    text = "acc 0.95 recall sound 1.00 inner 0.00 outer 0.20\n"
    given = printed(text + text.replace("1.00 inner 0.00 outer 0.20", "0.99 inner 0.30 outer 0.30"))
    assert given[figure.RECALLS] == pytest.approx([0.4, 0.53])
    assert choose(given, balanced=True).name == figure.RECALLS
    assert figure.RECALLS not in printed("recall 0.5 precision 0.8")


def test_figures_that_mean_the_same_under_another_loss() -> None:
    given = {"val loss": [0.7, 0.6], "regret": [2.0, 1.0]}
    assert list(figure.lossless(given)) == ["regret"]
    assert figure.lossless({"val loss": [0.7, 0.6]}) == {"val loss": [0.7, 0.6]}


def test_a_mean_of_recalls_means_the_same_under_another_loss() -> None:
    text = "loss 0.5 recall sound 1.00 pore 0.00 mean 0.25\nloss 0.4 recall sound 0.98 pore 0.10 mean 0.30\n"
    assert set(figure.lossless(printed(text))) == {"recall sound", "mean"}
    assert set(figure.lossless(printed(text.replace("recall", "of")))) == set(printed(text.replace("recall", "of")))


def test_overfitting_shows_in_a_held_out_loss() -> None:
    given = {"train": [0.4, 0.1], "val": [0.5, 0.9], "val acc": [0.7, 0.72], SEEN: [0.7, 0.72]}
    assert list(figure.held_out_losses(given)) == ["val"]
    assert choose(figure.held_out_losses(given)).name == "val"
    assert figure.held_out_losses({"val acc": [0.7, 0.72]}) == {"val acc": [0.7, 0.72]}
