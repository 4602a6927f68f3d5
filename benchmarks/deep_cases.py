"""What is put into plain deep stacks by deep.py: each technique that textbooks name against the vanishing gradient.

Settings are usual ones. What is chosen is the rate alone, for each technique, activation and depth by itself, from
three, with more than 10 layers four, that lie a factor of 5 apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gradwise import recipefile
from gradwise.data import MNIST
from gradwise.data.sets import Arrays
from gradwise.recipe import Recipe

Stages = dict[str, Any]  # as a recipe's file has them
ACTIVATIONS = ("sigmoid", "tanh", "relu")
DEPTHS = (10, 30, 100)  # of the table
RANGE = (2, 3, 5, 10, 20, 30, 50, 100)  # of the plain network
WIDTH = 64
TRAINED = 22_000
SUBSET: Stages = {"name": "NPZ", "valid": 2_000, "x_test": "x_test", "y_test": "y_test", "normalise": "global"}
GRIDS: dict[str, tuple[float, ...]] = {
    "SGD": (0.04, 0.2, 1.0),
    "Adam": (0.0004, 0.002, 0.01),
    "Adagrad": (0.004, 0.02, 0.1),
    "Adadelta": (1.0, 5.0, 25.0),
    "Lion": (0.0001, 0.0005, 0.0025),
    "Muon": (0.004, 0.02, 0.1),
    "LARS": (0.4, 2.0, 10.0),
    "LAMB": (0.004, 0.02, 0.1),
}
MOMENTUM = (0.008, 0.04, 0.2)
SIGN = (0.0001, 0.0005, 0.0025)
UNIT = (0.01, 0.05, 0.25)
HIGH = (5.0, 25.0, 125.0)


@dataclass(frozen=True)
class Technique:
    """One row of the table: what it changes in the plain recipe, for the activations that it has settings for."""

    name: str  # in folders and rows
    title: str  # on the page
    group: str
    stages: dict[str, Stages]  # by activation
    rates: tuple[float, ...] = ()  # () for its optimizer's
    depths: tuple[int, ...] = DEPTHS

    def grid(self, activation: str, depth: int) -> tuple[float, ...]:
        """The rates to choose from: where networks are deep a lower one too, for there the lowest was the best."""
        name = self.stages[activation].get("optimizer", {}).get("name", "SGD")
        rates = self.rates or GRIDS.get(name, GRIDS["Adam"])
        return rates if depth <= 10 else (float(f"{rates[0] / 5:.1g}"), *rates)


def plain(**stages: Any) -> dict[str, Stages]:
    """The same change, whatever the activation."""
    return dict.fromkeys(ACTIVATIONS, stages)


def surgery(*entries: Any) -> dict[str, Stages]:
    return plain(surgery=list(entries))


def starts(**settings: Stages) -> dict[str, Stages]:
    """An initialisation with settings of its own for each activation."""
    return {activation: {"surgery": [entry]} for activation, entry in settings.items()}


def swapped(kind: str, initialise: bool = True) -> dict[str, Stages]:
    """For sigmoids alone: what comes of it is the same network, whatever was there before."""
    return {"sigmoid": {"surgery": [{"name": "Activation", "kind": kind, "initialise": initialise}]}}


def optimizer(name: str, **settings: Any) -> dict[str, Stages]:
    return plain(optimizer={"name": name, **settings})


def gradient(name: str, **settings: Any) -> dict[str, Stages]:
    return plain(gradient=[{"name": name, **settings}])


def after(name: str, **settings: Any) -> dict[str, Stages]:
    return plain(after=[{"name": name, **settings}])


def orthonormal(gain: float) -> Stages:
    return {"name": "Orthonormal", "gain": gain}


BATCH: Stages = {"name": "Normalisation", "kind": "batch"}
LAYER: Stages = {"name": "Normalisation", "kind": "layer"}
RESIDUAL: Stages = {"name": "Residual", "every": 2}
START, NORM, SHORTCUT, SWAP = "initialisation", "normalisation", "shortcuts", "another activation"
CLIP, SCALE, DECAY, STEP = "clipping", "the gradient's size", "penalties and decay", "optimizer"
RATE, WEIGHTS = "learning rate", "weights and units"

PLAIN = Technique("plain", "none", "", plain(), depths=RANGE)
TECHNIQUES = (
    PLAIN,
    Technique("zeros", "zeros", START, surgery("Zeros")),
    Technique("normal", "normal, 0.01", START, surgery({"name": "Normal", "std": 0.01})),
    Technique("xavier", "Xavier", START, surgery("Xavier")),
    Technique("xavier-gain", "Xavier, gain 4", START, starts(sigmoid={"name": "Xavier", "gain": 4.0})),
    Technique("he", "He", START, surgery("He")),
    Technique(
        "orthonormal",
        "orthonormal",
        START,
        starts(sigmoid=orthonormal(1.0), tanh=orthonormal(1.0), relu=orthonormal(2**0.5)),
    ),
    Technique("lsuv", "LSUV", START, surgery("LSUV")),
    Technique("batch-norm", "batch normalisation", NORM, surgery(BATCH)),
    Technique("layer-norm", "layer normalisation", NORM, surgery(LAYER)),
    Technique("residual", "residual", SHORTCUT, surgery(RESIDUAL)),
    Technique("zero-residual", "residual, branches start at 0", SHORTCUT, surgery(RESIDUAL, "ZeroInitResidual")),
    Technique("norm-residual", "residual and batch normalisation", SHORTCUT, surgery(BATCH, RESIDUAL)),
    Technique("relu-alone", "ReLU, same start", SWAP, swapped("relu", initialise=False)),
    Technique("relu", "ReLU, He", SWAP, swapped("relu")),
    Technique("leaky-relu", "LeakyReLU, He", SWAP, swapped("leaky-relu")),
    Technique("selu", "SELU, its own start", SWAP, swapped("selu")),
    Technique("gelu", "GELU, He", SWAP, swapped("gelu")),
    Technique("clip-norm", "clip by norm, 1", CLIP, gradient("ClipNorm", max_norm=1.0)),
    Technique("clip-value", "clip by value, 0.01", CLIP, gradient("ClipValue", limit=0.01)),
    Technique("adaptive-clip", "adaptive clip, 0.05", CLIP, gradient("AdaptiveClip", share=0.05, spared=2)),
    Technique("sign", "sign", SCALE, gradient("Sign"), SIGN),
    Technique("unit-norm", "unit length, all together", SCALE, gradient("UnitNorm"), UNIT),
    Technique("unit-norm-each", "unit length, each matrix", SCALE, gradient("UnitNorm", over="parameter"), UNIT),
    Technique("l1", "L1, 1e-5", DECAY, plain(objective={"name": "L1", "strength": 1e-5})),
    Technique("l2", "L2, 1e-4", DECAY, plain(objective={"name": "L2", "strength": 1e-4})),
    Technique("weight-decay", "weight decay, 5e-4", DECAY, optimizer("SGD", weight_decay=5e-4)),
    Technique("momentum", "momentum, 0.9", STEP, optimizer("SGD", momentum=0.9), MOMENTUM),
    Technique("nesterov", "Nesterov, 0.9", STEP, optimizer("SGD", momentum=0.9, nesterov=True), MOMENTUM),
    Technique("adagrad", "Adagrad", STEP, optimizer("Adagrad")),
    Technique("rmsprop", "RMSprop", STEP, optimizer("RMSprop")),
    Technique("adadelta", "Adadelta", STEP, optimizer("Adadelta")),
    Technique("adam", "Adam", STEP, optimizer("Adam")),
    Technique("nadam", "NAdam", STEP, optimizer("NAdam")),
    Technique("radam", "RAdam", STEP, optimizer("RAdam")),
    Technique("lion", "Lion", STEP, optimizer("Lion")),
    Technique("muon", "Muon", STEP, optimizer("Muon")),
    Technique("lars", "LARS", STEP, optimizer("LARS")),
    Technique("lamb", "LAMB", STEP, optimizer("LAMB")),
    Technique("higher-rate", "a higher rate, 5 to 125", RATE, plain(), HIGH),
    Technique("warm-up", "warm-up", RATE, plain(schedule={"name": "WarmUp", "share": 0.1, "then": "constant"})),
    Technique("cosine", "cosine", RATE, plain(schedule={"name": "Cosine"})),
    Technique("one-cycle", "one cycle", RATE, plain(schedule={"name": "OneCycle"})),
    Technique("longer", "ten times the steps", RATE, plain(epochs=10.0), depths=(10,)),
    Technique("weight-clip", "weight clipping, 0.3", WEIGHTS, after("WeightClip", limit=0.3)),
    Technique("max-norm", "max-norm, 2", WEIGHTS, after("MaxNorm", limit=2.0)),
    Technique("prune", "pruning, half", WEIGHTS, after("Prune", sparsity=0.5, begin=30, end=200, every=10)),
    Technique("round", "rounding, 12 bits", WEIGHTS, after("Round", bits=12)),
    Technique("dropout", "dropout, 0.2", WEIGHTS, surgery({"name": "Dropout", "share": 0.2})),
)
NAMED = {technique.name: technique for technique in TECHNIQUES}


def recipe_of(
    technique: Technique, activation: str, depth: int, rate: float, seed: int, data: Path, watch: bool
) -> Recipe:
    """The built-in recipe at this depth and with these data, with the technique at this rate."""
    changes = dict(technique.stages[activation])
    built_in = recipefile.to_dict(recipefile.load(f"deep-{activation}"))
    made: Stages = {
        "name": f"{technique.name} {activation} {depth}",
        "seed": seed,
        "data": SUBSET | {"path": str(data)},
        "model": built_in["model"] | {"widths": [784, *[WIDTH] * depth, 10]},
        "epochs": 1.0,
        "optimizer": {"name": "SGD"} | changes.pop("optimizer", {}) | {"lr": rate},
        "watch": {"on": watch},
        "compile": "never",
    }
    return recipefile.from_dict(built_in | made | changes)


def prepare(file: Path) -> None:
    """A part of MNIST that is quickly read: 22,000 images to learn from and hold out, 5,000 to test."""
    if file.exists():
        return
    whole = MNIST()(0)
    assert isinstance(whole.train, Arrays)
    assert isinstance(whole.test, Arrays)
    parts = {
        "x": whole.train.x[:TRAINED],
        "y": whole.train.y[:TRAINED],
        "x_test": whole.test.x[::2],  # the first half of them is the easier one
        "y_test": whole.test.y[::2],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(file, allow_pickle=False, **{name: part.numpy() for name, part in parts.items()})
