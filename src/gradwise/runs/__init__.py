"""The run folder: what a training leaves behind, and what it resumes from. See README.md of this folder."""

from gradwise.runs.checkpoint import Checkpoint, checkpoints, load, save
from gradwise.runs.files import Appended, write_atomic
from gradwise.runs.folder import RunFolder, is_run_folder, read_config
from gradwise.runs.metrics import Metrics, read_rows
from gradwise.runs.store import newest, point, pointed, prune, set_aside, sweep

__all__ = [
    "Appended",
    "Checkpoint",
    "Metrics",
    "RunFolder",
    "checkpoints",
    "is_run_folder",
    "load",
    "newest",
    "point",
    "pointed",
    "prune",
    "read_config",
    "read_rows",
    "save",
    "set_aside",
    "sweep",
    "write_atomic",
]
