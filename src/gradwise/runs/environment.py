"""What a run was made with, for whoever must repeat it. No environment variables: they hold secrets."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

import gradwise


def environment(extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Versions, machine, threads, torch's numerical settings, the commit of the working folder, the command."""
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": [*sys.orig_argv],
        "folder": str(Path.cwd()),
        "git": git_commit(Path.cwd()),
        "versions": {
            "python": platform.python_version(),
            "gradwise": gradwise.__version__,
            **{name: _version(name) for name in ("torch", "numpy", "safetensors")},
        },
        "machine": {
            "platform": platform.platform(),
            "host": platform.node(),
            "cpu": _cpu_model(),
            "cpu_kernels": torch.backends.cpu.get_cpu_capability(),
            "cores": os.cpu_count(),
            "cores_allowed": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "gpus": _gpus(),
        },
        "torch": {
            "threads": torch.get_num_threads(),  # another number sums in another order: other last digits
            "deterministic": torch.are_deterministic_algorithms_enabled(),
            "matmul_precision": torch.get_float32_matmul_precision(),
            "default_dtype": str(torch.get_default_dtype()),
            "cuda": torch.version.cuda,
            "mkldnn": torch.backends.mkldnn.is_available(),
        },
        **(extra or {}),
    }


def git_commit(folder: Path) -> dict[str, Any] | None:
    """{"commit", "changed"} of the repository that `folder` is in; None where there is none, or no git."""
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(folder)]  # a monitor would be a program of theirs
    try:
        commit = _output([*command, "rev-parse", "HEAD"])
        return {"commit": commit, "changed": bool(_output([*command, "status", "--porcelain", "-uno"]))}
    except (OSError, subprocess.SubprocessError):
        return None


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=5).stdout.strip()


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _cpu_model() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _gpus() -> list[str]:
    return [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
