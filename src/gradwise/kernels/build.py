"""Compile kernels.c for this machine, once, and load it."""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

import torch

SOURCE = Path(__file__).with_name("kernels.c")
# Reordered sums let the compiler use vectors; NaN and infinity must stay themselves (no -ffast-math).
FLAGS = [
    *("-O3", "-march=native", "-shared", "-fPIC", "-fopenmp-simd"),
    *("-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros"),
    *("-fassociative-math", "-freciprocal-math", "-ffp-contract=fast"),
]
_POINTER, _LONG, _FLOAT = ctypes.c_void_p, ctypes.c_long, ctypes.c_float
SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "measure": (None, [_POINTER, _LONG, ctypes.c_int, _POINTER]),
    "measure_all": (ctypes.c_int, [_LONG, _POINTER, _POINTER, _POINTER]),
    "finite_all": (ctypes.c_int, [_LONG, _POINTER, _POINTER]),
    "adam": (None, [_LONG, *[_POINTER] * 7]),
    "sgd": (None, [_LONG, *[_POINTER] * 6]),
    "bias_relu": (None, [_POINTER, _POINTER, _LONG, _LONG, _POINTER]),
    "sparse_forward": (None, [*[_POINTER] * 5, _LONG, _LONG, _LONG]),
    "sparse_gradient": (None, [*[_POINTER] * 4, _LONG, _LONG, _LONG]),
    "relu_backward": (None, [_POINTER, _POINTER, _POINTER, _LONG, _LONG]),
    "cross_entropy": (_FLOAT, [*[_POINTER] * 4, _LONG, _LONG, _FLOAT, _POINTER]),
    "gather_bytes": (None, [_POINTER, _POINTER, _POINTER, _LONG, _LONG, _POINTER, _POINTER]),
}


@functools.cache
def library() -> ctypes.CDLL | None:
    """The compiled kernels, or None where there is no compiler (see `status`)."""
    return _load()[0]


def name() -> str:
    """Which kernels these are: another source, compiler or processor rounds differently."""
    loaded = library()
    return "torch" if loaded is None else Path(loaded._name).stem


def status() -> str:
    """One line for the log: which kernels run, and why."""
    library()
    return _load()[1]


@functools.cache
def _load() -> tuple[ctypes.CDLL | None, str]:
    if os.environ.get("GRADWISE_KERNELS") == "0":
        return None, "torch (GRADWISE_KERNELS=0)"
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    path = _cached(compiler or "")
    if not path.exists():
        if compiler is None:
            return None, "torch (no C compiler found)"
        try:
            _compile(compiler, path)
        except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            return None, f"torch ({compiler} could not compile them: {type(error).__name__})"
    _share_openmp()
    try:
        return _bind(path), "C, compiled for this processor"
    except (OSError, AttributeError) as error:
        path.unlink(missing_ok=True)  # damaged: the next process compiles it anew
        return None, f"torch (the compiled kernels do not load: {error})"


def _bind(path: Path) -> ctypes.CDLL:
    loaded = ctypes.CDLL(str(path))
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded


def _cached(compiler: str) -> Path:
    import platformdirs

    key = hashlib.sha256(SOURCE.read_bytes())
    key.update(" ".join([*FLAGS, compiler, platform.processor(), processor(), torch.__version__]).encode())
    return platformdirs.user_cache_path("gradwise") / f"kernels-{key.hexdigest()[:16]}.so"


def processor() -> str:
    """What the processor is and can do, as the system says."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return "".join(sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))}))


def _compile(compiler: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(suffix=".so", dir=path.parent)
    os.close(handle)
    threads = ["-fopenmp"] if _openmp() else []
    try:
        # Two steps: with -fopenmp at the link the system's OpenMP would come in beside torch's: their threads fight.
        subprocess.run(
            [compiler, *FLAGS, *threads, "-c", str(SOURCE), "-o", beside + ".o"],
            check=True,
            timeout=60,
            capture_output=True,
        )
        subprocess.run(
            [compiler, "-shared", beside + ".o", "-o", beside, "-lm"], check=True, timeout=60, capture_output=True
        )
        os.replace(beside, path)  # several processes may do this at once: each replaces it by the same
    finally:
        for leftover in (beside, beside + ".o"):
            Path(leftover).unlink(missing_ok=True)


def _openmp() -> Path | None:
    """The OpenMP library that torch brought, GNU's only: ours joins its threads."""
    folder = Path(torch.__file__).parent
    for place in (folder / "lib", folder.parent / "torch.libs"):
        for found in sorted(place.glob("libgomp*.so*")):
            return found
    return None


def _share_openmp() -> None:
    shared = _openmp()
    if shared is not None:
        ctypes.CDLL(str(shared), mode=ctypes.RTLD_GLOBAL)
