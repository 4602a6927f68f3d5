from __future__ import annotations

import random
import sys
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import settings

from gradwise.kernels import build

settings.register_profile("gradwise", deadline=None, max_examples=30)
settings.load_profile("gradwise")


@pytest.fixture(autouse=True)
def alike() -> Iterator[None]:
    """Every test starts from the same numbers and leaves torch's settings as it found them: training changes some."""
    torch.set_num_threads(1)
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("highest")
    torch.set_flush_denormal(False)


def switch_off(patch: pytest.MonkeyPatch) -> None:
    """As on a machine without a compiler."""
    for name, module in list(sys.modules.items()):
        if name.startswith("gradwise") and hasattr(module, "library"):
            patch.setattr(module, "library", lambda: None)


@pytest.fixture
def without_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    switch_off(monkeypatch)


@pytest.fixture(params=["compiled", "torch"])
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Once with the compiled kernels, once with torch's operations in their place."""
    if request.param == "torch":
        switch_off(monkeypatch)
    elif build.library() is None:
        pytest.skip(build.status())
    return request.param
