"""Losses from labels. stage: objective. Each has a `criterion` (output, y) so that evaluation forwards only once.

Shapes: B samples, C classes.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from gradwise.stages import Batch, Fraction, technique


@technique
class CrossEntropy:
    """Cross-entropy of a softmax over the network's logits.

    stage: objective. The network ends in logits: no softmax of its own.
    Args: label_smoothing: share of the probability spread over all classes, 0 <= s < 1
        (Szegedy et al. 2016, arXiv:1512.00567, section 7).
    Shapes: output (B, C) logits, y (B,) class numbers or (B, C) probabilities.
    """

    label_smoothing: Fraction = 0.0

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
        """The mean loss over the batch."""
        return self.criterion(model(batch.x), batch.y)

    def criterion(self, output: Tensor, y: Tensor) -> Tensor:
        """The mean loss of these logits."""
        return F.cross_entropy(output, y, label_smoothing=self.label_smoothing)


@technique
class BinaryCrossEntropy:
    """Cross-entropy of a sigmoid over one logit (or several independent ones).

    stage: objective. The network ends in logits: no sigmoid of its own.
    Shapes: output (B, 1) or (B, L) logits, y (B,) or (B, L) numbers in [0, 1].
    """

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
        """The mean loss over the batch."""
        return self.criterion(model(batch.x), batch.y)

    def criterion(self, output: Tensor, y: Tensor) -> Tensor:
        """The mean loss of these logits."""
        return F.binary_cross_entropy_with_logits(output, y.to(output.dtype).reshape(output.shape))


@technique
class MeanSquaredError:
    """Mean squared error, for numbers to reach.

    stage: objective. Shapes: output (B, ...), y the same numbers of elements (a (B,) target fits a (B, 1) output).
    """

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
        """The mean loss over the batch."""
        return self.criterion(model(batch.x), batch.y)

    def criterion(self, output: Tensor, y: Tensor) -> Tensor:
        """The mean loss of these outputs."""
        return F.mse_loss(output, y.to(output.dtype).reshape(output.shape))
