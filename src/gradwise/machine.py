"""What this machine offers, what is chosen of it, and why: one line each for the log.

Memory: glibc gives freed memory back to the system and faults it in again at every step; two `mallopt` calls keep it.
Denormals: the moments of dead units decay into them and make a step up to twice as slow; they are flushed to zero.
Products: on some processors torch's default float32 matrix product runs at half of what the same library reaches
through oneDNN. That is measured here on the run's own shapes, never assumed, and only taken at float32 accuracy; the
answer is kept per processor, torch and thread count, so that every run on a machine computes alike.
"""

from __future__ import annotations

import ctypes
import platform
import shutil
import sys
import time

import torch
from torch import nn

from gradwise import memory
from gradwise.errors import RecipeError

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_TOP_PAD = -1, -3, -2
_SHARED = 2_000_000  # products of one forward pass below which a second thread waits more than it works
_GAIN = 1.1  # how much faster the other product must be to be taken


def device(wanted: str) -> tuple[torch.device, str]:
    """The device for a recipe's `device`, and why. Raises RecipeError for one that is not there."""
    if wanted == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda"), f"cuda ({torch.cuda.get_device_name()})"
        return torch.device("cpu"), "cpu (no GPU found)"
    try:
        chosen = torch.device(wanted)
        torch.empty(1, device=chosen)
    except (RuntimeError, AssertionError) as error:
        why = "torch knows no such device." if "Expected one of" in str(error) else str(error).splitlines()[0]
        there = ", ".join(["cpu", *(["cuda"] if torch.cuda.is_available() else [])])
        fix = f"device=auto takes the best that is there; here: {there}."
        raise RecipeError(f"The device {wanted!r} is not there.", why=why, fix=fix) from None
    return chosen, f"{chosen} (as asked)"


def settle_threads(model: nn.Module, batch_size: int) -> str:
    """One thread for a network too small to share out; the number and why, for the log."""
    weighted = [m for m in model.modules() if list(m.parameters(recurse=False))]
    products = batch_size * sum(p.numel() for m in weighted for p in m.parameters(recurse=False))
    dense = all(isinstance(m, (nn.Linear, nn.BatchNorm1d)) for m in weighted)  # a convolution uses a weight many times
    if dense and products < _SHARED and torch.get_num_threads() > 1:
        torch.set_num_threads(1)
        return "1 thread (the network is too small to share out)"
    count = torch.get_num_threads()
    return f"{count} thread{'s' if count > 1 else ''}"


def settle_memory() -> None:
    """Keep freed memory, flush denormals. For the whole process."""
    torch.set_flush_denormal(True)
    if sys.platform == "linux" and platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
        libc.mallopt(_M_MMAP_THRESHOLD, 2**30)
        libc.mallopt(_M_TOP_PAD, 16 * 2**20)


def settle_products(model: nn.Module, batch_size: int) -> str:
    """Choose the float32 matrix product for this model's shapes on this processor; the choice, for the log."""
    shapes = sorted({tuple(m.weight.shape) for m in model.modules() if isinstance(m, nn.Linear)})
    if not shapes:
        return "torch's default"
    gain = memory.recall("products", batch_size, shapes)
    if gain is None:
        gain = memory.keep(_probe(shapes, batch_size), "products", batch_size, shapes)
    torch.set_float32_matmul_precision("medium" if gain >= _GAIN else "highest")
    how = f"oneDNN, {gain:.2f} times as fast" if gain >= _GAIN else "torch's default, no other is faster"
    return f"{how} (measured on this network's shapes)"


def _probe(shapes: list[tuple[int, ...]], batch_size: int) -> float:
    """How many times as fast oneDNN's product is; 0 where it is less accurate than float32."""
    generator = torch.Generator().manual_seed(0)
    pairs = [
        (torch.randn(batch_size, inputs, generator=generator), torch.randn(outputs, inputs, generator=generator))
        for outputs, inputs in shapes
    ]

    def turn() -> float:
        start = time.perf_counter()
        for x, weight in pairs:
            z = x @ weight.t()
            torch.matmul(z.t(), x)
            torch.matmul(z, weight)
        return time.perf_counter() - start

    before = torch.get_float32_matmul_precision()
    times: dict[str, list[float]] = {"highest": [], "medium": []}
    try:
        for _ in range(30):
            for way, found in times.items():
                torch.set_float32_matmul_precision(way)
                found.append(turn())
        torch.set_float32_matmul_precision("medium")
        x, weight = pairs[-1]
        exact = x.double() @ weight.double().t()
        error = float(((x @ weight.t()).double() - exact).abs().max() / exact.abs().max())
    finally:
        torch.set_float32_matmul_precision(before)
    # The quickest of each: what else the machine does only ever adds.
    return min(times["highest"]) / min(times["medium"]) if error < 1e-5 else 0.0


def gain_of_bfloat16(device: torch.device) -> float:
    """How many times as fast a product in bfloat16 is as one in float32: below 1 where the processor emulates it.

    Measured once for a machine and remembered.
    """
    if device.type != "cpu":
        return 1.0  # a GPU without it emulates it at about the speed of float32
    gain = memory.recall("bfloat16")
    return memory.keep(_probe_bfloat16(), "bfloat16") if gain is None else gain


def _probe_bfloat16() -> float:
    quickest: list[float] = []
    for kind in (torch.float32, torch.bfloat16):
        x = torch.ones(256, 256, dtype=kind)
        times: list[float] = []
        for _ in range(10):
            start = time.perf_counter()
            _ = x @ x
            times.append(time.perf_counter() - start)
        quickest.append(min(times))
    return quickest[0] / quickest[1]


def compiling(wanted: str, chosen: torch.device, steps: int) -> tuple[bool, str]:
    """Whether to compile forward and backward, and why."""
    if wanted == "never":
        return False, "eager (compile: never)"
    if chosen.type == "cpu" and shutil.which("g++") is None and shutil.which("clang++") is None:
        return False, "eager (no C++ compiler found)"
    if wanted == "always":
        return True, "compiled (compile: always)"
    if chosen.type == "cpu":
        return False, "eager (on a CPU compiling costs more than it brings)"
    if steps < 3000:
        return False, f"eager ({steps} steps are too few to earn compiling back)"
    return True, f"compiled ({steps} steps earn it back)"
