from __future__ import annotations

import dataclasses
import json
import math
import os
import signal
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from gradwise import recipefile, runs
from gradwise.data import Arrays, Dataset, HorizontalFlip, Mapped, Mixup, Noise, RandomCrop, Sets, Tensors
from gradwise.errors import DataError, GradwiseError, NonFinite, RecipeError, RunError, ShapeError
from gradwise.evaluate import Patience, Target
from gradwise.events import EpochEnded, Event, Finished, Note, Started
from gradwise.gradient import Accumulate, ClipNorm
from gradwise.loss import CrossEntropy, MeanSquaredError
from gradwise.model import MLP, ResNet
from gradwise.randomness import Rng
from gradwise.recipe import Recipe, Watching
from gradwise.stages import Batch
from gradwise.train import Trained, Training, reopen, resume, train
from gradwise.update import EMA, SGD, SWA, Adam, AdamW, Cosine, Lookahead, Prune, Round, ScheduleFree
from gradwise.watch import Trace

HERE = ("test_train",)


def drawn(count: int, *shape: int) -> tuple[Tensor, Tensor]:
    """Samples whose class is to be learnt: the largest of the first three numbers."""
    x = torch.randn(count, *shape, generator=torch.Generator().manual_seed(7))
    return x, x.flatten(1)[:, :3].argmax(1)


def toy(seed: int) -> Sets:
    x, y = drawn(34, 6)
    return Sets(Arrays(x[:22], y[:22]), Arrays(x[22:28], y[22:28]), Arrays(x[28:], y[28:]))


def pictures(seed: int) -> Sets:
    x, y = drawn(16, 1, 4, 4)
    return Sets(Arrays(x[:12], y[:12]), Arrays(x[12:], y[12:]))


class Restless:
    """A dataset of a stranger's, whose samples draw from the global random streams."""

    def __len__(self) -> int:
        return 20

    def __getitem__(self, index: int) -> tuple[np.ndarray, int]:
        x, y = drawn(20, 6)
        return x[index].numpy() + np.random.rand(6).astype(np.float32) + torch.rand(6).numpy(), int(y[index])


def restless(seed: int) -> Sets:
    return Sets(Mapped(Restless(), workers=2), toy(seed).valid)


class Stop:
    """What happens after a step; each test sets it."""

    at = -1
    how = ""


def interrupt(model: nn.Module, step: int) -> None:
    if step == Stop.at:
        if Stop.how == "crash":
            raise MemoryError
        os.kill(os.getpid(), getattr(signal, Stop.how))


def spoil(batch: Batch, rng: Rng) -> Batch:
    return batch._replace(x=batch.x * math.nan) if rng.step == Stop.at and Stop.how == "nan" else batch


@pytest.fixture(autouse=True)
def uninterrupted() -> None:
    Stop.at = -1


def recipe(**settings: Any) -> Recipe:
    chosen = {"data": toy, "model": MLP((6, 8, 3)), "epochs": 3, "batch_size": 5, "watch": Watching(every=1)}
    return Recipe(**chosen | settings)


def quiet(event: Event) -> None:
    """Nobody looks."""


def trained(of: Recipe, run: Path | None = None) -> Trained:
    return train(of, run, show=quiet)


def weights(result: Trained) -> list[Tensor]:
    return list(result.model.state_dict().values())


def same(one: list[Tensor], other: list[Tensor]) -> bool:
    return len(one) == len(other) and all(map(torch.equal, one, other))


def record(run: Path) -> dict[str, bytes]:
    """What a run left that its numbers decide: the last weights, the table, the trace."""
    last = runs.pointed(run / "checkpoints", "last")
    assert last is not None
    names = ["metrics.jsonl", "metrics.csv", "trace.bin", "trace.json"]
    found = {name: (run / name).read_bytes() for name in names}
    return found | {f"{last.name}/{path.name}": path.read_bytes() for path in last.glob("*.safetensors")}


# What comes of it.


def test_a_training_learns() -> None:
    result = trained(recipe(epochs=40, optimizer=Adam(0.02)))
    losses = result.trace.metric("train_loss")[1]
    assert losses[-1] < 0.3 * losses[0]
    assert result.finished.reason == "finished"
    assert result.finished.exit_code == 0
    assert (result.finished.epochs, result.finished.steps) == (40, 160)
    assert set(result.finished.test) == {"test_loss", "test_accuracy"}
    assert not result.model.training


