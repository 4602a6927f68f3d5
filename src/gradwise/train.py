"""Train a recipe: the cycle's ordinary caller.

Read top to bottom: set up, then epoch after epoch (turn the cycle, evaluate, save, ask whether to stop), then the
verdict. Everything that a restart needs is in `state`; the place in a run is one number, the steps done.
"""

from __future__ import annotations

import copy
import dataclasses
import math
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gradwise import machine, recipefile, runs
from gradwise.cycle import cycle
from gradwise.data import batches, check, count_batches
from gradwise.errors import GradwiseError, NonFinite, RecipeError, RunError
from gradwise.evaluate import evaluate, is_better
from gradwise.events import EpochEnded, Event, Finished, Note, Progress, Started
from gradwise.gradient import Backprop, Guard, agrees, written_out
from gradwise.kernels import status as kernels_status
from gradwise.loss import CrossEntropy
from gradwise.preflight import check_objective, outputs_of
from gradwise.randomness import key, order
from gradwise.recipe import Recipe, changed
from gradwise.watch import Trace, blame, watch

EVALUATION_BATCH = 1000
SAVE_SECONDS = 60.0  # at most this much work is lost, however long an epoch
_SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}


@dataclass
class Trained:
    """What `train` gives back."""

    model: nn.Module  # with the best weights where there was a validation set, else the last
    finished: Finished
    trace: Trace
    run: Path | None


def train(
    recipe: Recipe, run: str | Path | None = None, *, show: Callable[[Event], None] | None = None
) -> Trained:
    """Train a recipe. `run`: the run folder to make (refused if it exists); None keeps nothing on disk.

    `show` is handed every event; None prints a line per epoch. Raises GradwiseError for what the user can mend,
    NonFinite where training met NaN or infinity.
    """
    show = show or _print
    folder = runs.RunFolder.create_at(Path(run)) if run is not None else None
    training = Training(recipe, folder)
    for event in training.events():
        show(event)
    assert training.finished is not None
    return Trained(training.best_model(), training.finished, training.trace, folder.path if folder else None)


def resume(
    run: str | Path, recipe: Recipe | None = None, *, accept_changes: bool = False,
    show: Callable[[Event], None] | None = None, allow: tuple[str, ...] = (),
) -> Trained:  # fmt: skip
    """Go on with a run from its newest valid checkpoint, to the same end, bit for bit, as without the stop.

    `recipe`: what to go on with, by default what the run recorded. A changed one is refused with the difference unless
    `accept_changes`.
    """
    training = reopen(Path(run), recipe, accept_changes=accept_changes, allow=allow)
    for event in training.events():
        (show or _print)(event)
    assert training.finished is not None
    return Trained(training.best_model(), training.finished, training.trace, Path(run))


def reopen(path: Path, recipe: Recipe | None = None, *, accept_changes: bool = False, allow: tuple[str, ...] = ()) -> Training:
    """The training of a run folder, ready to go on."""
    folder = runs.RunFolder.open(path)
    try:
        written = recipefile.read(folder.config(), str(path / "config.yaml"))
        if recipe is None:
            recipe = recipefile.from_dict(written, allow)
        differences = changed(written, recipefile.to_dict(recipe))
        if differences and not accept_changes:
            raise RunError(f"The recipe of {path} has changed: {'; '.join(differences)}.",
                           why="a resumed run ends where the uninterrupted one would only with the same recipe.",
                           fix="--accept-changes goes on with the new one; gradwise train starts a new run.")  # fmt: skip
        checkpoint, problems = folder.newest()
        if checkpoint is None and problems:
            raise RunError(f"No checkpoint of {path} is whole.", why=problems[0], fix="gradwise train starts a new run.")
        training = Training(recipe, folder, checkpoint)
    except BaseException:
        folder.close()
        raise
    training.notes += [f"broken checkpoint, the one before it is used: {problem}" for problem in problems]
    training.notes += [f"changed: {line}" for line in differences]
    if differences:
        folder.write_config(recipefile.to_text(recipe))
    return training


def _print(event: Event) -> None:
    """A line per epoch, and the verdict."""
    if isinstance(event, EpochEnded):
        figures = "  ".join(f"{name} {value:.4g}" for name, value in event.row.items())
        print(f"epoch {event.epoch}/{event.epochs}  {figures}", flush=True)
    elif isinstance(event, Finished):
        best = f", best {event.metric} {event.best:.4g} in epoch {event.best_epoch}" if event.best is not None else ""
        test = "".join(f", {name} {value:.4g}" for name, value in event.test.items())
        print(f"{event.reason} after {event.steps} steps{best}{test}", flush=True)


