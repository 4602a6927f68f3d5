"""How each technique is put into problems of effect_problems.py: with settings that are usual, none searched for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from effect_problems import DIGIT_TASKS, TEACHERS, WINE_TASKS, Stages, mlp, uneven


@dataclass(frozen=True)
class Case:
    """A technique on a problem."""

    problem: str
    settings: Stages
    beside: Stages = field(default_factory=dict[str, Any])  # stages that both have
    along: Stages = field(default_factory=dict[str, Any])  # stages that come with the technique alone
    against: Stages = field(default_factory=dict[str, Any])  # stages that the other has in their place
    metric: str = ""


def on(
    *problems: str,
    beside: Stages | None = None,
    along: Stages | None = None,
    against: Stages | None = None,
    metric: str = "",
    **settings: Any,
) -> tuple[Case, ...]:
    """The same on several problems."""
    return tuple(Case(p, settings, beside or {}, along or {}, against or {}, metric) for p in problems)


def surgery(**settings: Any) -> tuple[Case, ...]:
    return on("deep", "deep-cancer", **settings)


def plain(**settings: Any) -> tuple[Case, ...]:
    return on("digits", "cancer", **settings)


def edit(**settings: Any) -> tuple[Case, ...]:
    return on("pictures", "few-pictures", **settings)


def hot(**settings: Any) -> tuple[Case, ...]:
    return on("hot", "hot-cancer", **settings)


def sgd(lr: float, momentum: float = 0.0) -> Stages:
    return {"optimizer": {"name": "SGD", "lr": lr, "momentum": momentum}}


def tasked(name: str) -> tuple[Case, ...]:
    """Two tasks, judged by the first; the technique weighs the problem's own objective, or reconciles its gradients."""
    cases: list[Case] = []
    for problem, objective in (("digit-tasks", DIGIT_TASKS), ("wine-tasks", WINE_TASKS)):
        inner: Stages = {} if name == "PCGrad" else {"objective": objective}
        cases += on(problem, metric=metric_of(objective), **inner)
    return tuple(cases)


def first_alone(problem: str, objective: Stages) -> tuple[Case, ...]:
    """Both tasks, against the same network with the second counted for nothing."""
    against = {"objective": objective | {"weights": [1.0, 0.0]}}
    settings = {key: value for key, value in objective.items() if key != "name"}
    return on(problem, against=against, metric=metric_of(objective), **settings)


def metric_of(objective: Stages) -> str:
    return f"test_{objective['names'][0]}_accuracy"


def taught(problem: str, widths: tuple[int, ...], several: bool = False, **settings: Any) -> tuple[Case, ...]:
    """A small network, with and without the problem's teacher."""
    model, weights = TEACHERS[problem], f"{{folder}}/teacher-{problem}.safetensors"
    teaching: Stages = (
        {"teachers": [model], "weights": [weights]} if several else {"teacher": model, "weights": weights}
    )
    return on(problem, beside={"model": mlp(*widths)}, **teaching, **settings)


def begun(problem: str, source: str, fresh: int = 1) -> Stages:
    """A network that begins with what `source`'s has learnt."""
    return {"surgery": [{"name": "Transfer", "source": f"{{folder}}/source-{source}.safetensors", "fresh": fresh}]}


def transferred(fresh: int = 1, **settings: Any) -> tuple[Case, ...]:
    """From digits to odd and even, and back; or (fresh=0) on with the same."""
    pairs = (("digits", "parity"), ("parity", "digits")) if fresh else (("digits", "digits"), ("parity", "parity"))
    cases = [on(problem, beside=begun(problem, source, fresh), **settings) for problem, source in pairs]
    return tuple(case for found in cases for case in found)


RESIDUAL: list[Any] = [{"name": "He"}, {"name": "Residual"}]
GROUPS: list[Any] = [{"name": "He"}, {"name": "Normalisation", "kind": "group"}]
WHOLE: Stages = {"batch_size": 1000, "epochs": 60}  # all samples at once
LONG: Stages = {"epochs": 40}