def test_events_in_their_order() -> None:
    events: list[Event] = []
    train(recipe(), show=events.append)
    started, *middle, finished = events
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert (started.parameters, started.epochs, started.steps_per_epoch) == (6 * 8 + 8 + 8 * 3 + 3, 3, 4)
    assert started.samples == {"train": 22, "valid": 6, "test": 6}
    ended = [event for event in middle if isinstance(event, EpochEnded)]
    assert [(event.epoch, event.step) for event in ended] == [(1, 4), (2, 8), (3, 12)]
    assert set(ended[0].row) == {"train_loss", "valid_loss", "valid_accuracy", "lr"}
    assert ended[0].best


def test_the_train_loss_is_the_mean_of_the_epoch_s_steps() -> None:
    result = trained(recipe())
    losses = result.trace.series("cycle", "", "loss")[1]
    expected = losses.reshape(3, 4).mean(1).tolist()
    assert result.trace.metric("train_loss")[1] == pytest.approx(expected, rel=1e-6)


def test_the_best_weights_are_given_back_not_the_last() -> None:
    result = trained(recipe(epochs=8, optimizer=SGD(20.0)))
    values = result.trace.metric("valid_accuracy")[1]
    assert result.finished.best == max(values)
    assert result.finished.best_epoch == values.index(max(values)) + 1
    assert values[-1] < max(values), "this test needs a run whose end is not its best"
    valid = toy(0).valid
    assert isinstance(valid, Arrays)
    accuracy = float((result.model(valid.x).argmax(1) == valid.y).double().mean())
    assert accuracy == max(values)


@pytest.mark.parametrize(("epochs", "steps"), [(0.01, 1), (0.5, 2), (1, 4), (2.25, 9)])
def test_a_fraction_of_an_epoch(epochs: float, steps: int) -> None:
    result = trained(recipe(epochs=epochs))
    assert result.finished.steps == steps
    assert result.finished.epochs == math.ceil(steps / 4)
    assert len(result.trace.metric("train_loss")[1]) == math.ceil(steps / 4)


def test_stops() -> None:
    assert trained(recipe(epochs=50, stop=(Target(0.0, "valid_accuracy"),))).finished.epochs == 1
    result = trained(recipe(epochs=50, optimizer=SGD(1e-9), stop=(Patience(3, "valid_accuracy"),)))
    assert result.finished.epochs == 4
    assert "Patience" in result.finished.reason


def test_numbers_to_reach() -> None:
    x, _ = drawn(30, 4)
    data = Tensors(x, x.sum(1, keepdim=True), valid=6)
    result = trained(recipe(data=data, model=MLP((4, 1)), objective=MeanSquaredError(), epochs=60, optimizer=SGD(0.1)))
    assert result.finished.metric == "valid_loss"
    assert result.finished.best is not None
    assert result.finished.best < 1e-3


def test_averaged_weights_are_judged_and_given_back() -> None:
    result = trained(recipe(data=Tensors(*drawn(20, 6)), after=(EMA(0.5),)))
    plain = trained(recipe(data=Tensors(*drawn(20, 6))))
    assert not same(weights(result), weights(plain))
    assert result.trace.metric("train_loss") == plain.trace.metric("train_loss")  # the training is the same


def test_an_optimizer_s_average_is_judged_too() -> None:
    settings: dict[str, Any] = {"data": Tensors(*drawn(20, 6)), "optimizer": ScheduleFree(0.1)}
    result = trained(recipe(**settings))
    plain = trained(recipe(**settings, after=(Lookahead(1.0),)))  # it has the last word: the weights as they are
    assert not same(weights(result), weights(plain))
    assert result.trace.metric("train_loss") == plain.trace.metric("train_loss")


def test_a_recipe_is_left_as_it_was() -> None:
    of = recipe(after=(EMA(0.5),))
    first, second = trained(of), trained(of)
    assert of.after[0].average == {}  # type: ignore[attr-defined]
    assert same(weights(first), weights(second))


def test_a_batch_that_is_larger_than_the_set_is_the_whole_set() -> None:
    assert trained(recipe(batch_size=1000)).finished.steps == 3


