"""One run of a recipe: the cycle's ordinary caller.

Read top to bottom: set up (`assembly`), then epoch after epoch (turn the cycle, evaluate, save, ask whether to stop),
then the verdict. Everything that a restart needs is in `state`; the place in a run is one number, the steps done.
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

from gradwise import recipefile, runs, saving
from gradwise.assembly import assemble
from gradwise.consult import Consultation
from gradwise.cycle import Tick, cycle
from gradwise.errors import GradwiseError, NonFinite
from gradwise.evaluate import best_by, evaluate, is_better
from gradwise.events import EpochEnded, Event, Finished, Note, Progress, Started
from gradwise.judging import counted, judged, ready
from gradwise.recipe import Recipe, edited, own
from gradwise.signals import EXIT_CODES, Signals
from gradwise.stages import Limiting, Looking
from gradwise.watch import blame

SAVE_SECONDS = 60.0  # at most this much work is lost, however long an epoch


class Training:
    """One run: what it is made of, and where it stands. `events()` runs it."""

    def __init__(
        self, recipe: Recipe, folder: runs.RunFolder | None = None, checkpoint: runs.Checkpoint | None = None
    ) -> None:
        self.recipe = own(recipe)
        self.written = recipefile.to_text(self.recipe)
        self.folder, self.checkpoint = folder, checkpoint
        self.notes: list[str] = []
        self.finished: Finished | None = None
        self.ill = False  # its diagnosis has an error or a warning
        self.step = 0  # done
        self.evaluated = 0  # epochs whose end has been dealt with
        self.loss_sum = torch.zeros((), dtype=torch.float64)
        self.best: float | None = None
        self.best_epoch: int | None = None
        self.best_step: int | None = None
        self.best_weights: dict[str, Tensor] | None = None
        self.signals = Signals()
        self.begun, self.spent_before = time.perf_counter(), 0.0  # seconds of training before a resume

    def set_up(self) -> Iterator[Event]:
        """Make all that the run needs, or stand where its checkpoint was saved; tells what was chosen."""
        if self.folder is not None and self.checkpoint is None:
            self.folder.write_config(self.written)  # first of all: a run killed now can go on
        self.parts = parts = assemble(self.recipe, self.checkpoint)
        self.recipe, self.trace = parts.recipe, parts.trace
        self.limits = [stop for stop in self.recipe.stop if isinstance(stop, Limiting)]
        self.steps, self.per_epoch = parts.supply.steps, parts.supply.per_epoch
        self.ready = ready(self.recipe)
        self.notes += parts.notes
        if self.ready > self.steps:
            self.notes.append(f"no epoch is the best: the run ends at step {self.steps:,}, pruning at {self.ready:,}")
        self.loss_sum = self.loss_sum.to(parts.supply.device)
        self.first_bad = torch.tensor(-1, device=parts.supply.device)
        if self.folder is not None:
            self._open(self.folder, parts.choices)
        sets = {"train": parts.supply.sets.train, "valid": parts.supply.sets.valid, "test": parts.supply.sets.test}
        yield Started(
            recipe=self.recipe.name,
            seed=self.recipe.seed,
            run=self.folder.path if self.folder else None,
            parameters=sum(p.numel() for p in parts.model.parameters() if p.requires_grad),
            samples={name: len(part) for name, part in sets.items() if part is not None},
            epochs=parts.supply.epochs,
            steps_per_epoch=self.per_epoch,
            choices=parts.choices,
            resumed_at=self.step,
        )
        for note in self.notes:
            yield Note(note)

    def _open(self, folder: runs.RunFolder, choices: tuple[str, ...]) -> None:
        """Open the records: at their beginning, or at the place of the checkpoint."""
        checkpoint = self.checkpoint
        if checkpoint is None:
            folder.metrics.rewind({"bytes": 0, "rows": 0})
            folder.write_environment({"choices": list(choices), "threads": torch.get_num_threads()})
        self.trace_file = folder.trace(0 if checkpoint is None else checkpoint.state["trace"])
        folder.event("started", step=self.step if checkpoint is None else checkpoint.step, choices=list(choices))
        if checkpoint is not None:
            saving.go_on(self, folder, checkpoint)

    # Running.

    def events(self) -> Iterator[Event]:
        """Train; what happens, as it happens. Closes the run folder at the end, also after an error."""
        try:
            yield from self.set_up()
            begun = time.perf_counter()
            with self.signals, self._watching():
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
        with self._watching():
            while self.step < self.steps:
                for _ in self._epoch():
                    pass
        return float(self.loss_sum)  # waits for the device

    def _watching(self) -> contextlib.AbstractContextManager[object]:
        return self.parts.watched.watch if self.parts.watched else contextlib.nullcontext()

    def _run(self) -> Generator[Event, None, tuple[str, int]]:
        """Epoch after epoch; gives back the reason for the end, and the exit code."""
        self._saved = self._epoch_begun = self.begun = time.perf_counter()
        consultation = Consultation(self) if self.parts.watched else None
        while True:
            if self.step and (self.step == self.steps or self.step % self.per_epoch == 0 or self._spent()):
                if self.evaluated < math.ceil(self.step / self.per_epoch):
                    yield self._end_epoch()
                    for found in consultation.look() if consultation else ():
                        self.ill = self.ill or found.severity != "note"
                        yield found
                known, whole = counted(self.trace, self.ready), self.step >= self.ready
                asked = (stop for stop in self.recipe.stop if whole or isinstance(stop, Limiting))
                stopping = next((stop for stop in asked if stop(known)), None)
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
            self.parts.forward,
            self.parts.optimizer,
            self.parts.guard,
            self.parts.supply.batches(epoch, position),
            start=self.step,
            steps=self.steps,
            epoch=epoch,
        )
        self.parts.model.train()
        watching = self.parts.watched.watch if self.parts.watched else None
        for tick in turns:
            if tick.finite is not True:  # on a CPU: a step that was not applied; on a GPU: not known yet
                self._suspect(tick)
            self.loss_sum += tick.loss
            if watching is not None:
                watching.turn(tick.loss)
            self.step += 1
            now = time.perf_counter()
            due = self.recipe.save_every and self.step % self.recipe.save_every == 0
            if self.folder is not None and (due or now - self._saved > SAVE_SECONDS):
                self._save()
            if self.signals.caught is not None or self.step - epoch * self.per_epoch == last or self._spent():
                return
            if now - shown > 0.2:
                shown = now
                yield Progress(epoch + 1, self.step - epoch * self.per_epoch, self.per_epoch)

    def _spent(self) -> bool:
        """Does a budget end the run here, in the middle of an epoch perhaps?"""
        return any(
            limit.spent(self.step, self.spent_before + time.perf_counter() - self.begun) for limit in self.limits
        )

    def _suspect(self, tick: Tick) -> None:
        """Raise NonFinite where a step was not finite. On a GPU a look waits for the device: only now and then."""
        finite = torch.as_tensor(tick.finite, device=self.first_bad.device)
        self.first_bad = torch.where(~finite & (self.first_bad < 0), tick.step, self.first_bad)
        done = tick.step + 1
        if isinstance(tick.finite, bool) or done % 50 == 0 or done % self.per_epoch == 0 or done == self.steps:
            first_bad = int(self.first_bad)  # waits for the device
            if first_bad >= 0:
                raise self._lost(first_bad)

    def _lost(self, step: int) -> NonFinite:
        """A step was not applied: keep the state without it, name the culprit."""
        epoch, number = divmod(step, self.per_epoch)
        batch = edited(self.recipe, next(self.parts.supply.batches(epoch, number)), epoch, step, step / self.steps)
        with contextlib.suppress(NonFinite):  # where the weights are bad too, the checkpoint before stays the last
            self._save()  # before the culprit is looked for: that runs the step again, dropout and statistics too
        return blame(self.parts.model, self.recipe.objective, batch, step, epoch, number)

    def _end_epoch(self) -> EpochEnded:
        """Evaluate, record, save."""
        epoch = math.ceil(self.step / self.per_epoch)
        valid = self.parts.supply.sets.valid
        model = judged(self.parts) if valid is not None or self.step == self.steps or self._spent() else None
        figures = self._figures(epoch, model)
        self.trace.best_by = best_by(figures)
        self.trace.evaluated(self.step, figures)
        self.trace.seconds = self.spent_before + time.perf_counter() - self.begun
        if isinstance(self.recipe.schedule, Looking):
            self.recipe.schedule.look(self.trace)
        value = figures[self.trace.best_by]
        better = valid is not None and self.step >= self.ready and is_better(self.trace.best_by, value, self.best)
        if better:
            self.best, self.best_epoch, self.best_step = value, epoch, self.step
            assert model is not None
            self.best_weights = {k: v.detach().clone() for k, v in model.state_dict().items()}
        self.evaluated = epoch
        if self.parts.watched is not None:
            self.parts.watched.remember()
        if self.folder is not None:
            self.folder.metrics.append({"epoch": epoch, "step": self.step, **figures})
            self._save(model, best=better)
        seconds = time.perf_counter() - self._epoch_begun
        if self.folder is not None:
            self.folder.event("epoch", epoch=epoch, step=self.step, seconds=seconds)
        figures["lr"] = self.parts.optimizer.param_groups[0]["lr"]
        return EpochEnded(epoch, self.parts.supply.epochs, self.step, figures, better, seconds)

    def _figures(self, epoch: int, model: nn.Module | None) -> dict[str, float]:
        """The epoch's mean loss and the validation set's figures. Raises NonFinite."""
        turns = self.step - (epoch - 1) * self.per_epoch
        figures = {"train_loss": float(self.loss_sum) / turns}  # waits for the device
        self.loss_sum.zero_()
        valid = self.parts.supply.sets.valid
        if valid is not None and model is not None:
            found = evaluate(model, self.recipe.objective, self.parts.supply.all(valid))
            figures |= {f"valid_{name}": value for name, value in found.items()}
        bad = next((name for name, value in figures.items() if not math.isfinite(value)), None)
        if bad:
            raise NonFinite(
                f"{bad} is NaN or infinite after epoch {epoch}.",
                where=f"step {self.step}",
                why="weights are finite, but an activation overflows.",
                fix="lower optimizer.lr.",
            )
        return figures

    def _finish(self, reason: str, exit_code: int, seconds: float) -> Finished:
        """The verdict, with the figures of the test set where there is one."""
        figures: dict[str, float] = {}
        test = self.parts.supply.sets.test
        if exit_code == 0 and test is not None:
            figures = evaluate(self.best_model(), self.recipe.objective, self.parts.supply.all(test))
        finished = Finished(
            reason=reason,
            exit_code=exit_code,
            epochs=self.evaluated,
            steps=self.step,
            seconds=seconds,
            metric=self.trace.best_by,
            best=self.best,
            best_epoch=self.best_epoch,
            test={f"test_{name}": value for name, value in figures.items()},
            run=self.folder.path if self.folder else None,
        )
        if self.folder is not None:
            verdict = dataclasses.asdict(finished)
            del verdict["run"]  # a run folder may be moved
            self.folder.event("finished", **verdict)
        return finished

    # What is judged, kept and saved.

    def best_model(self) -> nn.Module:
        """A copy of the model with the best weights, in evaluation mode."""
        if self.best_weights is None:
            return copy.deepcopy(judged(self.parts)).eval()
        model = copy.deepcopy(self.parts.model)
        model.load_state_dict(self.best_weights)
        return model.eval()

    def _save(self, model: nn.Module | None = None, best: bool = False) -> None:
        if self.folder is not None:
            saving.save(self, self.folder, model, best)
            self._saved = time.perf_counter()