CASES: dict[str, tuple[Case, ...]] = {
    # data
    "Balanced": (
        *on("rare", data=uneven("rare") | {"normalise": "none"}),
        *on("rare-cancer", data=uneven("rare-cancer")),
    ),
    # surgery
    "Activation": surgery(kind="gelu"),
    "Dropout": (*plain(share=0.2), *plain(share=0.2, kind="gaussian"), *plain(share=0.2, kind="weights")),
    "LSUV": surgery(),
    "DataDependent": surgery(),
    "He": surgery(),
    "Xavier": surgery(),
    "Orthonormal": surgery(gain=1.414),
    "Normal": plain(std=0.01),
    "Zeros": plain(),
    "ChannelsLast": edit(),
    "Normalisation": surgery(kind="batch"),
    "Fixup": surgery(beside={"surgery": RESIDUAL}),
    "Transfer": (
        *on("digits", source="{folder}/source-parity.safetensors"),
        *on("parity", source="{folder}/source-digits.safetensors"),
    ),
    "Freeze": transferred(),
    "PruneUnits": transferred(fresh=0, share=0.5),
    "QuantisationAware": plain(bits=8, average=0.9),
    "Residual": surgery(),
    "ZeroInitResidual": surgery(beside={"surgery": RESIDUAL}),
    "StochasticDepth": surgery(beside={"surgery": RESIDUAL}, last=0.9),
    "SpectralNorm": hot(),
    "WeightNorm": plain(),
    "WeightStandardisation": surgery(beside={"surgery": GROUPS}, layers="all"),
    # batch
    "RandomCrop": edit(padding=1),
    "HorizontalFlip": edit(),
    "Noise": edit(std=0.1),
    "RandomAffine": edit(),
    "ColourJitter": edit(),
    "Cutout": edit(size=3),
    "RandomErasing": edit(p=0.25, area=[0.02, 0.2]),
    "Mixup": edit(classes=10),
    "CutMix": edit(classes=10),
    "RandAugment": edit(count=1, magnitude=5),
    "TrivialAugment": edit(),
    "GrowingBatch": plain(factor=2.0, times=2),
    # objective
    "CrossEntropy": plain(label_smoothing=0.1),
    "BinaryCrossEntropy": (
        *on("cancer", along={"model": mlp(30, 32, 16, 1)}),
        *on("parity", along={"model": mlp(64, 64, 32, 1)}),
    ),
    "MeanSquaredError": on("diabetes", "alcohol", against={"objective": {"name": "MeanAbsoluteError"}}),
    "MeanAbsoluteError": on("diabetes", "alcohol"),
    "Huber": on("diabetes", "alcohol"),
    "Focal": on("digits", "rare", "rare-cancer"),
    "Poly": plain(),
    "GeneralisedCrossEntropy": plain(),
    "Margin": plain(),
    "L1": plain(strength=1e-4),
    "L2": plain(strength=1e-3),
    "Orthogonal": surgery(strength=1e-2),
    "ConfidencePenalty": plain(),
    "ConfusedPairs": (*on("digits", pairs=[[1, 8], [3, 8], [3, 9], [5, 9]]), *on("cancer", pairs=[[0, 1]])),
    "MeanTeacher": plain(decay=0.98, strength=5.0),
    "Distill": (
        *taught("digits", (64, 16, 10), several=True),
        *taught("cancer", (30, 8, 2), several=True),
    ),
    "FeatureDistill": (
        *taught("digits", (64, 16, 10), layer="2", teacher_layer="4"),
        *taught("cancer", (30, 8, 2), layer="2", teacher_layer="4"),
    ),
    "MultiTask": (*first_alone("digit-tasks", DIGIT_TASKS), *first_alone("wine-tasks", WINE_TASKS)),
    "Uncertainty": tasked("Uncertainty"),
    "FAMO": tasked("FAMO"),
    "GradNorm": tasked("GradNorm"),
    # backward
    "Backprop": plain(precision="bfloat16"),
    "Accumulate": plain(parts=2),
    "SAM": plain(radius=0.05),
    "Sophia": plain(along=sgd(0.005)),
    "AdaHessian": plain(along=sgd(0.05)),
    "Unfreeze": transferred(every=90),
    "KFAC": plain(along=sgd(0.05)),
    "GaussNewton": plain(along=sgd(1.0)),
    "LevenbergMarquardt": on("cancer", "alcohol", along=sgd(1.0), damping=1.0, least=1e-2),
    "PCGrad": tasked("PCGrad"),
    # gradient
    "ClipNorm": hot(max_norm=1.0),
    "ClipValue": hot(limit=0.1),
    "AdaptiveClip": hot(share=0.05, spared=2),
    "AutoClip": hot(percentile=10.0),
    "Centralise": plain(),
    "GradientNoise": plain(std=0.01),
    "Sign": plain(along=sgd(0.0005, 0.9)),
    "UnitNorm": plain(along=sgd(0.02, 0.9)),
    # optimizer
    "SGD": plain(lr=0.05, momentum=0.9, against=sgd(0.05)),
    "Adam": plain(lr=0.005),
    "AdamW": plain(lr=0.005),
    "Adamax": plain(lr=0.01),
    "NAdam": plain(lr=0.005),
    "RAdam": plain(lr=0.005),
    "RMSprop": plain(lr=0.003),
    "Adagrad": plain(lr=0.05),
    "Adadelta": plain(),
    "Rprop": plain(beside=WHOLE, lr=1e-3),
    "LBFGS": plain(beside=WHOLE, lr=0.5),
    "Lion": plain(lr=1e-3),
    "Muon": plain(lr=0.02, adam_lr=0.005),
    "SOAP": plain(lr=0.005),
    "Shampoo": plain(lr=0.02),
    "ScheduleFree": plain(lr=0.01),
    "Adan": plain(lr=0.01),
    "LARS": plain(lr=5.0),
    "LAMB": plain(lr=0.01),
    # schedule
    "Constant": plain(against={"schedule": {"name": "Linear"}}),
    "StepDecay": plain(),
    "Exponential": plain(final=0.05),
    "Linear": plain(),
    "Polynomial": plain(),
    "Cosine": plain(),
    "WarmUp": plain(),
    "CosineRestarts": plain(),
    "OneCycle": plain(along=sgd(0.15, 0.9)),
    "WarmUpStableDecay": plain(),
    "InverseSquareRoot": plain(),
    "ReduceOnPlateau": plain(epochs=2),
    # after
    "EMA": plain(decay=0.98),
    "SWA": plain(begin=180, every=10),
    "Lookahead": plain(),
    "Prune": plain(sparsity=0.8, begin=20, end=180, every=10),
    "Round": plain(bits=12),
    "WeightClip": plain(limit=0.3),
    "MaxNorm": plain(limit=2.0),
    "SoftThreshold": plain(amount=5e-5),
    "Decay": plain(share=1e-4),
    # stop
    "Patience": plain(beside=LONG, epochs=5),
    "Target": plain(beside=LONG, value=0.95),
    "GeneralisationLoss": plain(beside=LONG, percent=5.0),
    "ProgressQuotient": plain(beside=LONG),
    "GeneralisationGap": plain(beside=LONG),
    "Budget": plain(beside=LONG, steps=300),
}