@pytest.mark.parametrize("settings", [{}, {"objective": CrossEntropy(0.1)}, {"batch_size": 7}], ids=repr)
def test_the_written_out_pass_gives_what_autograd_gives(settings: dict[str, Any]) -> None:
    lines: list[str] = []

    def keep(event: Event) -> None:
        lines.extend(event.choices if isinstance(event, Started) else ())

    written_out = train(recipe(**settings), show=keep)
    by_autograd = train(recipe(**settings, backward=Accumulate(1)), show=keep)
    assert ["written out" in line for line in lines if line.startswith("back-propagation")] == [True, False]
    for one, other in zip(weights(written_out), weights(by_autograd), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4)


def test_watching_changes_no_bit() -> None:
    results = [
        trained(recipe(watch=watching)) for watching in (Watching(every=1), Watching(every=3), Watching(on=False))
    ]
    assert same(weights(results[0]), weights(results[1]))
    assert same(weights(results[0]), weights(results[2]))
    assert len(results[2].trace) == 0


def test_without_kernels_it_learns_the_same(request: pytest.FixtureRequest) -> None:
    of = recipe(epochs=2, optimizer=Adam(0.01))
    compiled = trained(of)
    request.getfixturevalue("without_kernels")
    plain = trained(of)
    for one, other in zip(weights(compiled), weights(plain), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4)
    assert compiled.trace.columns == plain.trace.columns


# The same again.

