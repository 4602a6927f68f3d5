"""One run of a recipe: the cycle's ordinary caller.

Read top to bottom: set up, then epoch after epoch (turn the cycle, evaluate, save, ask whether to stop), then the
verdict. Everything that a restart needs is in `state`; the place in a run is one number, the steps done.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import math
import time
from collections.abc import Generator, Iterator

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import update_bn

from gradwise import machine, memory, recipefile, runs, state
from gradwise.cycle import Tick, cycle, edited
from gradwise.data import Sets, Source, batches, check, count_batches
from gradwise.errors import GradwiseError, NonFinite, RecipeError, RunError
from gradwise.evaluate import evaluate, is_better
from gradwise.events import EpochEnded, Event, Finished, Note, Progress, Started
from gradwise.gradient import Backprop, Guard, agrees, written_out
from gradwise.kernels import status as kernels_status
from gradwise.loss import CrossEntropy
from gradwise.preflight import check_objective, outputs_of
from gradwise.randomness import key, order
from gradwise.recipe import Recipe
from gradwise.signals import EXIT_CODES, Signals
from gradwise.stages import Batch, name_of
from gradwise.update import EMA
from gradwise.watch import Trace, blame, watch

EVALUATION_BATCH = 1000
SAVE_SECONDS = 60.0  # at most this much work is lost, however long an epoch


class Training:
    """One run: what it is made of, and where it stands. `events()` runs it."""

    def __init__(
        self, recipe: Recipe, folder: runs.RunFolder | None = None, checkpoint: runs.Checkpoint | None = None
    ) -> None:
        settled = {
            f.name: copy.deepcopy(getattr(recipe, f.name))
            for f in dataclasses.fields(recipe)  # pyright: ignore[reportArgumentType]
            if f.name not in ("data", "model")
        }  # a technique's state belongs to one run
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
        self.signals = Signals()

    # Setting up.

    def set_up(self) -> Iterator[Event]:
        """Make all that the run needs, or stand where its checkpoint was saved; tells what was chosen."""
        recipe = self.recipe
        if self.folder is not None and self.checkpoint is None:
            self.folder.write_config(recipefile.to_text(recipe))  # first of all: a run that is killed now can go on
        machine.settle_memory()
        self.device, device_line = machine.device(recipe.device)
        sets: object = recipe.data(recipe.seed)
        if not isinstance(sets, Sets):
            raise RecipeError(
                f"The data stage must return gradwise.data.Sets, {name_of(recipe.data)} returned {type(sets).__name__}.",
                fix="end it with return Sets(Arrays(x, y)); both are in gradwise.data.",
            )
        self.sets = sets.to(self.device)
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
        threads = machine.settle_threads(self.model, size)
        products = machine.settle_products(self.model, size)
        if self.checkpoint is not None:
            self.notes += state.same_machine(self.checkpoint.state)
            threads = f"{torch.get_num_threads()} (as before the stop)"
        backward_line = self._choose_backward(first)
        compiled, compile_line = machine.compiling(recipe.compile, self.device, self.steps)
        if backward_line:
            compiled, compile_line = False, backward_line
        self.optimizer = recipe.optimizer([p for p in self.model.parameters() if p.requires_grad])
        self.guard = Guard([p for p in self.model.parameters() if p.requires_grad], self.optimizer)
        self.watching: watch | None = None
        if recipe.watch.on:
            self.watched = ("watching", size, recipe.watch.budget, str(self.model), name_of(self.recipe.backward))
            self.watching = watch(
                self.model,
                self.optimizer,
                backward=self.recipe.backward,
                guard=self.guard,
                every=recipe.watch.every,
                budget=recipe.watch.budget,
                known=int(memory.recall(*self.watched) or 0),
            )
        self.trace = self.watching.trace if self.watching else Trace()
        self.forward: nn.Module = torch.compile(self.model) if compiled else self.model  # pyright: ignore[reportAttributeAccessIssue]
        state.seed_streams(key(recipe.seed, "dropout"))
        self.loss_sum = self.loss_sum.to(self.device)
        self.first_bad = torch.tensor(-1, device=self.device)
        choices = (
            f"device: {device_line}",
            f"threads: {threads}",
            f"precision: {getattr(recipe.backward, 'precision', 'float32')}",
            f"products: {products}",
            f"kernels: {kernels_status()}",
            f"back-propagation: {compile_line}",
            f"watching: {_watching_line(recipe)}",
        )
        self._open_folder(choices)
        if self.checkpoint is not None:
            self._go_on(self.checkpoint)
        parts = {"train": self.sets.train, "valid": self.sets.valid, "test": self.sets.test}
        samples = {name: len(part) for name, part in parts.items() if part is not None}
        count = sum(p.numel() for p in self.model.parameters() if p.requires_grad)
        yield Started(
            recipe.name,
            recipe.seed,
            self.folder.path if self.folder else None,
            count,
            samples,
            self.epochs,
            self.per_epoch,
            choices,
            self.step,
        )
        for note in self.notes:
            yield Note(note)

    def _choose_backward(self, first: Batch) -> str:
        """Take the written-out pass where it is the same; the line for the log, "" where autograd stays."""
        recipe = self.recipe
        plain = type(recipe.backward) is Backprop and recipe.backward.precision == "float32"
        if (
            not plain
            or not isinstance(recipe.objective, CrossEntropy)
            or self.device.type != "cpu"
            or recipe.compile == "always"
        ):
            return ""
        stack, how = written_out(self.model, recipe.objective.label_smoothing, first.x)
        if stack is None or first.y.dim() != 1 or not agrees(stack, recipe.objective, self.model, first):
            return ""
        self.recipe = dataclasses.replace(recipe, backward=stack)  # pyright: ignore[reportArgumentType]
        return f"{how}; agrees with autograd on the first batch"

    def _open_folder(self, choices: tuple[str, ...]) -> None:
        if self.folder is None:
            return
        if self.checkpoint is None:
            self.folder.metrics.rewind({"bytes": 0, "rows": 0})
            self.folder.write_environment({"choices": list(choices), "threads": torch.get_num_threads()})
        self.trace_file = self.folder.trace(0 if self.checkpoint is None else self.checkpoint.state["trace"])
        self.folder.event(
            "started", step=self.step if self.checkpoint is None else self.checkpoint.step, choices=list(choices)
        )

    # Running.

    def events(self) -> Iterator[Event]:
        """Train; what happens, as it happens. Closes the run folder at the end, also after an error."""
        try:
            yield from self.set_up()
            begun = time.perf_counter()
            with self.signals, self.watching or contextlib.nullcontext():
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

    def advance(self, steps: int) -> float:
        """So many more turns of the cycle and nothing else, for measuring; a figure that is known when all are done."""
        self.steps = self.step + steps
        with self.watching or contextlib.nullcontext():
            while self.step < self.steps:
                for _ in self._epoch():
                    pass
        return float(self.loss_sum)  # waits for the device

    def _run(self) -> Generator[Event, None, tuple[str, int]]:
        """Epoch after epoch; gives back the reason for the end, and the exit code."""
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
            if self.signals.caught is not None:
                self._save()
                return f"interrupted by {self.signals.caught.name}", EXIT_CODES[self.signals.caught]

    def _epoch(self) -> Iterator[Event]:
        """Turn the cycle to the epoch's end, or until a signal."""
        epoch, position = divmod(self.step, self.per_epoch)
        last = min(self.per_epoch, self.steps - epoch * self.per_epoch)
        self._epoch_begun = shown = time.perf_counter()
        turns = cycle(
            self.recipe,
            self.forward,
            self.optimizer,
            self.guard,
            self._batches(epoch, position),
            start=self.step,
            steps=self.steps,
            epoch=epoch,
        )
        self.model.train()
        for tick in turns:
            if tick.finite is not True:  # on a CPU: a step that was not applied; on a GPU: not known yet
                self._suspect(tick)
            self.loss_sum += tick.loss
            if self.watching is not None:
                self.watching.turn(tick.loss)
            self.step += 1
            now = time.perf_counter()
            due = self.recipe.save_every and self.step % self.recipe.save_every == 0
            if self.folder is not None and (due or now - self._saved > SAVE_SECONDS):
                self._save()
            if self.signals.caught is not None or self.step - epoch * self.per_epoch == last:
                return
            if now - shown > 0.2:
                shown = now
                yield Progress(epoch + 1, self.step - epoch * self.per_epoch, self.per_epoch)

    def _suspect(self, tick: Tick) -> None:
        """Raise NonFinite where a step was not finite. On a GPU a look waits for the device: only now and then."""
        finite = torch.as_tensor(tick.finite, device=self.device)
        self.first_bad = torch.where(~finite & (self.first_bad < 0), tick.step, self.first_bad)
        done = tick.step + 1
        if isinstance(tick.finite, bool) or done % 50 == 0 or done % self.per_epoch == 0 or done == self.steps:
            first_bad = int(self.first_bad)  # waits for the device
            if first_bad >= 0:
                raise self._lost(first_bad)

    def _lost(self, step: int) -> NonFinite:
        """A step was not applied: keep the state without it, name the culprit."""
        epoch, number = divmod(step, self.per_epoch)
        batch = edited(self.recipe, next(self._batches(epoch, number)), epoch, step, step / self.steps)
        problem = blame(self.model, self.recipe.objective, batch, step, epoch, number)
        with contextlib.suppress(NonFinite):  # where the weights are bad too, the checkpoint before stays the last
            self._save()
        return problem

    def _end_epoch(self) -> EpochEnded:
        epoch = math.ceil(self.step / self.per_epoch)
        turns = self.step - (epoch - 1) * self.per_epoch
        figures = {"train_loss": float(self.loss_sum) / turns}  # waits for the device
        self.loss_sum.zero_()
        judged = self._judge() if self.sets.valid is not None or self.step == self.steps else None
        if self.sets.valid is not None and judged is not None:
            found = evaluate(judged, self.recipe.objective, self._all(self.sets.valid))
            figures |= {f"valid_{name}": value for name, value in found.items()}
        bad = [name for name, value in figures.items() if not math.isfinite(value)]
        if bad:
            raise NonFinite(
                f"{bad[0]} is NaN or infinite after epoch {epoch}.",
                where=f"step {self.step}",
                why="weights are finite, but an activation overflows.",
                fix="lower optimizer.lr.",
            )
        self.trace.best_by = _best_by(figures)
        self.trace.evaluated(self.step, figures)
        value = figures[self.trace.best_by]
        better = self.sets.valid is not None and is_better(self.trace.best_by, value, self.best)
        if better:
            self.best, self.best_epoch, self.best_step = value, epoch, self.step
            assert judged is not None
            self.best_weights = {k: v.detach().clone() for k, v in judged.state_dict().items()}
        self.evaluated = epoch
        if self.watching and self.watching.trying and self.watching.settled and memory.recall(*self.watched) is None:
            memory.keep(self.watching.every, *self.watched)
        if self.folder is not None:
            self.folder.metrics.append({"epoch": epoch, "step": self.step, **figures})
            self._save(judged, best=better)
        seconds = time.perf_counter() - getattr(self, "_epoch_begun", time.perf_counter())
        if self.folder is not None:
            self.folder.event("epoch", epoch=epoch, step=self.step, seconds=seconds)
        return EpochEnded(
            epoch, self.epochs, self.step, figures | {"lr": self.optimizer.param_groups[0]["lr"]}, better, seconds
        )

    def _finish(self, reason: str, exit_code: int, seconds: float) -> Finished:
        test: dict[str, float] = {}
        if exit_code == 0 and self.sets.test is not None:
            test = {
                f"test_{k}": v
                for k, v in evaluate(self.best_model(), self.recipe.objective, self._all(self.sets.test)).items()
            }
        finished = Finished(
            reason,
            exit_code,
            self.evaluated,
            self.step,
            seconds,
            self.trace.best_by,
            self.best,
            self.best_epoch,
            test,
            self.folder.path if self.folder else None,
        )
        if self.folder is not None:
            verdict = dataclasses.asdict(finished)
            del verdict["run"]  # a run folder may be moved
            self.folder.event("finished", **verdict)
        return finished

    # Batches and evaluation.

    def _batches(self, epoch: int, start: int) -> Iterator[Batch]:
        seed = self.recipe.seed
        visits = order(seed, epoch, len(self.sets.train))
        return batches(
            self.sets.train, visits, self.batch_size, start=start, device=self.device, seed=seed, epoch=epoch
        )

    def _all(self, part: Source) -> Iterator[Batch]:
        size = min(EVALUATION_BATCH, len(part))
        return batches(part, torch.arange(len(part)), size, device=self.device, seed=self.recipe.seed, drop_last=False)

    def _averaging(self) -> EMA | None:
        """The technique that keeps an average of the weights, once it has begun; the last one's."""
        return next((t for t in reversed(self.recipe.after) if isinstance(t, EMA) and t.average), None)

    def _judge(self) -> nn.Module:
        """The model that is evaluated and kept: with averaged weights where they are."""
        averaging = self._averaging()
        if averaging is None:
            return self.model
        judged = copy.deepcopy(self.model)
        judged.load_state_dict(self.model.state_dict() | averaging.average)
        if averaging.recalibrate:
            seen = torch.arange(min(averaging.recalibrate, len(self.sets.train)))
            clean = batches(self.sets.train, seen, min(EVALUATION_BATCH, len(seen)), device=self.device)
            update_bn((batch.x for batch in clean), judged)
        return judged

    def best_model(self) -> nn.Module:
        """A copy of the model with the best weights, in evaluation mode."""
        if self.best_weights is None:
            return copy.deepcopy(self._judge()).eval()
        judged = copy.deepcopy(self.model)
        judged.load_state_dict(self.best_weights)
        return judged.eval()

    # Checkpoints.

    def _save(self, judged: nn.Module | None = None, best: bool = False) -> None:
        """Save a checkpoint. `judged`: the model that was evaluated; its weights are saved beside, where they differ."""
        if self.folder is None:
            return
        folder = self.folder
        rows = self.trace.take()
        self.trace_file.append(rows)
        self.trace_file.flush(fsync=True)
        runs.write_atomic(folder.trace_header, self.trace.header().encode())
        path = runs.save(
            folder.checkpoints,
            self.step,
            self.model.state_dict(),
            state.collect(self, folder),
            average=judged.state_dict() if judged is not None and judged is not self.model else None,
            epoch=self.evaluated,
        )
        runs.point(folder.checkpoints, "last", path)
        if best:
            runs.point(folder.checkpoints, "best", path)
        runs.prune(folder.checkpoints, keep=() if self.best_step is None else (self.best_step,), last=2)
        self._saved = time.perf_counter()

    def _go_on(self, checkpoint: runs.Checkpoint) -> None:
        """Stand where the checkpoint was saved: the records are cut back to it, then all state is put back."""
        assert self.folder is not None
        self.folder.metrics.rewind(checkpoint.state["metrics"])
        for row in self.folder.metrics.rows:
            figures = {k: float(v) for k, v in row.items() if k not in ("epoch", "step")}
            self.trace.evaluated(int(row["step"]), figures)
            self.trace.best_by = _best_by(figures)
        state.put_back(self, checkpoint)
        runs.point(self.folder.checkpoints, "last", checkpoint.path)  # a kill may have come before it was pointed to
        if self.best_step is not None:
            self._restore_best(self.folder, self.best_step)

    def _restore_best(self, folder: runs.RunFolder, step: int) -> None:
        try:
            loaded = runs.load(next(named.path for named in runs.checkpoints(folder.checkpoints) if named.step == step))
        except (StopIteration, RunError) as error:
            self.notes.append(f"the best checkpoint (step {step}) is lost, the search for a best begins anew: {error}")
            self.best = self.best_epoch = self.best_step = None
            return
        self.best_weights = loaded.weights | (loaded.average or {})
        runs.point(folder.checkpoints, "best", loaded.path)


def _best_by(figures: dict[str, float]) -> str:
    """The figure that "best" goes by: accuracy where there is one, else the loss, of the validation set if there is one."""
    return next(name for name in ("valid_accuracy", "valid_loss", "train_loss") if name in figures)


def _classes(output: Tensor, batch: Batch) -> int | None:
    if batch.y.is_floating_point() or output.dim() < 2:
        return None
    return max(2, output.shape[1])


def _watching_line(recipe: Recipe) -> str:
    if not recipe.watch.on:
        return "off"
    how = f"every {recipe.watch.every} steps" if recipe.watch.every else f"at most {recipe.watch.budget:.0%} of a step"
    return f"loss, gradients, updates and activations of every layer, {how}"