class Training:
    """One run: what it is made of, and where it stands. `events()` runs it."""

    def __init__(self, recipe: Recipe, folder: runs.RunFolder | None = None, checkpoint: runs.Checkpoint | None = None) -> None:
        settled = {f.name: copy.deepcopy(getattr(recipe, f.name)) for f in dataclasses.fields(recipe)  # pyright: ignore[reportArgumentType]
                   if f.name not in ("data", "model")}  # fmt: skip  # a technique's state belongs to one run
        self.recipe = dataclasses.replace(recipe, **settled)  # pyright: ignore[reportArgumentType]
        self.folder, self.checkpoint = folder, checkpoint
        self.notes: list[str] = []
        self.finished: Finished | None = None
        self.step = 0  # done
        self.evaluated = 0  # epochs whose end has been dealt with
        self.loss_sum = torch.zeros((), dtype=torch.float64)
        self.best: float | None = None
        self.best_epoch: int | None = None
        self.best_step: int | None = None
        self.best_weights: dict[str, Tensor] | None = None
        self.signal: int | None = None
        if checkpoint is not None:
            _same_threads(checkpoint.state)

    # Setting up.

    def _set_up(self) -> Iterator[Event]:
        recipe = self.recipe
        if self.folder is not None and self.checkpoint is None:
            self.folder.write_config(recipefile.to_text(recipe))  # first of all: a run that is killed now can go on
        machine.settle_memory()
        self.device, device_line = machine.device(recipe.device)
        self.sets = recipe.data(recipe.seed).to(self.device)
        self.notes += [*self.sets.notes]
        check(self.sets)
        torch.manual_seed(key(recipe.seed, "initialisation"))
        self.model: nn.Module = recipe.model().to(self.device)
        size = min(recipe.batch_size, len(self.sets.train))
        self.per_epoch = count_batches(len(self.sets.train), size)
        self.batch_size = size
        self.steps = max(1, round(recipe.epochs * self.per_epoch))
        self.epochs = math.ceil(self.steps / self.per_epoch)
        first = next(self._batches(0, 0))
        outputs_of(self.model, first)
        for operate in recipe.surgery:
            self.model = operate(self.model, first)
        output = outputs_of(self.model, first)
        check_objective(recipe.objective, self.model, output, first)
        self.notes += check(self.sets, _classes(output, first))
        products = machine.settle_products(self.model, size)
        backward_line = self._choose_backward(first)
        compiled, compile_line = machine.compiling(recipe.compile, self.device, self.steps)
        if backward_line:
            compiled, compile_line = False, backward_line
        self.optimizer = recipe.optimizer([p for p in self.model.parameters() if p.requires_grad])
        self.guard = Guard([p for p in self.model.parameters() if p.requires_grad], self.optimizer)
        self.watching: watch | None = None
        if recipe.watch.on:
            self.watching = watch(
                self.model, self.optimizer, backward=self.recipe.backward, guard=self.guard,
                every=recipe.watch.every, budget=recipe.watch.budget,
            )  # fmt: skip
        self.trace = self.watching.trace if self.watching else Trace()
        self.forward: nn.Module = torch.compile(self.model) if compiled else self.model  # pyright: ignore[reportAttributeAccessIssue]
        _seed_globals(key(recipe.seed, "dropout"))
        self.loss_sum = self.loss_sum.to(self.device)
        choices = (f"device: {device_line}", f"precision: {getattr(recipe.backward, 'precision', 'float32')}",
                   f"products: {products}", f"kernels: {kernels_status()}", f"back-propagation: {compile_line}",
                   f"watching: {_watching_line(recipe)}")  # fmt: skip
        self._open_folder(choices)
        if self.checkpoint is not None:
            self._restore(self.checkpoint)
        parts = {"train": self.sets.train, "valid": self.sets.valid, "test": self.sets.test}
        samples = {name: len(part) for name, part in parts.items() if part is not None}
        count = sum(p.numel() for p in self.model.parameters() if p.requires_grad)
        yield Started(recipe.name, recipe.seed, self.folder.path if self.folder else None, count, samples,
                      self.epochs, self.per_epoch, choices, self.step)  # fmt: skip
        for note in self.notes:
            yield Note(note)

    def _choose_backward(self, first: Any) -> str:
        """Take the written-out pass where it is the same; the line for the log, "" where autograd stays."""
        recipe = self.recipe
        plain = type(recipe.backward) is Backprop and recipe.backward.precision == "float32"
        if not plain or not isinstance(recipe.objective, CrossEntropy) or self.device.type != "cpu" or recipe.compile == "always":
            return ""
        stack, _ = written_out(self.model, recipe.objective.label_smoothing)
        if stack is None or first.y.dim() != 1 or not agrees(stack, recipe.objective, self.model, first):
            return ""
        self.recipe = dataclasses.replace(recipe, backward=stack)  # pyright: ignore[reportArgumentType]
        return "written out for this stack of Linear and ReLU; agrees with autograd on the first batch"

    def _open_folder(self, choices: tuple[str, ...]) -> None:
        if self.folder is None:
            return
        if self.checkpoint is None:
            self.folder.metrics.rewind({"bytes": 0, "rows": 0})
            self.folder.write_environment({"choices": list(choices), "threads": torch.get_num_threads()})
        self.trace_file = self.folder.trace(0 if self.checkpoint is None else self.checkpoint.state["trace"])
        self.folder.event("started", step=self.step if self.checkpoint is None else self.checkpoint.step, choices=list(choices))

    # Running.

    def events(self) -> Iterator[Event]:
        """Train; what happens, as it happens. Closes the run folder at the end, also after an error."""
        try:
            yield from self._set_up()
            begun = time.perf_counter()
            with _Signals(self), self.watching or _Nothing():
                reason, exit_code = yield from self._run()
            self.finished = self._finish(reason, exit_code, time.perf_counter() - begun)
            yield self.finished
        except GradwiseError as error:
            if self.folder is not None:
                self.folder.event("error", error=type(error).__name__, text=str(error), exit_code=error.exit_code)
            raise
        finally:
            if self.folder is not None:
                self.folder.close()

    def _run(self) -> Iterator[Event]:  # returns (reason, exit code)
        self._saved = time.perf_counter()
        while True:
            if self.step and (self.step == self.steps or self.step % self.per_epoch == 0):
                if self.evaluated < math.ceil(self.step / self.per_epoch):
                    yield self._end_epoch()
                stopping = next((stop for stop in self.recipe.stop if stop(self.trace)), None)
                if stopping is not None:
                    return f"stopped by {stopping}", 0
                if self.step == self.steps:
                    return "finished", 0
            yield from self._epoch()
            if self.signal is not None:
                self._save()
                return f"interrupted by {signal.Signals(self.signal).name}", _SIGNALS[signal.Signals(self.signal)]

    def _epoch(self) -> Iterator[Event]:
        """Turn the cycle to the epoch's end, or until a signal."""
        epoch, position = divmod(self.step, self.per_epoch)
        last = min(self.per_epoch, self.steps - epoch * self.per_epoch)
        self._epoch_begun = shown = time.perf_counter()
        turns = cycle(self.recipe, self.forward, self.optimizer, self.guard, self._batches(epoch, position),
                      start=self.step, steps=self.steps, epoch=epoch)  # fmt: skip
        self.model.train()
        for tick in turns:
            if tick.finite is False or (not isinstance(tick.finite, bool) and self._look(tick) and not bool(tick.finite)):
                self._lost(tick, epoch)
            self.loss_sum += tick.loss
            if self.watching is not None:
                self.watching.turn(tick.loss)
            self.step += 1
            now = time.perf_counter()
            due = self.recipe.save_every and self.step % self.recipe.save_every == 0
            if self.folder is not None and (due or now - self._saved > SAVE_SECONDS):
                self._save()
            if self.signal is not None or self.step - epoch * self.per_epoch == last:
                return
            if now - shown > 0.2:
                shown = now
                yield Progress(epoch + 1, self.step - epoch * self.per_epoch, self.per_epoch)

    def _look(self, tick: Any) -> bool:
        """On a GPU a look waits for the device: only now and then, and at an epoch's end."""
        return (tick.step + 1) % 50 == 0 or (tick.step + 1) % self.per_epoch == 0 or tick.step + 1 == self.steps

    def _lost(self, tick: Any, epoch: int) -> None:
        """A step was not finite and not applied: keep the state before it, name the culprit."""
        problem = blame(self.model, self.recipe.objective, tick.batch, tick.step, epoch, tick.step % self.per_epoch)
        if self.folder is not None:
            try:
                self._save()
            except NonFinite:
                pass  # the weights are bad too: the checkpoint before stays the last
        raise problem

    def _end_epoch(self) -> EpochEnded:
        epoch = math.ceil(self.step / self.per_epoch)
        turns = self.step - (epoch - 1) * self.per_epoch
        figures = {"train_loss": float(self.loss_sum) / turns}  # waits for the device
        self.loss_sum.zero_()
        if self.sets.valid is not None:
            figures |= {f"valid_{k}": v for k, v in self._evaluate(self.sets.valid).items()}
        bad = [name for name, value in figures.items() if not math.isfinite(value)]
        if bad:
            raise NonFinite(f"{bad[0]} is NaN or infinite after epoch {epoch}.", where=f"step {self.step}",
                            why="weights are finite, but an activation overflows.", fix="lower optimizer.lr.")  # fmt: skip
        self.trace.best_by = _best_by(figures)
        self.trace.evaluated(self.step, figures)
        value = figures[self.trace.best_by]
        better = self.sets.valid is not None and is_better(self.trace.best_by, value, self.best)
        if better:
            self.best, self.best_epoch, self.best_step = value, epoch, self.step
            self.best_weights = {k: v.detach().clone() for k, v in self._evaluated_model().state_dict().items()}
        self.evaluated = epoch
        if self.folder is not None:
            self.folder.metrics.append({"epoch": epoch, "step": self.step, **figures})
            self._save(best=better)
        seconds = time.perf_counter() - getattr(self, "_epoch_begun", time.perf_counter())
        if self.folder is not None:
            self.folder.event("epoch", epoch=epoch, step=self.step, seconds=seconds)
        return EpochEnded(epoch, self.epochs, self.step, figures | {"lr": self.optimizer.param_groups[0]["lr"]}, better, seconds)

    def _finish(self, reason: str, exit_code: int, seconds: float) -> Finished:
        test: dict[str, float] = {}
        if exit_code == 0 and self.sets.test is not None:
            test = {f"test_{k}": v for k, v in evaluate(self.best_model(), self.recipe.objective, self._all(self.sets.test)).items()}
        finished = Finished(reason, exit_code, self.evaluated, self.step, seconds, self.trace.best_by, self.best,
                            self.best_epoch, test, self.folder.path if self.folder else None)  # fmt: skip
        if self.folder is not None:
            verdict = dataclasses.asdict(finished)
            del verdict["run"]  # a run folder may be moved
            self.folder.event("finished", **verdict)
        return finished

    # Batches and evaluation.

    def _batches(self, epoch: int, start: int) -> Iterator[Any]:
        seed = self.recipe.seed
        visits = order(seed, epoch, len(self.sets.train))
        return batches(self.sets.train, visits, self.batch_size, start=start, device=self.device, seed=seed, epoch=epoch)

    def _all(self, part: Any) -> Iterator[Any]:
        size = min(EVALUATION_BATCH, len(part))
        return batches(part, torch.arange(len(part)), size, device=self.device, seed=self.recipe.seed, drop_last=False)

    def _evaluate(self, part: Any) -> dict[str, float]:
        return evaluate(self._evaluated_model(), self.recipe.objective, self._all(part))

    def _average(self) -> dict[str, Tensor]:
        """The weights' average, where a technique keeps one; the last one's."""
        return next((a.average for a in reversed(self.recipe.after) if getattr(a, "average", None)), {})  # pyright: ignore[reportAttributeAccessIssue]

    def _evaluated_model(self) -> nn.Module:
        """The model to be judged: with averaged weights where they are kept."""
        average = self._average()
        if not average:
            return self.model
        judged = copy.deepcopy(self.model)
        judged.load_state_dict(self.model.state_dict() | average)
        return judged

    def best_model(self) -> nn.Module:
        """A copy of the model with the best weights, in evaluation mode."""
        judged = copy.deepcopy(self._evaluated_model())
        if self.best_weights is not None:
            judged.load_state_dict(self.best_weights)
        return judged.eval()

    # Checkpoints.

    def _save(self, best: bool = False) -> None:
        if self.folder is None:
            return
        folder = self.folder
        rows = self.trace.take()
        self.trace_file.append(rows)
        self.trace_file.flush(fsync=True)
        runs.write_atomic(folder.trace_header, self.trace.header().encode())
        path = runs.save(folder.checkpoints, self.step, self.model.state_dict(), self._state(),
                         average=self._average() or None, epoch=self.evaluated)  # fmt: skip
        runs.point(folder.checkpoints, "last", path)
        if best:
            runs.point(folder.checkpoints, "best", path)
        runs.prune(folder.checkpoints, keep=() if self.best_step is None else (self.best_step,), last=2)
        self._saved = time.perf_counter()

    def _state(self) -> dict[str, Any]:
        """All that the rest of the run depends on, beside weights and recipe."""
        assert self.folder is not None
        version, internal, gauss = random.getstate()
        kind, keys, position, has_gauss, cached = np.random.get_state()  # pyright: ignore[reportGeneralTypeIssues]
        return {
            "optimizer": self.optimizer.state_dict(),
            "after": [a.state() if hasattr(a, "state") else None for a in self.recipe.after],  # pyright: ignore[reportAttributeAccessIssue]
            "rng": {"torch": torch.get_rng_state(), "python": [version, list(internal), gauss],
                    "numpy": [kind, torch.from_numpy(np.asarray(keys).astype(np.int64)), position, has_gauss, cached],
                    "cuda": torch.cuda.get_rng_state_all() if self.device.type == "cuda" else []},
            "evaluated": self.evaluated, "loss_sum": self.loss_sum, "best": self.best, "best_epoch": self.best_epoch,
            "best_step": self.best_step, "watch": self.watching.state() if self.watching else None, "threads": torch.get_num_threads(),
            "metrics": self.folder.metrics.position(), "trace": self.trace_file.size,
        }  # fmt: skip

    def _restore(self, checkpoint: runs.Checkpoint) -> None:
        """Put everything back; the random streams last, when all iterators are built."""
        assert self.folder is not None
        state = checkpoint.state
        self.step, self.evaluated = checkpoint.step, state["evaluated"]
        self.best, self.best_epoch, self.best_step = state["best"], state["best_epoch"], state["best_step"]
        self.model.load_state_dict(checkpoint.weights)
        self.optimizer.load_state_dict(state["optimizer"])
        for technique, kept in zip(self.recipe.after, state["after"], strict=False):
            if kept is not None:
                technique.restore(kept)  # pyright: ignore[reportAttributeAccessIssue]
        self.loss_sum.copy_(state["loss_sum"])
        if self.watching and state["watch"]:
            self.watching.restore(state["watch"])
        self.folder.metrics.rewind(state["metrics"])
        for row in runs.read_rows(self.folder.path / "metrics.jsonl"):
            figures = {k: float(v) for k, v in row.items() if k not in ("epoch", "step")}
            self.trace.evaluated(int(row["step"]), figures)
            self.trace.best_by = _best_by(figures)
        if self.best_step is not None:
            self._restore_best(self.folder, self.best_step)
        rng = state["rng"]
        torch.set_rng_state(rng["torch"])
        random.setstate((rng["python"][0], tuple(rng["python"][1]), rng["python"][2]))
        kind, keys, *rest = rng["numpy"]
        np.random.set_state((kind, keys.numpy().astype(np.uint32), *rest))
        if self.device.type == "cuda":
            torch.cuda.set_rng_state_all(rng["cuda"])

    def _restore_best(self, folder: runs.RunFolder, step: int) -> None:
        try:
            loaded = runs.load(next(named.path for named in runs.checkpoints(folder.checkpoints) if named.step == step))
        except (StopIteration, RunError) as error:
            self.notes.append(f"the best checkpoint (step {step}) is lost, the search for a best begins anew: {error}")
            self.best = self.best_epoch = self.best_step = None
            return
        self.best_weights = loaded.weights | (loaded.average or {})


