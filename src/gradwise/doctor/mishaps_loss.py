"""As `mishaps` says, for what a loss is handed: predictions, and above all targets."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.utils.data import Dataset

from gradwise.doctor.mishaps import Match, Meaning
from gradwise.doctor.scene import Scene, shape, span


def not_a_tensor(match: Match, scene: Scene) -> Meaning:
    """An int label, an array, a list where a tensor is expected."""
    what, kind = match[1], match[2]
    if what == "target" and kind == "int":
        prediction, _ = scene.loss()
        given = f" for a prediction of shape {shape(prediction)}" if isinstance(prediction, Tensor) else ""
        says = f"The loss was handed the label as a plain int{given}: it expects a tensor with one label per sample."
        data = scene.holding(Dataset)
        if data:
            says += f" A loop over {data} itself gives one sample at a time, with its label as a number."
        loop = f"for x, y in DataLoader({data or 'dataset'}, batch_size=32, shuffle=True)"
        label = "torch.tensor(y)" if isinstance(prediction, Tensor) and prediction.ndim == 1 else "torch.tensor([y])"
        return Meaning("", says, f"{loop}: it makes batches of tensors; or, one sample at a time: {label}.")
    name, _ = scene.layer()
    where = f"Layer {name}" if what == "input" and name else "The loss"
    make = "torch.from_numpy(x).float()" if "ndarray" in kind else "torch.tensor(x)"
    return Meaning("", f"{where} was handed a {kind} as {what}: it expects a tensor.", f"Convert it first: {make}.")


def no_size(match: Match, scene: Scene) -> Meaning | None:
    """The same, of losses that look at the target's size first."""
    prediction, target = scene.loss()
    if not isinstance(prediction, Tensor):
        return None
    says = f"The loss was handed a {type(target).__name__} as target, for a prediction of shape {shape(prediction)}."
    return Meaning("", says, "A DataLoader makes batches of tensors; or torch.tensor([y], dtype=torch.float32).")


def label_out_of_range(match: Match, scene: Scene) -> Meaning:
    """A class that the network has no output for."""
    prediction, target = scene.loss()
    label = int(match[1])
    if not isinstance(prediction, Tensor) or not isinstance(target, Tensor):
        return Meaning("label-out-of-range", f"Label {label} has no output.", "As many outputs as classes, from 0.")
    classes = prediction.shape[1] if prediction.ndim > 1 else prediction.shape[0]
    low, high = int(target.min()), int(target.max())
    says = f"There is a label {label}, but {classes} outputs (prediction {shape(prediction)}): labels go from 0 to"
    says = f"{says} {classes - 1}. In this batch they lie in [{low}, {high}]."
    fix = f"The last layer needs at least {high + 1} outputs instead of {classes}."
    if low >= 1 and high == classes:
        fix = "The labels start at 1: subtract 1 from them."
    if low < 0:
        fix = f"Give the samples labelled {low} a class from 0 on, or leave them out: ignore_index={low}."
    return Meaning("label-out-of-range", says, fix)


def label_picks(match: Match, scene: Scene) -> Meaning | None:
    """A label that picks its output by itself: z[rows, y], z.gather(1, y), torch.eye(C)[y]."""
    label, axis, size = (int(group) for group in match.groups())
    scores = scene.any(lambda x: isinstance(x, Tensor) and x.requires_grad and x.ndim > axis and x.shape[axis] == size)
    by_label = any(word in scene.text for word in (".gather(", ".scatter", "eye("))
    if not by_label and (axis == 0 or scores is None):
        return None
    says = f"A label is {label}, and there are {size} outputs to pick from: labels go from 0 to {size - 1}."
    fix = f"The labels start at 1: subtract 1 from them, or make {size + 1} outputs." if label == size else ""
    return Meaning("label-out-of-range", says, fix or f"At least {label + 1} outputs, or labels that start at 0.")


def one_hot(match: Match, scene: Scene) -> Meaning:
    """A label beyond num_classes."""
    classes = scene.variable("num_classes")
    limit = f" {classes}" if isinstance(classes, int) else ""
    says = f"F.one_hot met a label that is not from 0 to num_classes{limit} - 1: it must be {match[1]}."
    return Meaning("label-out-of-range", says, "As many classes as there are labels, counted from 0.")