SETTINGS: dict[str, dict[str, Any]] = {
    "stack": {"optimizer": Adam(0.01), "save_every": 3},
    "noisy": {
        "model": MLP((6, 8, 8, 3), dropout=0.3, batch_norm=True), "batch": (Noise(0.1),), "gradient": (ClipNorm(1),),
        "optimizer": SGD(0.05, 0.9, True, 1e-3), "schedule": Cosine(), "after": (EMA(0.9),), "save_every": 5,
    },
    "averaged": {
        "model": MLP((6, 8, 3), batch_norm=True), "optimizer": ScheduleFree(recalibrate=8),
        "after": (Prune(0.5, 2, 9, 3), Round(12)),
    },
    "slow": {
        "model": MLP((6, 8, 3), batch_norm=True), "optimizer": SGD(0.1),
        "after": (Lookahead(0.5, 3), SWA(4, every=2, recalibrate=8)),
    },
    "pictures": {
        "data": pictures, "model": ResNet(1, 2, 1, 3), "batch": (HorizontalFlip(), RandomCrop(1)), "batch_size": 4,
        "optimizer": AdamW(0.01), "backward": Accumulate(2), "objective": CrossEntropy(0.1), "epochs": 4,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_two_runs_are_identical_to_the_bit(name: str, tmp_path: Path) -> None:
    results = []
    for number in range(2):
        torch.manual_seed(number)  # what the caller's streams hold does not matter
        results.append(trained(recipe(**SETTINGS[name]), tmp_path / str(number)))
    assert record(tmp_path / "0") == record(tmp_path / "1")
    assert same(*map(weights, results))
    other = trained(recipe(**SETTINGS[name], seed=1), tmp_path / "seed")
    assert not same(weights(results[0]), weights(other))
    assert record(tmp_path / "0")["trace.bin"] != record(tmp_path / "seed")["trace.bin"]


def stoppable(name: str) -> Recipe:
    return recipe(**SETTINGS[name] | {"after": (*SETTINGS[name].get("after", ()), interrupt)})


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(("how", "at"), [("SIGTERM", 5), ("SIGINT", 0), ("SIGTERM", 7), ("crash", 10)])
def test_a_run_that_was_stopped_ends_as_if_it_had_not_been(name: str, how: str, at: int, tmp_path: Path) -> None:
    of = stoppable(name)
    whole = trained(of, tmp_path / "whole")
    Stop.at, Stop.how = at, how
    if how == "crash":
        with pytest.raises(MemoryError):
            trained(of, tmp_path / "cut")
    else:
        cut = trained(of, tmp_path / "cut").finished
        assert cut.reason == f"interrupted by {how}"
        assert cut.exit_code == {"SIGTERM": 143, "SIGINT": 130}[how]
        assert cut.steps == at + 1
        assert cut.test == {}
    Stop.at = -1
    torch.manual_seed(99)
    events: list[Event] = []
    again = resume(tmp_path / "cut", show=events.append, allow=HERE)
    assert record(tmp_path / "cut") == record(tmp_path / "whole")
    assert same(weights(again), weights(whole))
    ours, theirs = (dataclasses.asdict(x.finished) | {"seconds": 0, "run": None} for x in (again, whole))
    assert ours == theirs
    started = events[0]
    assert isinstance(started, Started)
    assert started.resumed_at == (at + 1 if how != "crash" else started.resumed_at)
    assert started.resumed_at <= at + 1


def test_a_dataset_with_workers_goes_on_too(tmp_path: Path) -> None:
    of = recipe(data=restless, epochs=2, after=(interrupt,), model=MLP((6, 4, 3), dropout=0.2))
    trained(of, tmp_path / "whole")
    Stop.at, Stop.how = 5, "SIGTERM"
    trained(of, tmp_path / "cut")
    Stop.at = -1
    resume(tmp_path / "cut", show=quiet, allow=HERE)
    assert record(tmp_path / "cut") == record(tmp_path / "whole")


def test_a_run_may_be_stopped_again_and_again(tmp_path: Path) -> None:
    of = stoppable("noisy")
    whole = trained(of, tmp_path / "whole")
    Stop.how = "SIGTERM"
    for at in range(1, 12, 3):
        Stop.at = at
        (trained(of, tmp_path / "cut") if at == 1 else resume(tmp_path / "cut", show=quiet, allow=HERE))
    Stop.at = -1
    again = resume(tmp_path / "cut", show=quiet, allow=HERE)
    assert record(tmp_path / "cut") == record(tmp_path / "whole")
    assert same(weights(again), weights(whole))


def test_a_finished_run_is_not_trained_further(tmp_path: Path) -> None:
    trained(recipe(), tmp_path / "run")
    before = record(tmp_path / "run")
    again = resume(tmp_path / "run", show=quiet, allow=HERE)
    assert record(tmp_path / "run") == before
    assert again.finished.reason == "finished"


def test_a_changed_recipe_is_refused_with_the_difference(tmp_path: Path) -> None:
    Stop.at, Stop.how = 5, "SIGTERM"
    of = recipe(after=(interrupt,))
    trained(of, tmp_path / "run")
    Stop.at = -1
    longer = dataclasses.replace(of, epochs=4)
    with pytest.raises(RunError, match="epochs: 3"):
        resume(tmp_path / "run", longer, show=quiet)
    events: list[Event] = []
    result = resume(tmp_path / "run", longer, accept_changes=True, show=events.append)
    assert result.finished.steps == 16
    assert any(isinstance(event, Note) and "epochs: 3" in event.text for event in events)


def test_in_hand_data_needs_the_recipe_to_go_on(tmp_path: Path) -> None:
    Stop.at, Stop.how = 2, "SIGTERM"
    of = recipe(data=Tensors(*drawn(22, 6)), after=(interrupt,))
    trained(of, tmp_path / "run")
    Stop.at = -1
    with pytest.raises(GradwiseError):
        resume(tmp_path / "run", show=quiet, allow=HERE)
    assert resume(tmp_path / "run", of, show=quiet).finished.steps == 12


def test_a_run_folder_is_never_overwritten(tmp_path: Path) -> None:
    trained(recipe(epochs=1), tmp_path / "run")
    before = record(tmp_path / "run")
    with pytest.raises(RunError, match="not empty"):
        trained(recipe(), tmp_path / "run")
    assert record(tmp_path / "run") == before


def test_what_a_run_folder_holds(tmp_path: Path) -> None:
    result = trained(recipe(), tmp_path / "run")
    assert result.run == tmp_path / "run"
    rows = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert rows[-1]["valid_loss"] == result.trace.metric("valid_loss")[1][-1]
    trace = Trace.read(tmp_path / "run")
    assert trace.matrix()[0].tolist() == list(range(12))
    kinds = [json.loads(line)["kind"] for line in (tmp_path / "run" / "events.jsonl").read_text().splitlines()]
    assert kinds == ["started", "epoch", "epoch", "epoch", "finished"]


def test_signals_are_as_before_afterwards(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    Stop.at, Stop.how = 2, "SIGTERM"
    trained(recipe(after=(interrupt,)))
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_outside_the_main_thread() -> None:
    found: list[Trained] = []
    thread = threading.Thread(target=lambda: found.append(trained(recipe(epochs=1))))
    thread.start()
    thread.join()
    assert found[0].finished.reason == "finished"


# What goes wrong.


class Log(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.log()


class Overflowing(nn.Module):
    """Finite forward, infinite backward: the slope of the square root at 0."""

    def forward(self, x: Tensor) -> Tensor:
        return (x * 0).sqrt()


def finite(run: Path) -> bool:
    """Is every checkpoint whole and finite?"""
    found = runs.checkpoints(run / "checkpoints")
    return all(bool(t.isfinite().all()) for named in found for t in runs.load(named.path).weights.values())


def positive(bad: float) -> tuple[Tensor, Tensor]:
    x, y = drawn(20, 6)
    x = x.abs() + 0.1
    x[13, 2] = bad
    return x, y


@pytest.mark.parametrize("on", [True, False])
def test_a_nan_that_arises_in_a_layer_is_traced_to_layer_batch_and_sample(on: bool, tmp_path: Path) -> None:
    def model() -> nn.Module:
        return nn.Sequential(nn.Identity(), Log(), nn.Linear(6, 3))

    of = recipe(data=Tensors(*positive(-1.0)), model=model, watch=Watching(on, 1), save_every=1)
    with pytest.raises(NonFinite) as caught:
        trained(of, tmp_path / "run")
    text = str(caught.value)
    assert caught.value.exit_code == 4
    assert "layer 1" in text
    assert "Log" in text
    assert "sample 13 of the training set" in text
    assert "[-1, " in text  # what its inputs were
    assert "The step was not applied" in text
    assert len(text.splitlines()) <= 5
    step = int(text.partition("where: step ")[2].partition(",")[0])
    assert f"epoch {step // 4 + 1}, batch {step % 4 + 1}" in text
    last = runs.newest(tmp_path / "run" / "checkpoints")[0]
    assert last is not None
    assert last.step == step  # the steps that were applied
    assert finite(tmp_path / "run")
    events = [json.loads(line) for line in (tmp_path / "run" / "events.jsonl").read_text().splitlines()]
    assert events[-1]["kind"] == "error"
    assert events[-1]["exit_code"] == 4


def test_a_nan_in_data_in_hand_is_found_before_the_first_step() -> None:
    with pytest.raises(DataError, match="sample 13"):
        trained(recipe(data=Tensors(*positive(math.nan))))


class Holed(Restless):
    def __getitem__(self, index: int) -> tuple[np.ndarray, int]:
        x, y = drawn(20, 6)
        return x[index].numpy() * (math.nan if index == 18 else 1), int(y[index])


def test_a_nan_in_data_that_is_read_by_and_by_is_traced_to_its_sample() -> None:
    with pytest.raises(NonFinite, match="The data is NaN or infinite") as caught:
        trained(recipe(data=Dataset(Holed())))
    assert "sample 18 of the training set" in str(caught.value)


class Mislabelled(Restless):
    def __getitem__(self, index: int) -> tuple[np.ndarray, int]:
        x, y = drawn(20, 6)
        return x[index].numpy(), 7 if index == 18 else int(y[index])


def test_a_label_beyond_the_classes_in_data_that_is_read_by_and_by() -> None:
    with pytest.raises(DataError, match="Label 7 of sample 18"):
        trained(recipe(data=Dataset(Mislabelled())))


def test_a_gradient_that_overflows_on_the_way_back_is_named(tmp_path: Path) -> None:
    def model() -> nn.Module:
        return nn.Sequential(nn.Linear(6, 4), Overflowing(), nn.Linear(4, 3))

    with pytest.raises(NonFinite) as caught:
        trained(recipe(model=model), tmp_path / "run")
    assert "0." in str(caught.value).splitlines()[0]
    assert "on the way back" in str(caught.value)
    assert finite(tmp_path / "run")


@pytest.mark.parametrize(
    "settings", [{}, {"model": MLP((6, 8, 8, 3), "tanh", batch_norm=True)}, {"optimizer": Adam(1e30)}], ids=repr
)
def test_a_rate_that_is_far_too_high(settings: dict[str, Any], tmp_path: Path) -> None:
    of = recipe(**{"optimizer": SGD(1e12), "epochs": 4, "save_every": 2} | settings)
    caught = None
    try:
        trained(of, tmp_path / "run")
    except NonFinite as error:
        caught = error
    assert "lower optimizer.lr" in str(caught) or (caught is None and settings), "a plain network must overflow"
    assert finite(tmp_path / "run")
    assert len(runs.checkpoints(tmp_path / "run" / "checkpoints")) > 0


def test_after_a_bad_step_one_can_go_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    of = recipe(**SETTINGS["noisy"] | {"batch": (Noise(0.1), spoil)})
    trained(of, tmp_path / "whole")
    Stop.at, Stop.how = 6, "nan"
    with pytest.raises(NonFinite, match="The data is NaN"):
        trained(of, tmp_path / "cut")
    with pytest.raises(NonFinite):  # it meets the same step again, and says so again
        resume(tmp_path / "cut", show=quiet, allow=HERE)
    Stop.at = -1
    resume(tmp_path / "cut", show=quiet, allow=HERE)
    assert record(tmp_path / "cut") == record(tmp_path / "whole")


def steep(model: nn.Module, batch: Batch) -> Tensor:
    """A finite loss whose gradient is not."""
    return model(batch.x).mean() + (model(batch.x) * 0).sum().sqrt()


def test_looking_for_the_culprit_leaves_no_trace_in_what_is_saved(tmp_path: Path) -> None:
    with pytest.raises(NonFinite, match="The gradient"):
        trained(recipe(model=MLP((6, 8, 3), batch_norm=True), objective=steep), tmp_path / "run")
    last = runs.pointed(tmp_path / "run" / "checkpoints", "last")
    assert last is not None
    assert int(runs.load(last).weights["2.num_batches_tracked"]) == 2  # the two forward passes of the one step


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"model": MLP((5, 3))}, ShapeError),
        ({"model": MLP((6, 1))}, GradwiseError),
        ({"objective": MeanSquaredError()}, GradwiseError),
        ({"device": "gpu"}, RecipeError),
        ({"data": lambda seed: 3}, RecipeError),
        ({"data": Tensors(torch.zeros(0, 6), torch.zeros(0, dtype=torch.int64))}, DataError),
        ({"data": Tensors(torch.randn(9, 6), torch.arange(9))}, DataError),  # labels beyond the outputs
    ],
)
def test_a_mistake_is_answered_before_the_first_step(
    settings: dict[str, Any], error: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(error) as caught:
        trained(recipe(**settings), tmp_path / "run")
    assert len(str(caught.value).splitlines()) <= 5
    assert runs.checkpoints(tmp_path / "run" / "checkpoints") == []
    with pytest.raises(error):
        trained(recipe(**settings), tmp_path / "again")


def test_a_run_that_failed_lets_go_of_its_folder(tmp_path: Path) -> None:
    Stop.at, Stop.how = 5, "crash"
    with pytest.raises(MemoryError):
        trained(recipe(after=(interrupt,), save_every=2), tmp_path / "run")
    Stop.at = -1
    assert resume(tmp_path / "run", show=quiet, allow=HERE).finished.steps == 12


def test_a_run_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="there is no run folder"):
        resume(tmp_path / "nowhere")


