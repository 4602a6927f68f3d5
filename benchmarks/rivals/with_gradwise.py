"""Gradwise's own loop as `gradwise train mnist` runs it, unwatched and with every layer watched at every step."""

from __future__ import annotations

from gradwise.data import MNIST, Normalise
from gradwise.model import MLP
from gradwise.recipe import Recipe, Watching
from gradwise.training import Training
from rivals import Task
from rivals.torch_parts import settle


class Gradwise:
    watching = Watching(on=False)
    normalise: Normalise = "unit"

    def __init__(self, task: Task) -> None:
        settle(task)
        network = MLP(widths=(784, 256, 128, 10))
        data = MNIST(normalise=self.normalise)
        recipe = Recipe(data=data, model=network, seed=task.seed, batch_size=task.batch, watch=self.watching)
        self.training = Training(recipe)
        self.note = next(iter(self.training.set_up())).choices[5]

    def train(self, steps: int) -> float:
        return self.training.advance(steps)


class GradwiseWatched(Gradwise):
    watching = Watching(every=1)


class GradwiseDense(Gradwise):
    """Inputs of mean 0, none of which is 0: nothing can be skipped."""

    normalise: Normalise = "global"
