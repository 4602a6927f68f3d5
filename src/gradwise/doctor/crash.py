"""What an exception that ends a program means, and how to get past it.

torch's messages say what a kernel met. What a program's author wants to know is which layer, which shapes, and the
line to write instead: these are looked up in the frames of the traceback.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from types import TracebackType
from typing import NamedTuple

from gradwise.doctor import mishaps_backward as back
from gradwise.doctor import mishaps_layers as layers
from gradwise.doctor import mishaps_loss as loss
from gradwise.doctor.mishaps import Meaning
from gradwise.doctor.scene import Scene
from gradwise.doctor.sources import Sources
from gradwise.watch.facts import Crash, Facts

Explain = Callable[[re.Match[str], Scene], Meaning | None]


class Known(NamedTuple):
    """An exception that is known by its message."""

    pattern: re.Pattern[str]
    explain: Explain


_TABLE: tuple[tuple[str, Explain], ...] = (
    (r"argument '(target|input)' \(position \d\) must be Tensor, not (\S+)", loss.not_a_tensor),
    (r"^'(int|float|list|ndarray|\w*int\d+|\w*float\d+)' object has no attribute 'size'", loss.no_size),
    (r"Target (-?\d+) is out of bounds", loss.label_out_of_range),
    (r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)", loss.label_picks),
    (r"Class values must be (smaller than num_classes|non-negative)", loss.one_hot),
    (r"index out of range in self", layers.index_out_of_range),
    (r"device-side assert triggered", layers.device_assert),
    (r"all elements of input should be between 0 and 1", loss.not_probabilities),
    (r"all elements of target should be between 0 and 1", loss.targets_beyond_one),
    (r"Expected more than 1 value per channel when training", layers.one_value_per_channel),
    (r"target dtype to be Long or Byte, but got (\w+)", loss.classes_as_floats),
    (r"expected scalar type Long but found (\w+)", loss.classes_as_floats),
    (r"Found dtype (\w+) but expected (\w+)", loss.target_dtype),
    (r"result type (Float|Double) can't be cast to the desired output type (Long|Int|Byte)", loss.integer_target),
    (r"multi-target not supported", loss.multi_target),
    (r"must have the same dtype, but got (?:dtype )?(\S+?) and (\S+?)\.?$", layers.dtypes),
    (r"expected scalar type (\w+) but found (\w+)", layers.dtypes),
    (r"[Ii]nput type \(.*cuda.*should be the same", back.devices),
    (r"[Ii]nput type \((\S+?)\) and (?:weight|bias) type \((\S+?)\) should be the same", layers.dtypes),
    (r"Expected input batch_size \((\d+)\) to match target batch_size \((\d+)\)", loss.batch_sizes),
    (r"[Tt]arget size .* (?:that is different to|must be the same as) (?:the )?input size", loss.target_size),
    (r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)", layers.matrices),
    (r"to have (\d+) channels, but got (\d+) channels instead", layers.channels),
    (r"Expected \dD \(unbatched\) or (\d)D \(batched\) input to (\w+)", layers.dimensions),
    (r"Kernel size can't be greater than actual input size", layers.picture_too_small),
    (r"input\.size\(-1\) must be equal to input_size\. Expected (\d+), got (\d+)", layers.features),
    (r"running_mean should contain (\d+) elements not (\d+)", layers.norm_features),
    (r"does not require grad and does not have a grad_fn", back.no_gradient),
    (r"^'(float|int|numpy\.\w+)' object has no attribute 'backward'", back.number_instead_of_loss),
    (r"backward through the graph a second time", back.second_backward),
    (r"grad can be implicitly created only for scalar outputs", back.not_scalar),
    (r"modified by an inplace operation: .*?(?:which is output \d of (\w+), is|is) at version", back.in_place),
    (r"leaf Variable that requires grad is being used in an in-place operation", back.leaf_in_place),
    (r"out of memory|can't allocate memory|not enough memory", back.out_of_memory),
    (r"to be on the same device|is not on the expected device", back.devices),
    (r"optimizer got an empty parameter list", back.no_parameters),
    (r"can't optimize a non-leaf Tensor", back.not_a_leaf),
    (r"Can't call numpy\(\) on Tensor that requires grad", back.numpy_of_gradient),
    (r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)", layers.broadcast),
    (r"shape '\[(.*)\]' is invalid for input of size (\d+)", layers.view),
    (r"stack expects each tensor to be equal size, but got (\[.*?\]) at entry 0 and (\[.*?\])", layers.collate),
    (r"either `inf`, `nan`|returned nan values|contains NaN|\bnan\b|\bNaN\b|math range error", back.not_finite),
)
KNOWN = tuple(Known(re.compile(pattern, re.DOTALL), explain) for pattern, explain in _TABLE)


def explain(error: BaseException, trace: TracebackType | None, facts: Facts, sources: Sources) -> Crash | None:
    """What happened, in words, with the fix where it is known. None for what is no crash: an exit, Ctrl-C."""
    if not isinstance(error, Exception):
        return None
    message = str(error)
    scene = Scene(trace, sources)
    first = message.strip().partition("\n")[0][:200]  # what follows may quote data
    crash = Crash(type(error).__name__, first, scene.source)
    named = isinstance(error, (KeyError, NameError, OSError, ImportError))  # the message is a name of the program's
    meaning = None if named else _meaning(message, scene)
    if meaning is not None:
        crash.code, crash.says, crash.fix = meaning
        if crash.fix == back.MEMORY and _leaks(facts):
            crash.code = "graph-leak"
    return crash


def _meaning(message: str, scene: Scene) -> Meaning | None:
    for pattern, make in KNOWN:
        match = pattern.search(message)
        if match is not None:
            try:
                return make(match, scene)
            except Exception:  # a frame that looks otherwise than expected: better no word than a wrong one
                return None
    return None


def _leaks(facts: Facts) -> bool:
    alive = facts.alive_graphs
    return len(alive) > 2 and alive[-1] > 2 * max(1, alive[0]) and all(b >= a for a, b in pairwise(alive))
