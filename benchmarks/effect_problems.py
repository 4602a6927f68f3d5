"""The problems that techniques are measured on: small, real, without a download. {folder}: where files lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from gradwise import recipefile

Stages = dict[str, Any]  # as a recipe's file has them
# A few hundred steps each: short, so that what a technique is worth early shows; half of the samples test it.
BASE: Stages = {
    "batch_size": 32,
    "epochs": 16,
    "objective": {"name": "CrossEntropy"},
    "backward": {"name": "Backprop"},
    "optimizer": {"name": "SGD", "lr": 0.05, "momentum": 0.9},
    "schedule": {"name": "Constant"},
    "watch": {"on": False},
    "compile": "never",
}
DIGITS = {"name": "Digits", "valid": 0.1, "test": 0.5}
PICTURES = {"name": "ConvNet", "blocks": [[16, 3, 1, True], [32, 3, 1, False]]}


def mlp(*widths: int) -> Stages:
    return {"name": "MLP", "widths": list(widths)}


def table(name: str) -> Stages:
    """One of the files that `effects.py` makes of scikit-learn's sets."""
    return {"name": "NPZ", "path": f"{{folder}}/{name}.npz", "valid": 0.1, "test": 0.5, "normalise": "feature"}


def uneven(name: str) -> Stages:
    """The same where the test part is in the file, with all classes as they come."""
    return table(name) | {"x_test": "x_test", "y_test": "y_test", "test": 0}


def tasks(*, kinds: tuple[str, str], outputs: tuple[int, int], second: str) -> Stages:
    """An objective of two tasks: the kind, and something beside it."""
    return {
        "name": "MultiTask",
        "tasks": [{"name": "CrossEntropy"}, {"name": second}],
        "outputs": list(outputs),
        "names": list(kinds),
    }


DIGIT_TASKS = tasks(kinds=("digit", "parity"), outputs=(10, 2), second="CrossEntropy")
WINE_TASKS = tasks(kinds=("grower", "alcohol"), outputs=(3, 1), second="MeanSquaredError")
SQUARED: Stages = {"objective": {"name": "MeanSquaredError"}, "optimizer": {"name": "SGD", "lr": 0.01, "momentum": 0.9}}
DEEP = (32,) * 12
SLOWER: Stages = {"optimizer": {"name": "SGD", "lr": 0.02, "momentum": 0.9}}

PROBLEMS: dict[str, Stages] = {
    "digits": BASE | {"data": DIGITS, "model": mlp(64, 64, 32, 10)},
    "cancer": BASE | {"data": table("cancer"), "model": mlp(30, 32, 16, 2), "epochs": 30},
    "deep": BASE | {"data": DIGITS, "model": mlp(64, *DEEP, 10)} | SLOWER,
    "deep-cancer": BASE | {"data": table("cancer"), "model": mlp(30, *DEEP, 2), "epochs": 30} | SLOWER,
    "pictures": BASE | {"data": DIGITS | {"image": True}, "model": PICTURES},
    "few-pictures": BASE | {"data": DIGITS | {"image": True, "valid": 0.4}, "model": PICTURES, "epochs": 40},
    "hot": BASE
    | {
        "data": DIGITS,
        "model": mlp(64, 64, 32, 10),
        "optimizer": {"name": "SGD", "lr": 0.3, "momentum": 0.9},
    },
    "hot-cancer": BASE
    | {
        "data": table("cancer"),
        "model": mlp(30, 32, 16, 2),
        "epochs": 30,
        "optimizer": {"name": "SGD", "lr": 1.0, "momentum": 0.9},
    },
    "parity": BASE | {"data": table("parity") | {"normalise": "none"}, "model": mlp(64, 64, 32, 2)},
    "digit-tasks": BASE
    | {"data": table("digit-tasks") | {"normalise": "none"}, "model": mlp(64, 64, 32, 12), "objective": DIGIT_TASKS},
    "wine-tasks": BASE
    | {"data": table("wine-tasks"), "model": mlp(12, 32, 4), "objective": WINE_TASKS, "epochs": 50}
    | {"optimizer": {"name": "SGD", "lr": 0.01, "momentum": 0.9}},
    "diabetes": BASE | {"data": table("diabetes"), "model": mlp(10, 32, 1), "epochs": 30} | SQUARED,
    "alcohol": BASE | {"data": table("alcohol"), "model": mlp(12, 32, 1), "epochs": 50} | SQUARED,
    "rare": BASE | {"data": uneven("rare") | {"normalise": "none"}, "model": mlp(64, 64, 32, 10), "epochs": 24},
    "rare-cancer": BASE | {"data": uneven("rare-cancer"), "model": mlp(30, 32, 16, 2), "epochs": 30},
}
DESCRIPTIONS = {
    "digits": "8 x 8 digits, MLP 64-64-32-10, 16 epochs",
    "cancer": "breast cancer, MLP 30-32-16-2, 30 epochs",
    "deep": "8 x 8 digits, plain stack of 12 hidden layers of 32, 16 epochs",
    "deep-cancer": "breast cancer, plain stack of 12 hidden layers of 32, 30 epochs",
    "pictures": "8 x 8 digits, two convolutions with batch normalisation, 16 epochs",
    "few-pictures": "180 pictures of 8 x 8 digits, two convolutions with batch normalisation, 40 epochs",
    "hot": "8 x 8 digits at a rate far too high (0.3, momentum 0.9), MLP 64-64-32-10, 16 epochs",
    "hot-cancer": "breast cancer at a rate far too high (1, momentum 0.9), MLP 30-32-16-2, 30 epochs",
    "parity": "8 x 8 digits, odd or even, MLP 64-64-32, 16 epochs",
    "digit-tasks": "8 x 8 digits, the digit and whether it is odd, MLP 64-64-32-12, 16 epochs",
    "wine-tasks": "wine, who grew it and its alcohol, MLP 12-32-4, 50 epochs",
    "diabetes": "diabetes, its progress as a number, MLP 10-32-1, 30 epochs",
    "alcohol": "wine, its alcohol as a number, MLP 12-32-1, 50 epochs",
    "rare": "8 x 8 digits, of 0 to 4 an eighth to train on, MLP 64-64-32-10, 24 epochs",
    "rare-cancer": "breast cancer, an eighth of the malignant to train on, MLP 30-32-16-2, 30 epochs",
}
# Networks that are trained once, and teach: problem -> the model.
TEACHERS = {"digits": mlp(64, 256, 128, 10), "cancer": mlp(30, 128, 64, 2)}
TEACHER_EPOCHS = 40
SOURCES = ("digits", "parity")  # networks that are trained once on these problems, for others to begin with
SETS = ("cancer", "parity", "digit-tasks", "wine-tasks", "diabetes", "alcohol", "rare", "rare-cancer")