def classes_as_floats(match: Match, scene: Scene) -> Meaning:
    """Cross-entropy with float targets of one number per sample."""
    prediction, target = scene.loss()
    kind = match[1]
    if not isinstance(target, Tensor):
        return Meaning("", f"Class labels must be int64, these are {kind}.", "y.long()")
    shapes = f"target {shape(target)} of {str(target.dtype)[6:]}, prediction {shape(prediction)}"
    values = target.detach().double()
    if target.is_floating_point() and not bool((values == values.round()).all()):
        says = f"Cross-entropy wants class numbers, and these targets are real numbers in {span(target)} ({shapes})."
        return Meaning("wrong-loss", says, "Real-valued targets: F.mse_loss with one output per target.")
    return Meaning(
        "", f"Cross-entropy wants class numbers as int64 ({shapes}).", "F.cross_entropy(prediction, y.long())"
    )


def multi_target(match: Match, scene: Scene) -> Meaning:
    """Labels with one dimension too many, or one-hot in integers."""
    prediction, target = scene.loss()
    says = f"Cross-entropy wants one class number per sample, and the target is {shape(target)}"
    says += f" for a prediction of {shape(prediction)}."
    if isinstance(target, Tensor) and target.ndim == 2 and target.shape[1] == 1:
        return Meaning("", says, "y.squeeze(1)")
    if isinstance(target, Tensor) and isinstance(prediction, Tensor) and target.shape == prediction.shape:
        return Meaning("", says, "One-hot rows: y.argmax(1), or y.float() for probabilities.")
    return Meaning("", says, "As many classes as the prediction has columns, and a target of shape (B,).")


def target_dtype(match: Match, scene: Scene) -> Meaning:
    """BCE or MSE with targets of another type."""
    _, target = scene.loss()
    found = str(target.dtype)[6:] if isinstance(target, Tensor) else match[1]
    says = f"The loss compares the prediction with a target of {found}: both must be of the same floating-point type."
    return Meaning("", says, "y.float(), once, where the data are made.")


def integer_target(match: Match, scene: Scene) -> Meaning:
    """BCE with integer labels."""
    return target_dtype(match, scene)


def batch_sizes(match: Match, scene: Scene) -> Meaning:
    """As many predictions as labels."""
    prediction, target = scene.loss()
    says = f"{match[1]} predictions meet {match[2]} labels: prediction {shape(prediction)}, target {shape(target)}."
    if isinstance(prediction, Tensor) and prediction.shape[0] != int(match[2]) and int(match[1]) > int(match[2]):
        fix = "Keep the batch first: x.flatten(1) or x.view(len(x), -1) instead of view(-1, features)."
        return Meaning("", says, fix)
    return Meaning("", says, "Take both from the same batch; prediction (B, classes), target (B,).")


def target_size(match: Match, scene: Scene) -> Meaning:
    """(B, 1) against (B,)."""
    prediction, target = scene.loss()
    says = f"Prediction {shape(prediction)} and target {shape(target)} must have the same shape."
    if isinstance(prediction, Tensor) and isinstance(target, Tensor) and prediction.numel() == target.numel():
        longer, name = (prediction, "prediction") if prediction.ndim > target.ndim else (target, "y")
        return Meaning("loss-shape-broadcast", says, f"{name}.squeeze({longer.ndim - 1})")
    return Meaning("", says, "One output per target: the last layer's width must be the target's.")


def not_probabilities(match: Match, scene: Scene) -> Meaning:
    """binary_cross_entropy of raw scores, or of NaN."""
    prediction, _ = scene.loss()
    if isinstance(prediction, Tensor) and not bool(torch.isfinite(prediction).all()):
        fix = "Find where it begins: gradwise names the step and the operation."
        return Meaning("non-finite", "The prediction holds NaN or infinity: that is no probability.", fix)
    says = f"binary_cross_entropy wants probabilities, and the prediction lies in {span(prediction)}: raw scores."
    fix = "F.binary_cross_entropy_with_logits (nn.BCEWithLogitsLoss), which applies the sigmoid itself."
    return Meaning("logits-as-probabilities", says, fix)


def targets_beyond_one(match: Match, scene: Scene) -> Meaning:
    """Targets of a binary loss that are not between 0 and 1."""
    _, target = scene.loss()
    fix = "Two classes: targets 0 and 1. Pictures: divide by 255. More classes: cross_entropy."
    return Meaning(
        "wrong-loss", f"binary_cross_entropy wants targets between 0 and 1, and they lie in {span(target)}.", fix
    )
