"""Published sets from their official addresses, checked against their published checksums. Only where the user asks.

A file is written beside its place and renamed when its checksum is right, so that a broken download is never read.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gradwise.data.places import download_root
from gradwise.errors import DataError, did_you_mean

_MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/"
_FASHION = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"


@dataclass(frozen=True)
class Published:
    """One file: its address, its MD5 and the folder below the root that it belongs in."""

    url: str
    md5: str
    folder: str
    unpacks_to: str = ""  # for a tar archive: the folder that it makes

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.url.rpartition("/")[2]


def _idx(base: str, folder: str, *md5: str) -> tuple[Published, ...]:
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    return tuple(Published(f"{base}{name}-ubyte.gz", sum_, folder) for name, sum_ in zip(names, md5, strict=True))


SOURCES: Mapping[str, tuple[Published, ...]] = {
    "MNIST": _idx(
        _MNIST,
        "MNIST/raw",
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "d53e105ee54ea40749a09fcbcd1e9432",
        "9fb629c4189551a2d022fa330f9573f3",
        "ec29112dd5afa0611ce80d1b7f02629c",
    ),
    "FashionMNIST": _idx(
        _FASHION,
        "FashionMNIST/raw",
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79",
        "bb300cfdad3c16e7a12a480ee83cd310",
    ),
    "CIFAR10": (
        Published(
            "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
            "c32a1d4ab5d03f1284b67883e8d87530",
            "",
            "cifar-10-batches-bin",
        ),
    ),
}


def download(name: str, root: str = "", sources: Mapping[str, tuple[Published, ...]] = SOURCES) -> Path:
    """Fetch a set's missing files to below `root` ("": see places) and return that folder.

    Raises DataError: no connection, a wrong checksum, no right to write.
    """
    if name not in sources:
        raise DataError(f"There is no address for {name!r}.", fix=did_you_mean(name, sources))
    base = download_root(root)
    for file in sources[name]:
        place = base / file.folder / file.name
        done = base / file.folder / file.unpacks_to if file.unpacks_to else place
        if done.exists() or place.with_suffix("").is_file():
            continue
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            fetch(file, place)
            if file.unpacks_to:
                unpack(place, done)
        except (OSError, tarfile.TarError) as error:  # URLError is an OSError
            fix = f"check the connection and the folder, or put {file.url} there by hand."
            raise DataError(f"{file.name} was not fetched.", where=str(place), why=str(error), fix=fix) from error
    return base


def fetch(file: Published, place: Path) -> None:
    """Write the file to `place`, once its checksum is right. Raises DataError where it is not, OSError from below."""
    partial = place.with_name(f".{place.name}.{os.getpid()}")  # of its own for each process
    seen = hashlib.md5(usedforsecurity=False)
    try:
        with urllib.request.urlopen(file.url, timeout=60) as answer, partial.open("wb") as out:
            while block := answer.read(1 << 20):
                seen.update(block)
                out.write(block)
        if seen.hexdigest() != file.md5:
            raise DataError(
                f"{file.name} has the wrong checksum; it was thrown away.",
                where=file.url,
                why=f"expected MD5 {file.md5}, got {seen.hexdigest()}: cut short, or not the published file.",
                fix="try again; if it stays so, a proxy on the way may be answering in the server's place.",
            )
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)


def unpack(archive: Path, done: Path) -> None:
    """Unpack a tar archive so that `done` appears whole or not at all, and remove the archive."""
    partial = done.with_name(f".{done.name}.{os.getpid()}")
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(partial, filter="data")  # refuses paths that lead out of the folder
        (partial / done.name).replace(done)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    archive.unlink()