def placed(thing: Any, folder: Path) -> Any:
    """The same with the folder's name where {folder} stands."""
    if isinstance(thing, dict):
        return {key: placed(value, folder) for key, value in thing.items()}
    if isinstance(thing, list):
        return [placed(value, folder) for value in thing]
    return thing.format(folder=folder) if isinstance(thing, str) else thing


def prepare(folder: Path) -> None:
    """Write scikit-learn's sets as files, and train the teachers, where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    if not all((folder / f"{name}.npz").exists() for name in SETS):
        for name, arrays in sets().items():
            parts = dict(zip(("x", "y", "x_test", "y_test"), arrays, strict=False))
            np.savez(folder / f"{name}.npz", **parts)
    for problem, model in TEACHERS.items():
        path = folder / f"teacher-{problem}.safetensors"
        if not path.exists():
            teach(placed(PROBLEMS[problem], folder) | {"model": model, "epochs": TEACHER_EPOCHS}, path)
    for problem in SOURCES:
        path = folder / f"source-{problem}.safetensors"
        if not path.exists():
            teach(placed(PROBLEMS[problem], folder), path)


def teach(written: Stages, path: Path) -> None:
    from safetensors.torch import save_model

    from gradwise.train import train

    recipe = recipefile.from_dict(written | {"seed": 1000})  # the test part is the same for every seed
    save_model(train(recipe, show=lambda event: None).model, str(path))


def sets() -> dict[str, Any]:
    """Name -> what makes its samples (N, D) and labels (N,) or (N, 2)."""
    from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine

    digits, wine = load_digits(), load_wine()
    pixels, digit = (digits.data / 16).astype(np.float32), digits.target
    alcohol, rest = standard(wine.data[:, 0]), wine.data[:, 1:].astype(np.float32)
    diabetes, cancer = load_diabetes(), load_breast_cancer()
    cells = cancer.data.astype(np.float32)
    return {
        "cancer": (cells, cancer.target),
        "parity": (pixels, digit % 2),
        "digit-tasks": (pixels, np.stack([digit, digit % 2], 1).astype(np.float32)),
        "wine-tasks": (rest, np.stack([wine.target, alcohol], 1).astype(np.float32)),
        "diabetes": (diabetes.data.astype(np.float32), standard(diabetes.target)),
        "alcohol": (rest, alcohol),
        "rare": thinned(pixels, digit, digit < 5),
        "rare-cancer": thinned(cells, cancer.target, cancer.target == 0),
    }


def standard(values: Any) -> Any:
    return ((values - values.mean()) / values.std()).astype(np.float32)


def thinned(x: Any, y: Any, rare: Any) -> tuple[Any, Any, Any, Any]:
    """Half of the samples to test with; of the others, one in eight of those that are to be rare."""
    order = np.random.default_rng(0).permutation(len(x))
    tested, rest = order[: len(x) // 2], order[len(x) // 2 :]
    few = rest[rare[rest]]
    kept = np.sort(np.concatenate([rest[~rare[rest]], few[: len(few) // 8]]))
    return x[kept], y[kept], x[tested], y[tested]