def test_a_recipe_that_was_edited_in_the_run_folder_is_noticed(tmp_path: Path) -> None:
    recipe = recipefile.load("digits", ["epochs=2"])
    train(recipe, tmp_path / "run", show=lambda event: None)
    config = tmp_path / "run" / "config.yaml"
    config.write_text(config.read_text().replace("lr: 0.003", "lr: 0.004"))
    with pytest.raises(RunError, match=r"optimizer.lr: 0.003 -> 0.004"):
        reopen(tmp_path / "run")


def test_the_written_out_pass_looks_at_edited_batches() -> None:
    recipe = recipefile.load("digits", ["epochs=0.2", "watch.every=1"])
    mixed = dataclasses.replace(recipe, batch=(Mixup(classes=10),))  # soft labels: autograd's work
    training = Training(mixed)
    started = next(iter(training.set_up()))
    assert isinstance(started, Started)
    assert not any("written out" in choice for choice in started.choices)
    trace = train(mixed, show=lambda event: None).trace
    assert np.isfinite(trace.series("activation", "1", "mean")[1]).all()


def test_batch_normalisation_of_single_samples_is_refused() -> None:
    recipe = recipefile.load("digits", ["batch_size=1", "model.batch_norm=true"])
    with pytest.raises(RecipeError, match="single sample"):
        train(recipe, show=lambda event: None)


def test_what_is_given_back_has_the_trace_with_and_without_a_folder(tmp_path: Path) -> None:
    recipe = recipefile.load("digits", ["epochs=1", "watch.every=1"])
    kept = train(recipe, tmp_path / "run", show=lambda event: None).trace
    loose = train(recipe, show=lambda event: None).trace
    assert kept.metric() == loose.metric()
    assert np.array_equal(kept.matrix()[1], loose.matrix()[1], equal_nan=True)
