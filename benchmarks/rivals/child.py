"""One rival in a process of its own: `python -m rivals.child NAME BATCH THREADS`.

It answers requests, one JSON line each: {"steps": n} is answered by the CPU and the wall seconds of n further steps.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from time import perf_counter, process_time
from typing import Any


def settle_threads(threads: int) -> None:
    """Hold this process to so many CPUs and threads. It must run before the numerical libraries are imported."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)
    if threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = str(threads)
    os.environ["JAX_PLATFORMS"] = "cpu"


def cpu_seconds() -> float:
    """Of this process and of the compilers that it started and waited for."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + ended.ru_utime + ended.ru_stime


def timed(work: Any, *arguments: Any) -> tuple[Any, dict[str, float]]:
    wall, cpu = perf_counter(), cpu_seconds()
    result = work(*arguments)
    return result, {"cpu": cpu_seconds() - cpu, "wall": perf_counter() - wall}


def main(name: str, batch: int, threads: int) -> None:
    answers = os.fdopen(os.dup(1), "w")  # ours alone: what a library prints goes to stderr
    os.dup2(2, 1)

    def answer(**values: Any) -> None:
        print(json.dumps(values), file=answers, flush=True)

    settle_threads(threads)
    from importlib import import_module

    from rivals import RIVALS, Task

    entry = RIVALS[name]
    module, importing = timed(import_module, entry.module)
    rival, setup = timed(getattr(module, entry.kind), Task(batch, threads))
    _, first = timed(rival.train, 1)
    answer(importing=importing, setup=setup, first=first, note=getattr(rival, "note", ""))
    for line in sys.stdin:
        loss, seconds = timed(rival.train, json.loads(line)["steps"])
        answer(loss=loss, **seconds)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as cold:  # what is compiled is compiled anew: the first step shows what it costs
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = cold
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
