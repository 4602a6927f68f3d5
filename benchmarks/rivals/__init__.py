"""The same training, written by hand or with a rival's library: MNIST, 784-256-128-10 ReLU, Adam 1e-3.

One file per rival, one class per entry. A class has this interface and no base class:

    __init__(self, task: Task)          reads the data, builds the network and its optimizer
    train(self, steps: int) -> float    trains exactly so many more steps, waits for the device, returns a late loss
    note: str                           optional: a choice made while it ran, printed below the table

The file is imported in a process of its own, in which the number of threads has been settled beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec


@dataclass(frozen=True)
class Task:
    batch: int
    threads: int
    seed: int = 0


@dataclass(frozen=True)
class Entry:
    module: str
    kind: str
    needs: tuple[str, ...]

    def missing(self) -> list[str]:
        return [library for library in self.needs if find_spec(library) is None]


RIVALS: dict[str, Entry] = {
    "plain": Entry("rivals.plain", "Plain", ("torch",)),
    "plain_tensors": Entry("rivals.plain", "PlainTensors", ("torch",)),
    "hand_tuned": Entry("rivals.hand_tuned", "HandTuned", ("torch",)),
    "compiled": Entry("rivals.compiled", "Compiled", ("torch",)),
    "compiled_step": Entry("rivals.compiled", "CompiledStep", ("torch",)),
    "lightning": Entry("rivals.with_lightning", "Lightning", ("torch", "lightning")),
    "lightning_tuned": Entry("rivals.with_lightning", "LightningTuned", ("torch", "lightning")),
    "skorch": Entry("rivals.with_skorch", "Skorch", ("torch", "skorch")),
    "keras_torch": Entry("rivals.keras_torch", "KerasTorch", ("keras", "torch")),
    "keras_jax": Entry("rivals.keras_jax", "KerasJax", ("keras", "jax")),
    "gradwise": Entry("rivals.with_gradwise", "Gradwise", ("torch", "gradwise")),
    "gradwise_dense": Entry("rivals.with_gradwise", "GradwiseDense", ("torch", "gradwise")),
    "gradwise_watched": Entry("rivals.with_gradwise", "GradwiseWatched", ("torch", "gradwise")),
    "jax_scan": Entry("rivals.jax_scan", "JaxScan", ("jax",)),
}