def _best_by(figures: dict[str, float]) -> str:
    """The figure that "best" goes by: accuracy where there is one, else the loss, of the validation set if there is one."""
    return next(name for name in ("valid_accuracy", "valid_loss", "train_loss") if name in figures)


def _seed_globals(number: int) -> None:
    """What is left to the global streams: dropout (torch), and a user's own techniques."""
    torch.manual_seed(number)
    random.seed(number)
    np.random.seed(number & 0xFFFFFFFF)


def _classes(output: Tensor, batch: Any) -> int | None:
    if batch.y.is_floating_point() or output.dim() < 2:
        return None
    return max(2, output.shape[1])


def _watching_line(recipe: Recipe) -> str:
    if not recipe.watch.on:
        return "off"
    how = f"every {recipe.watch.every} steps" if recipe.watch.every else f"at most {recipe.watch.budget:.0%} of a step"
    return f"loss, gradients, updates and activations of every layer, {how}"


def _same_threads(state: dict[str, Any]) -> None:
    """One thread and two round differently: take as many as before."""
    if torch.get_num_threads() != state["threads"]:
        torch.set_num_threads(state["threads"])


class _Nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


class _Signals:
    """Ctrl-C and SIGTERM let the step end; a second Ctrl-C does not."""

    def __init__(self, training: Training) -> None:
        self.training, self.before = training, {}

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self.before: dict[Any, Any] = {number: signal.signal(number, self._handle) for number in _SIGNALS}

    def __exit__(self, *_: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: object) -> None:
        if self.training.signal is not None and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.training.signal = number
