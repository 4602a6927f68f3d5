"""Mistakes of the doctor's own: the program goes on, and the report says what was not looked at."""

from __future__ import annotations

import os


def defect(what: str, error: Exception) -> str:
    """Why something was not looked at that should have been. With GRADWISE_TRACEBACK=1 the traceback is printed."""
    if os.environ.get("GRADWISE_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    return f"a defect in Gradwise, {what}: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
