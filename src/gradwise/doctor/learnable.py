"""Do the inputs say anything about the targets? Simple models, cross-validated, on samples that the network was given;
and how much of that the network itself has learnt.

Explained is the share of what a constant prediction gets wrong: R squared for numbers, and for C classes
(mean recall - 1 / C) / (1 - 1 / C); 0 is nothing, 1 everything.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradwise.doctor.probes import Subject, steady

Numbers = NDArray[np.float64]
SAMPLES = 1024
FEATURES = 64
RAW = 1024  # features of a sample before they are reduced
FEWEST = 60  # samples
PERMUTATIONS = 500
FOLDS = 4


class Table(NamedTuple):
    """Samples as rows."""

    x: Numbers  # (N, D)
    y: NDArray[Any]  # (N,) classes or (N, K) numbers
    classes: bool
    rows: list[tuple[int, int]]  # batch and row that each came from


class Explained(NamedTuple):
    """How much of the targets models explain on samples they were not fitted to."""

    simple: float
    p: float  # that so much comes about by chance
    stronger: float
    stronger_p: float


def explain(table: Table, late: Callable[[], bool] = lambda: False) -> Explained:
    """Neighbours and a linear model, then, unless it is late, a random forest."""
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    near = min(10, len(table.x) // 8)
    forest: dict[str, Any] = {"n_estimators": 60, "min_samples_leaf": 2, "random_state": 0, "n_jobs": 1}
    if table.classes:
        simple = [KNeighborsClassifier(near), LogisticRegression(C=0.3, max_iter=200)]
        strong: Any = RandomForestClassifier(**forest)
    else:
        simple = [KNeighborsRegressor(near), Ridge(10.0)]
        strong = RandomForestRegressor(**forest, max_features=0.4)
    found = [_judged(model, table) for model in simple]
    best, p = max(found, key=lambda each: each[0])
    p = min(1.0, p * len(found))
    stronger = (best, p) if late() else max((best, p), _judged(strong, table), key=lambda each: each[0])
    return Explained(best, p, *stronger)


def explained(y: NDArray[Any], prediction: NDArray[Any], classes: bool) -> float:
    """The share that predictions explain, at least 0. Of classes: each counts alike, however rare it is."""
    if classes:
        kinds = np.unique(y)
        recalled = float(np.mean([(prediction[y == kind] == kind).mean() for kind in kinds]))
        return max(0.0, (recalled - 1 / len(kinds)) / (1 - 1 / len(kinds)))
    rest = ((y - prediction) ** 2).mean(0)
    spread = y.var(0)
    shares = 1 - rest[spread > 0] / spread[spread > 0]
    return max(0.0, float(np.nan_to_num(shares, nan=0.0, neginf=0.0).mean())) if len(shares) else 0.0


def likeliest(y: NDArray[Any], probabilities: Numbers) -> NDArray[Any]:
    """The class that is likelier than by its frequency: a rare one is named too. Probabilities (N, classes in y)."""
    kinds, counts = np.unique(y, return_counts=True)
    return kinds[(probabilities / counts).argmax(1)]


def fitted(subject: Subject, samples: Table) -> float | None:
    """How much a network explains on the same samples."""
    assert subject.final is not None
    with torch.no_grad():
        module = steady(copy.deepcopy(subject.final))
        outputs = [subject.way(module(*b.args, **b.kwargs)).detach().float().cpu() for b in subject.batches]
    if any(output.ndim == 0 or len(output) != b.rows for output, b in zip(outputs, subject.batches, strict=True)):
        return None
    rows = torch.stack([outputs[b][i].reshape(-1) for b, i in samples.rows]).double()  # (N, outputs)
    if not samples.classes:
        return explained(samples.y, rows.numpy(), False) if rows.shape[1] == samples.y.shape[1] else None
    if rows.shape[1] == 1:
        one = rows.sigmoid() if subject.loss == "binary_cross_entropy_with_logits" else rows.clamp(0, 1)
        likely = torch.cat([1 - one, one], 1)
    else:
        scores = subject.loss in ("cross_entropy", "nll_loss", "kl_div", "binary_cross_entropy_with_logits")
        likely = rows.softmax(1) if scores else rows.clamp_min(0)
    kinds = [int(kind) for kind in np.unique(samples.y)]
    if kinds[-1] >= likely.shape[1] or kinds[0] < 0:
        return None
    likely = likely[:, kinds].numpy()
    by_frequency, plain = likeliest(samples.y, likely), np.array(kinds)[likely.argmax(1)]
    return max(explained(samples.y, each, True) for each in (by_frequency, plain))  # its scores may be shifted


def _judged(model: Any, table: Table) -> tuple[float, float]:
    from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict

    rng = np.random.default_rng(0)
    if table.classes:
        y = table.y
        folds: Any = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        likely = np.asarray(cross_val_predict(model, table.x, y, cv=folds, method="predict_proba"))
        prediction = likeliest(y, likely)
    else:
        y = table.y.reshape(len(table.y), -1)
        folds = KFold(FOLDS, shuffle=True, random_state=0)
        prediction = np.asarray(cross_val_predict(model, table.x, y.squeeze(), cv=folds)).reshape(y.shape)
    score = explained(y, prediction, table.classes)
    if score == 0:
        return 0.0, 1.0
    orders = (rng.permutation(len(y)) for _ in range(PERMUTATIONS))
    chance = np.array([explained(y[order], prediction, table.classes) for order in orders])
    return score, (1 + int((chance >= score).sum())) / (1 + PERMUTATIONS)


def table(batches: list[tuple[list[Tensor], Tensor, list[int] | None]], loss: str) -> Table | None:
    """The different samples of some batches: their inputs, target and numbers. None where a row is no sample."""
    parts: list[Numbers] = []
    targets: list[NDArray[Any]] = []
    rows: list[tuple[int, int]] = []
    seen = set[Any]()
    for b, (inputs, target, index) in enumerate(batches):
        flat = [raw(x) for x in inputs if x.ndim and len(x) == len(target)]
        if not flat or target.ndim > 2 or (target.ndim == 2 and target.shape[1] > 16):
            return None
        x = np.concatenate(flat, 1)
        keys = index if index is not None and len(index) == len(x) else [row.tobytes() for row in x]
        fresh = [i for i, key in enumerate(keys) if not (key in seen or seen.add(key))]
        fresh = fresh[: SAMPLES - len(rows)]
        parts.append(x[fresh])
        targets.append(target.detach().cpu().numpy()[fresh])
        rows += [(b, i) for i in fresh]
    if len(rows) < FEWEST or len({part.shape[1] for part in parts}) > 1:
        return None
    y, classes = _target(np.concatenate(targets), loss)
    x = np.concatenate(parts)
    if classes:  # every fold needs some of each class
        frequent = [kind for kind, count in zip(*np.unique(y, return_counts=True), strict=True) if count >= 2 * FOLDS]
        kept = np.isin(y, frequent)
        x, y, rows = x[kept], y[kept], [row for row, keep in zip(rows, kept, strict=True) if keep]
    if len(rows) < FEWEST:
        return None
    if not np.isfinite(x).all() or not np.isfinite(y.astype(float)).all() or len(np.unique(y)) < 2:
        return None
    return Table(_reduced(x), y, classes, rows)


def agreement(batches: list[tuple[list[Tensor], Tensor, list[int] | None]], loss: str) -> tuple[int, float] | None:
    """Of samples with the same input: how many pairs there are, and how far their classes agree beyond chance: 0 not at
    all, 1 always. A sample that comes twice agrees with itself. None without classes, or where few are the same."""
    groups: dict[bytes, list[int]] = {}
    targets: list[NDArray[Any]] = []
    for inputs, target, _ in batches:
        flat = [_flat(x) for x in inputs if x.ndim and len(x) == len(target)]
        if not flat or target.ndim > 2:
            return None
        first = sum(map(len, targets))
        for i in range(len(target)):
            groups.setdefault(b"".join(x[i].tobytes() for x in flat), []).append(first + i)
        targets.append(_flat(target))
    if len({each.shape[1] for each in targets}) != 1:
        return None
    y, classes = _target(np.concatenate(targets), loss)
    several = [group for group in groups.values() if len(group) > 1]
    if not classes or len(several) < FEWEST:
        return None
    alike = sum(_pairs(np.unique(y[group], return_counts=True)[1]) for group in several)
    pairs = sum(_pairs(len(group)) for group in several)
    chance = _pairs(np.unique(y, return_counts=True)[1]) / _pairs(len(y))
    return round(pairs), (alike / pairs - chance) / max(1 - chance, 1e-9)


def _flat(x: Tensor) -> NDArray[Any]:
    """Samples as rows; half precision, which NumPy has not, in single."""
    x = x.detach().cpu().reshape(len(x), -1)
    return (x.float() if x.is_floating_point() else x).numpy()


def _pairs(count: Any) -> float:
    return float(np.sum(np.asarray(count, float) * (np.asarray(count) - 1)) / 2)


def raw(x: Tensor) -> Numbers:
    """(N, D) features of an input: pictures and the like shrunk, words counted, numbers of few columns one-hot."""
    x = x.detach().cpu()
    if x.is_floating_point():
        flat = x.reshape(len(x), -1).float()
        if flat.shape[1] > RAW:
            flat = torch.nn.functional.adaptive_avg_pool1d(flat[:, None], RAW)[:, 0]
        return flat.double().numpy()
    flat = x.reshape(len(x), -1).long()
    if flat.shape[1] <= 4:  # ids: each its own column
        return np.concatenate([np.eye(RAW // 4)[column.numpy() % (RAW // 4)] for column in flat.T], 1)
    counts = torch.zeros(len(flat), RAW)
    return counts.scatter_add_(1, flat % RAW, torch.ones_like(flat, dtype=counts.dtype)).double().numpy()


def _target(y: NDArray[Any], loss: str) -> tuple[NDArray[Any], bool]:
    y = y.reshape(len(y), -1)
    whole = bool((y == np.round(y)).all())
    if y.shape[1] > 1 and whole and bool((y.sum(1) == 1).all()) and bool((y >= 0).all()):
        return y.argmax(1), True
    if y.shape[1] == 1 and whole and (y.dtype.kind in "iub" or (loss.startswith("binary") and len(np.unique(y)) == 2)):
        return y[:, 0].astype(np.int64), True
    return y.astype(np.float64), False


def _reduced(x: Numbers) -> Numbers:
    """At most 64 features of spread 1: most by principal components, the rest by random projection."""
    spread = x.std(0)
    x = (x[:, spread > 1e-9] - x[:, spread > 1e-9].mean(0)) / spread[spread > 1e-9]
    if x.shape[1] == 0:
        return np.zeros((len(x), 1))
    if x.shape[1] > FEATURES:
        from sklearn.decomposition import PCA

        main = PCA(FEATURES * 3 // 4, svd_solver="randomized", random_state=0).fit_transform(x)
        rest = x @ np.random.default_rng(0).normal(size=(x.shape[1], FEATURES // 4)) / np.sqrt(x.shape[1])
        x = np.concatenate([main / main.std(), rest / rest.std()], 1)
    return x
