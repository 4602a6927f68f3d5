"""The studies of `claims.py`: recipes against each other, or finished runs against what was made of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from gradwise import recipefile
from gradwise.compress import costs, in_8_bits
from gradwise.experiment import compare
from gradwise.experiment.trials import Outcome
from gradwise.fusion import figures_of, fuse, member
from gradwise.recipe import Recipe, replaced
from gradwise.runs import RunFolder
from gradwise.training import Training

Stages = dict[str, Any]


@dataclass
class Arm:
    """What was measured under one name, seed by seed: a test accuracy, and whatever costs go beside it."""

    values: list[float] = field(default_factory=list)
    beside: dict[str, list[float]] = field(default_factory=dict)  # "weights", "KiB", "ms a sample", "CPU s"

    def add(self, value: float, **beside: float) -> None:
        self.values.append(value)
        for name, figure in beside.items():
            self.beside.setdefault(name, []).append(figure)


Arms = dict[str, Arm]  # the first is what the others are held against
Study = Callable[[Path, int], Arms]

MNIST: Stages = {
    "data": {"name": "MNIST", "normalise": "unit", "valid": "1/12"},  # a fold: the same for every seed
    "model": {"name": "MLP", "widths": [784, 256, 128, 10]},
    "batch_size": 64,
    "epochs": 10,
    "optimizer": {"name": "Adam", "lr": 0.001},
    "schedule": {"name": "Cosine"},
    "watch": {"on": False},
}
EPOCH = 55000 // 64
GARMENTS: Stages = MNIST | {"data": MNIST["data"] | {"name": "FashionMNIST"}}


def made(stages: Stages, **changes: Any) -> Recipe:
    return recipefile.from_dict(stages | changes)


def trained(name: str, recipe: Recipe, folder: Path) -> Path:
    """The folder of a run that is made once."""
    place = folder / "runs" / name
    if not (place / "done").exists():
        training = Training(replaced(recipe, name=name), RunFolder.create_at(place))
        for _ in training.events():
            pass
        training.signals.raise_caught()
        (place / "done").touch()
    return place


def compared(recipes: Mapping[str, Recipe], folder: Path, seeds: int) -> Arms:
    def show(outcome: Outcome, done: int, most: int) -> None:
        print(f"  {done}/{most} {outcome.label} {outcome.figures.get('test_accuracy', outcome.failed)}", flush=True)

    found = compare(recipes, seeds, folder=folder, metric="test_accuracy", jobs=1, show=show)
    arms: Arms = {label: Arm() for label in recipes}
    for label, outcomes in found.outcomes.items():
        for _, outcome in sorted(outcomes.items()):
            arms[label].add(outcome.figures["test_accuracy"], **{"CPU s": outcome.cpu})
    return arms


def distillation(folder: Path, seeds: int) -> Arms:
    """The textbook network on MNIST, a tenth of its teacher's weights; the teacher saw the images shifted, too.

    As Hinton et al. 2015 (arXiv:1503.02531, section 3) had it: what the teacher knows of shifted images is in its
    answers to others. Temperature and share are the technique's own, 4 and 0.7. The last two arms see shifted images.
    """
    pictures: Stages = MNIST | {"data": MNIST["data"] | {"image": True}, "batch_size": 128}
    shifted: Stages = {"batch": [{"name": "RandomCrop", "padding": 2}]}
    teacher: Stages = {"name": "MLP", "widths": [784, 1200, 1200, 10]}
    taught = trained("teacher", made(pictures | shifted, model=teacher, epochs=12, seed=100), folder)
    weights = max((taught / "checkpoints").glob("*/weights.safetensors"))
    learns: Stages = {"objective": {"name": "Distill", "teachers": [teacher], "weights": [str(weights)]}}
    recipes = {
        "student alone": made(pictures),
        "distilled": made(pictures | learns),
        "student alone, shifted images": made(pictures | shifted),
        "distilled, shifted images": made(pictures | shifted | learns),
    }
    arms = compared(recipes, folder, seeds)
    arms["the teacher (one run)"] = Arm([figures(taught)["test_accuracy"]])
    return arms


def compression(folder: Path, seeds: int) -> Arms:
    """The textbook network on MNIST: weights taken away along the way, whole units, whole numbers of 8 bits."""
    arms: Arms = {}
    for seed in range(seeds):
        whole = trained(f"whole-{seed}", made(MNIST, seed=seed), folder)
        variants = {"whole": member(whole).model}
        for share in (0.9, 0.95, 0.98):
            prune: Stages = {"name": "Prune", "sparsity": share, "begin": EPOCH, "end": 6 * EPOCH}
            run = trained(f"pruned-{share}-{seed}", made(MNIST, after=[prune], seed=seed), folder)
            variants[f"{share:.0%} of the weights pruned"] = member(run).model
        begun: list[Stages] = [{"name": "Transfer", "source": str(whole), "fresh": 0}]
        for share in (0.5, 0.75):
            surgery = [*begun, {"name": "PruneUnits", "share": share}]
            run = trained(f"units-{share}-{seed}", made(MNIST, surgery=surgery, epochs=3, seed=seed), folder)
            variants[f"{share:.0%} of the units pruned, 3 epochs on"] = member(run).model
        eight = in_8_bits(whole)
        variants["8 bits after training"] = eight.models["int8"]
        one = member(whole)
        x = next(one.fed.batches(0, 0)).x
        spent = costs(variants, x, sizes=(1, 64))
        for label, model in variants.items():
            cost, test = spent[label], figures_of(model, one)["test_accuracy"]
            arms.setdefault(label, Arm()).add(
                test,
                weights=cost.parameters - cost.zeros,
                **{"KiB packed": cost.packed / 1024, "ms, 1": cost.milliseconds[1], "ms, 64": cost.milliseconds[64]},
            )
        aware = trained(f"aware-{seed}", made(MNIST, surgery=[{"name": "QuantisationAware"}], seed=seed), folder)
        arms.setdefault("8 bits while training", Arm()).add(figures(aware)["test_accuracy"])
    return arms


def transfer(folder: Path, seeds: int) -> Arms:
    """Three new alphabets of Omniglot, five drawings of each letter, after 964 letters of thirty other alphabets."""
    data = letters(folder)
    net: Stages = {"name": "ConvNet", "blocks": [[32, 3, 1, True], [64, 3, 1, True], [64, 3, 1, True]]}
    first: Stages = MNIST | {
        "data": {"name": "NPZ", "path": str(data / "known.npz"), "normalise": "unit", "valid": "1/20"},
        "model": net | {"classes": 964},
        "optimizer": {"name": "Adam", "lr": 0.002},
        "epochs": 5,
        "seed": 100,
    }
    source = trained("known", made(first), folder)
    few = np.load(data / "new.npz")
    entry: Stages = {"name": "NPZ", "path": str(data / "new.npz"), "normalise": "unit"}
    new: Stages = first | {
        "data": entry | {"x_test": "x_test", "y_test": "y_test", "valid": 0},
        "model": net | {"classes": int(few["y"].max()) + 1},
        "batch_size": 32,
        "epochs": 25,
        "seed": 0,
    }
    begun: Stages = {"name": "Transfer", "source": str(source)}
    steps = len(few["y"]) // 32
    rates: Stages = new["optimizer"] | {"name": "AdamW", "weight_decay": 0, "layer_decay": 0.5}
    recipes = {
        "from nothing": made(new),
        "transferred": made(new, surgery=[begun]),
        "transferred, all but the last frozen": made(new, surgery=[begun, {"name": "Freeze"}]),
        "transferred, freed layer by layer": made(
            new, surgery=[begun], backward={"name": "Unfreeze", "every": 5 * steps}
        ),
        "transferred, halved rate per layer": made(new, surgery=[begun], optimizer=rates),
    }
    return compared(recipes, folder, seeds)


def fusion(folder: Path, seeds: int) -> Arms:
    """Three networks on Fashion-MNIST, each group begun alike, as one; and three that began each by themselves."""
    arms: Arms = {}
    for seed in range(seeds):
        start = trained(f"start-{seed}", made(GARMENTS, epochs=3, seed=seed), folder)
        tuned = [
            trained(
                f"tuned-{seed}-{number}",
                made(
                    GARMENTS,
                    surgery=[{"name": "Transfer", "source": str(start), "fresh": 0}],
                    optimizer={"name": "Adam", "lr": lr},
                    epochs=4,
                    seed=1000 + 10 * seed + number,
                ),
                folder,
            )
            for number, lr in enumerate((0.0005, 0.001, 0.002))
        ]
        alone = [
            trained(f"alone-{seed}-{number}", made(GARMENTS, epochs=7, seed=1000 + 10 * seed + number), folder)
            for number in range(3)
        ]
        for group, runs in (("begun alike", tuned), ("begun apart", alone)):
            best = max(map(figures, runs), key=lambda found: found["valid_accuracy"])
            arms.setdefault(f"{group}: best part, by validation", Arm()).add(best["test_accuracy"])
            for method in ("uniform", "aligned", "greedy", "ensemble"):
                name = f"{group}: {method}" + (" soup" if method != "ensemble" else "")
                arms.setdefault(name, Arm()).add(fuse(runs, method).figures["test_accuracy"])
    return arms


def averages(folder: Path, seeds: int) -> Arms:
    """Averages along the way on Fashion-MNIST, where the rate stays as it is; and a rate that falls."""
    steady: Stages = GARMENTS | {"schedule": {"name": "Constant"}}
    recipes = {
        "constant rate": made(steady),
        "EMA 0.999": made(steady, after=[{"name": "EMA", "decay": 0.999}]),
        "SWA over the last quarter": made(steady, after=[{"name": "SWA", "begin": 7 * EPOCH, "every": EPOCH // 4}]),
        "Lookahead": made(steady, after=["Lookahead"]),
        "cosine": made(GARMENTS),
    }
    return compared(recipes, folder, seeds)


STUDIES: dict[str, Study] = {
    "distillation": distillation,
    "compression": compression,
    "transfer": transfer,
    "fusion": fusion,
    "averages": averages,
}


# Their parts.


def figures(run: Path) -> dict[str, float]:
    one = member(run)
    return figures_of(one.model, one)


def letters(folder: Path) -> Path:
    """Omniglot as bytes of 28 x 28: known.npz, and new.npz with five drawings of each letter, and fifteen to test."""
    root = Path(os.environ["GRADWISE_DATA"]) / "omniglot" / "omniglot-py"
    place = folder / "letters"
    if (place / "new.npz").exists():
        return place
    place.mkdir(parents=True, exist_ok=True)
    known = [letter for alphabet in below(root / "images_background") for letter in below(alphabet)]
    new = [letter for alphabet in below(root / "images_evaluation")[:3] for letter in below(alphabet)]
    drawings = [pictures(letter) for letter in known]
    np.savez(place / "known.npz", x=np.concatenate(drawings), y=labels(drawings))
    drawings = [pictures(letter) for letter in new]
    train, test = [each[:5] for each in drawings], [each[5:] for each in drawings]
    arrays = {"x": np.concatenate(train), "y": labels(train), "x_test": np.concatenate(test), "y_test": labels(test)}
    np.savez(place / "new.npz", **arrays)
    return place


def below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


def pictures(letter: Path) -> np.ndarray:
    """(20, 1, 28, 28) bytes, ink 255."""
    drawn = [
        Image.open(path).convert("L").resize((28, 28), Image.Resampling.BOX) for path in sorted(letter.glob("*.png"))
    ]
    return 255 - np.stack([np.asarray(each) for each in drawn])[:, None]


def labels(drawings: Sequence[np.ndarray]) -> np.ndarray:
    return np.repeat(np.arange(len(drawings)), [len(each) for each in drawings])
