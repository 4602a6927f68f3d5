"""What is reported beside the loss. Shapes: B samples, C classes."""

from __future__ import annotations

from torch import Tensor


def metric_name(y: Tensor) -> str:
    """Accuracy for class numbers, mean absolute error for numbers to reach."""
    return "mae" if y.is_floating_point() else "accuracy"


def correct(output: Tensor, y: Tensor) -> Tensor:
    """The batch's mean of that metric. output (B, C) logits, or (B, 1) one logit for class 1, or (B, ...) numbers."""
    if y.is_floating_point():
        return (output.reshape(y.shape) - y).abs().double().mean()
    if output.dim() == 2 and output.shape[1] == 1:
        return ((output[:, 0] > 0).long() == y).double().mean()
    return (output.argmax(1) == y).double().mean()


def best_by(figures: dict[str, float]) -> str:
    """The figure that "best" goes by: accuracy, else loss, of the validation set, else the loss in training."""
    return next(name for name in ("valid_accuracy", "valid_loss", "train_loss") if name in figures)


def is_better(metric: str, value: float, best: float | None) -> bool:
    """Is this value better than the best so far? A larger accuracy, else a smaller figure; NaN never is."""
    if best is None:
        return value == value
    return value > best if metric.endswith("accuracy") else value < best
