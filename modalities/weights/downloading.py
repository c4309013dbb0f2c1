"""Download of a published weights file into the cache of ``torch.hub``, resumed and checked."""

from __future__ import annotations

import os
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from triad.modalities.atomic_files import sha256_of, storage_errors
from triad.modalities.checks import fail
from triad.modalities.file_lock import file_lock
from triad.modalities.weights.published_files import PublishedFile

CHUNK_BYTES = 1 << 20
TIMEOUT = 30.0
"""Seconds without a byte after which a connection counts as broken."""
_OUT_OF_RANGE = 416

Report = Callable[[int, int], None]
"""Function that is told the bytes that are there and the bytes of the whole file, 0 until they are known."""


def download(file: PublishedFile, *, report: Report | None = None) -> Path:
    """Return the path of a file in the cache, downloaded where it is not there yet.

    Bytes go to ``NAME.part`` beside it, where one process at a time writes. The next call continues from its end, if a
    SHA-256 can tell whether both ends are of one file.

    Args:
        file: published file.
        report: function that is told how far it is.

    Raises:
        InputError: If the file is a package, cannot be had, breaks off, or has another SHA-256.
        StorageError: If the cache cannot be written.
    """
    if file.is_package:
        fail(f"'{file.name}'", "be a file", "a package", f"pip install {file.name}")
    path = file.cached
    if path.exists():  # perhaps in a folder where only others write
        return path
    partial_file = path.with_name(f"{path.name}.part")
    with file_lock(path.with_name(f".{path.name}.lock"), wait=True):
        if path.exists():  # another process was downloading it
            return path
        if not file.sha256:
            partial_file.unlink(missing_ok=True)
        try:
            _receive(file.url, partial_file, report or _ignore)
        except (OSError, HTTPException) as error:
            cure = f"try again, which continues, or put the file at {path} yourself"
            fail(f"'{file.url}'", "be reachable", str(error) or type(error).__name__, cure)
        digest = sha256_of(partial_file)
        if not digest.startswith(file.sha256):
            partial_file.unlink()
            fail(f"SHA-256 of '{file.url}'", f"begin with {file.sha256}", digest, "it was removed; try again")
        os.replace(partial_file, path)
    return path


def is_intact(file: PublishedFile) -> bool:
    """Return whether a file of the cache has the published SHA-256, as far as its digits are known."""
    return sha256_of(file.cached).startswith(file.sha256)


def _receive(url: str, partial_file: Path, report: Report) -> None:
    """Append what is missing of a file to its part, or write it anew where the server gives no parts.

    Raises:
        OSError: If the server refuses or the connection breaks off.
        StorageError: If the part cannot be written.
    """
    offset = partial_file.stat().st_size if partial_file.exists() else 0
    headers = {"User-Agent": "triad"} | ({"Range": f"bytes={offset}-"} if offset else {})
    try:
        response = urlopen(Request(url, headers=headers), timeout=TIMEOUT)  # noqa: S310 - addresses of this project
    except HTTPError as error:
        if error.code != _OUT_OF_RANGE or not offset:
            raise
        partial_file.unlink()  # longer than the file, or as long: then it is received again
        _receive(url, partial_file, report)
        return
    with response:
        is_rest = response.status == 206
        num_bytes = offset if is_rest else 0
        length = response.headers.get("Content-Length")
        total = num_bytes + int(length) if length else 0
        with storage_errors(partial_file), partial_file.open("ab" if is_rest else "wb") as target:
            while chunk := response.read(CHUNK_BYTES):
                target.write(chunk)
                num_bytes += len(chunk)
                report(num_bytes, total)
    if num_bytes < total:
        raise OSError(f"the connection ended after {num_bytes} of {total} bytes")
    if not total:
        report(num_bytes, num_bytes)


def _ignore(num_bytes: int, total: int) -> None:
    """Take a report and do nothing."""
