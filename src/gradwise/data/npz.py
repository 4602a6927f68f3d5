"""Arrays in NumPy's files: one .npz, or a folder with one .npy each."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from gradwise.data.given import Tensors
from gradwise.data.normalise import Normalise
from gradwise.data.sets import Sets
from gradwise.data.split import HeldOut
from gradwise.errors import DataError, did_you_mean
from gradwise.stages import technique


@technique
class NPZ:
    """Arrays of a .npz file by name, or .npy files of a folder: NPZ("folder", x="x.npy", y="y.npy"). Stage `data`.

    x, y as for Tensors; x_test, y_test: the test part's, where there is one; else `test` holds out a share or count.
    Raises DataError: no such file or array, and arrays of objects, which could run any program when read.
    """

    path: str
    x: str = "x"
    y: str = "y"
    valid: HeldOut = 0
    test: HeldOut = 0
    normalise: Normalise = "none"
    classes: tuple[str, ...] = ()
    x_test: str = ""
    y_test: str = ""

    def __call__(self, seed: int) -> Sets:
        """Read the arrays; hold out f(seed)."""
        path = Path(self.path).expanduser()
        x, y, x_test, y_test = (read_array(path, name) for name in (self.x, self.y, self.x_test, self.y_test))
        given = Tensors(x, y, self.valid, self.test, self.normalise, self.classes, x_test, y_test)
        return given(seed)


def read_array(path: Path, name: str) -> Any:
    """One array of a .npz, or of a folder; None for no name."""
    if not name:
        return None
    file = path if path.suffix == ".npz" else path / name
    try:
        with file.open("rb") as opened:  # closed also where NumPy fails half-way
            loaded: Any = np.load(opened, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return loaded
            if name not in loaded.files:
                raise DataError(f"{file.name} has no array {name!r}.", fix=did_you_mean(name, loaded.files))
            return loaded[name]
    except FileNotFoundError as error:
        raise DataError(
            f"{file} does not exist.", fix="set data.path; for .npy files also data.x and data.y."
        ) from error
    except (ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        why = "it holds objects, which are not read" if "allow_pickle" in str(error) else str(error)
        fix = "save plain numbers: numpy.savez(path, x=x.astype('float32'), y=y.astype('int64'))"
        raise DataError("An array cannot be read.", where=f"{file}, array {name!r}", why=why, fix=fix) from error
