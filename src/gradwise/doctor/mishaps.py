"""The exceptions that programs with networks end with, one function each: what it is, in words, and what to write.

Each is given the match of the message and the scene, and returns the problem's code (or ""), what happened, the fix.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from gradwise.doctor.scene import Scene, shape, span

Match = re.Match[str]
MEMORY = "A smaller batch (and gradient accumulation to make up for it), or mixed precision."
SHORT = {"Double": "float64", "double": "float64", "Float": "float32", "float": "float32", "Half": "float16"}


class Meaning(NamedTuple):
    """What an exception means."""

    code: str
    says: str
    fix: str


# The target of a loss.


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


# Layers and shapes.


def index_out_of_range(match: Match, scene: Scene) -> Meaning:
    """An embedding that is too small."""
    name, layer = scene.layer()
    given = scene.within("embedding", "input")
    if isinstance(layer, nn.Embedding) and isinstance(given, Tensor):
        says = f"{name} has rows 0 to {layer.num_embeddings - 1}, and was asked for numbers in {span(given)}."
        largest = int(given.max()) + 1
        if int(given.min()) < 0:
            return Meaning("", says, "No negative numbers: give padding and unknown words a row of their own.")
        return Meaning("", says, f"nn.Embedding({largest}, {layer.embedding_dim}) or more rows: count padding too.")
    return Meaning("", "An index is larger than the table it points into.", "As many rows as the largest index + 1.")


def device_assert(match: Match, scene: Scene) -> Meaning:
    """The GPU says no more than that."""
    says = "An index was out of range on the GPU: mostly a label that the network has no output for."
    return Meaning("", says, "Run it once on the CPU, where the message says which.")


def one_value_per_channel(match: Match, scene: Scene) -> Meaning:
    """A batch of one sample before a batch norm."""
    name, _ = scene.layer()
    says = (
        f"{name or 'A batch norm'} was given {shape(scene.variable('input'))} in training mode: the mean over one value"
    )
    fix = "DataLoader(..., drop_last=True) where the last batch is a single sample; model.eval() before predictions."
    return Meaning("small-batch-norm", f"{says} is that value, and nothing is left.", fix)


def dtypes(match: Match, scene: Scene) -> Meaning:
    """float64 from NumPy, integers from pictures."""
    name, layer = scene.layer()
    given, wanted = (SHORT.get(kind, kind) for kind in (match[1], match[2]))
    x = scene.variable("input", "x")
    weights = next((p for p in layer.parameters() if p.is_floating_point()), None) if layer is not None else None
    if isinstance(x, Tensor) and weights is not None:
        given, wanted = str(x.dtype)[6:], str(weights.dtype)[6:]
    says = f"{name or 'An operation'} computes in {wanted} and was given {given}."
    reason = " NumPy's arrays are float64." if given == "float64" else ""
    change = "x.float()" if wanted == "float32" else f"x.to(torch.{wanted})"
    return Meaning("", says + reason, f"{change}, once, where the data are made.")


def matrices(match: Match, scene: Scene) -> Meaning:
    """A linear layer that is given other features than it has inputs."""
    name, layer = scene.layer()
    x = scene.within("forward", "input")
    got, wanted = int(match[2]), int(match[3])
    if not isinstance(layer, nn.Linear) or not isinstance(x, Tensor):
        says = f"A product of ({match[1]}, {got}) and ({wanted}, {match[4]}): {got} columns meet {wanted} rows."
        return Meaning("", says, "The last size of the first must be the first of the second; .T swaps them.")
    says = f"{name} takes {wanted} features, and was given {shape(x)}: {got} in the last dimension."
    if x.ndim > 2 and math.prod(x.shape[1:]) == wanted:
        return Meaning("", says, "x.flatten(1) before it (nn.Flatten()).")
    if x.ndim > 2:
        size = math.prod(x.shape[1:])
        return Meaning("", says, f"x.flatten(1) before it, and nn.Linear({size}, {layer.out_features}).")
    return Meaning("", says, f"nn.Linear({got}, {layer.out_features})")


def channels(match: Match, scene: Scene) -> Meaning:
    """A convolution that is given other channels."""
    name, layer = scene.layer()
    x, wanted, got = scene.variable("input"), int(match[1]), int(match[2])
    says = f"{name or 'A convolution'} takes {wanted} channels, and was given {shape(x)}: {got}."
    spatial = len(layer.kernel_size) if isinstance(layer, (nn.Conv1d, nn.Conv2d, nn.Conv3d)) else 0
    if isinstance(x, Tensor) and x.ndim == spatial + 2 and x.shape[-1] == wanted:
        order = ", ".join(str(i) for i in [0, x.ndim - 1, *range(1, x.ndim - 1)])
        return Meaning("", says, f"Channels come second: x.permute({order}).")
    if isinstance(x, Tensor) and x.ndim == spatial + 1 and wanted == 1:
        return Meaning("", says, "x.unsqueeze(1): (B, H, W) lacks the channel.")
    kind = type(layer).__name__ if layer is not None else "Conv2d"
    return Meaning("", says, f"nn.{kind}({got}, ...)")


def dimensions(match: Match, scene: Scene) -> Meaning:
    """A convolution that is given flat samples."""
    name, _ = scene.layer()
    says = f"{name or match[2]} takes {match[1]} dimensions (batch, channels, ...), and was given"
    fix = "Reshape it: x.view(len(x), channels, height, width)."
    return Meaning("", f"{says} {shape(scene.variable('input'))}.", fix)


def picture_too_small(match: Match, scene: Scene) -> Meaning:
    """Too many poolings for a small picture."""
    name, _ = scene.layer()
    says = f"{name or 'A convolution'} was given {shape(scene.variable('input'))}: smaller than its kernel."
    return Meaning("", says, "Fewer poolings or strides before it, or padding=1.")


def features(match: Match, scene: Scene) -> Meaning:
    """An RNN with other features."""
    name, layer = scene.layer()
    x = scene.variable("input")
    says = f"{name or 'A recurrent layer'} takes {match[1]} features per step, and was given {shape(x)}: {match[2]}."
    kind, hidden = type(layer).__name__, getattr(layer, "hidden_size", "hidden")
    return Meaning("", says, f"nn.{kind}({match[2]}, {hidden}), or permute the input to (batch, steps, {match[1]}).")


def norm_features(match: Match, scene: Scene) -> Meaning:
    """A batch norm with other features."""
    name, layer = scene.layer()
    says = (
        f"{name or 'A batch norm'} has {match[2]} channels, and was given {match[1]}: {shape(scene.variable('input'))}."
    )
    return Meaning("", says, f"nn.{type(layer).__name__}({match[1]})")


def broadcast(match: Match, scene: Scene) -> Meaning:
    """Two tensors that do not fit."""
    says = (
        f"`{scene.text}` combines tensors of which one has {match[1]} and the other {match[2]} in the same dimension."
    )
    return Meaning("", says, "Print both shapes before it; unsqueeze, transpose or slice the one that is wrong.")


def view(match: Match, scene: Scene) -> Meaning:
    """A view with a number that does not fit."""
    says = f"`{scene.text}`: {match[2]} values cannot take the shape ({match[1]})."
    fix = "x.flatten(1), or x.view(len(x), -1): the last batch is often smaller than the others."
    return Meaning("", says, fix)


def collate(match: Match, scene: Scene) -> Meaning:
    """Samples of different size in a batch."""
    says = f"The samples of a batch differ in shape, {match[1]} and {match[2]}: they cannot be stacked."
    return Meaning("", says, "Crop or pad them to one size in the data set, or pad in collate_fn (pad_sequence).")
