"""Stage `objective`: the number to be made small."""

from gradwise.loss.supervised import BinaryCrossEntropy, CrossEntropy, MeanSquaredError

__all__ = ["BinaryCrossEntropy", "CrossEntropy", "MeanSquaredError"]
