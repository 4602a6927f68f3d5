"""As `mishaps` says, for what layers are given: shapes, types, indices."""

from __future__ import annotations

import math

from torch import Tensor, nn

from gradwise.doctor.mishaps import Match, Meaning
from gradwise.doctor.scene import Scene, shape, span

SHORT = {"Double": "float64", "double": "float64", "Float": "float32", "float": "float32", "Half": "float16"}


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
