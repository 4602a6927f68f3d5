"""The few passes over memory that torch has no single operation for, in C, with torch's own operations beside them.

Compiled once for this processor by the system's C compiler (under a second) into the user's cache; without a compiler,
or with GRADWISE_KERNELS=0, `library()` is None and callers take torch's operations: the same result, slower.
Entering: addresses of contiguous CPU tensors. Leaving: the tensors, rewritten in place.
"""

from gradwise.kernels.build import library, status
from gradwise.kernels.gather import gather, gathers
from gradwise.kernels.measure import MEASURES, NORMS, Measurer, measure
from gradwise.kernels.pointers import Pointers, sizes, without_gaps

__all__ = [
    "MEASURES",
    "NORMS",
    "Measurer",
    "Pointers",
    "gather",
    "gathers",
    "library",
    "measure",
    "sizes",
    "status",
    "without_gaps",
]
