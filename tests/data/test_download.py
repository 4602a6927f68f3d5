from __future__ import annotations

import functools
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gradwise.data.download import SOURCES, Published, download
from gradwise.errors import DataError


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server of this machine's and the folder that it serves."""
    folder = tmp_path / "served"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}/", folder
        http.shutdown()
        thread.join()


def published(base: str, path: Path, raw: bytes, unpacks_to: str = "") -> dict[str, tuple[Published, ...]]:
    path.write_bytes(raw)
    md5 = hashlib.md5(raw).hexdigest()
    return {"Small": (Published(base + path.name, md5, "Small/raw", unpacks_to),)}


def archive(member: str) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        info = tarfile.TarInfo(member)
        info.size = 3
        tar.addfile(info, io.BytesIO(b"abc"))
    return raw.getvalue()


def test_a_file_arrives_once(server: tuple[str, Path], tmp_path: Path) -> None:
    base, folder = server
    sources = published(base, folder / "file.gz", b"content")
    place = tmp_path / "root" / "Small/raw"
    assert download("Small", str(tmp_path / "root"), sources) == tmp_path / "root"
    assert [path.name for path in place.iterdir()] == ["file.gz"]
    assert (place / "file.gz").read_bytes() == b"content"
    (folder / "file.gz").unlink()
    download("Small", str(tmp_path / "root"), sources)  # there already: nothing is asked for


def test_an_archive_is_unpacked_whole(server: tuple[str, Path], tmp_path: Path) -> None:
    base, folder = server
    sources = published(base, folder / "a.tar.gz", archive("batches/one.bin"), "batches")
    download("Small", str(tmp_path / "root"), sources)
    place = tmp_path / "root" / "Small/raw"
    assert [str(path.relative_to(place)) for path in sorted(place.rglob("*"))] == ["batches", "batches/one.bin"]


def test_an_archive_that_leads_out_is_refused(server: tuple[str, Path], tmp_path: Path) -> None:
    base, folder = server
    sources = published(base, folder / "a.tar.gz", archive("../../../out.bin"), "batches")
    with pytest.raises(DataError, match="was not fetched"):
        download("Small", str(tmp_path / "root"), sources)
    assert not list(tmp_path.rglob("out.bin"))


def test_a_wrong_checksum_leaves_nothing(server: tuple[str, Path], tmp_path: Path) -> None:
    base, folder = server
    sources = published(base, folder / "file.gz", b"content")
    (folder / "file.gz").write_bytes(b"other")
    with pytest.raises(DataError, match="wrong checksum"):
        download("Small", str(tmp_path / "root"), sources)
    assert not list((tmp_path / "root" / "Small/raw").iterdir())


def test_no_such_file_or_server(server: tuple[str, Path], tmp_path: Path) -> None:
    base, _ = server
    for url in (f"{base}none.gz", (tmp_path / "none.gz").as_uri()):
        with pytest.raises(DataError, match="was not fetched") as caught:
            download("Small", str(tmp_path / "root"), {"Small": (Published(url, "", ""),)})
        assert len(str(caught.value).splitlines()) <= 5


def test_the_default_place(nowhere: Path, server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    base, folder = server
    sources = published(base, folder / "file.gz", b"content")
    assert download("Small", "", sources) == nowhere / "cache/gradwise/data"
    monkeypatch.setenv("GRADWISE_DATA", str(nowhere / "named"))
    assert download("Small", "", sources) == nowhere / "named"


def test_names_and_addresses() -> None:
    with pytest.raises(DataError, match="did you mean 'MNIST'"):
        download("mnits")
    assert {file.name for file in SOURCES["MNIST"]} == {file.name for file in SOURCES["FashionMNIST"]}
    assert all(len(file.md5) == 32 for files in SOURCES.values() for file in files)
