"""Files that are either complete or absent."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import prod
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo, is_zipfile

import numpy as np
from numpy.lib import format as npy

from triad.modalities.archive_size import check_entries
from triad.modalities.checks import InputError, check_file, fail, printable
from triad.modalities.file_kinds import describe_kind
from triad.modalities.partial_files import partial_path, sweep_partial_files

UNWRITABLE = ("ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "ENOTDIR", "EISDIR", "EEXIST")


class StorageError(InputError):
    """Raised when a file cannot be written and no other can: the disk is full, or the folder is not writable."""


def to_storage_error(error: OSError, path: str | Path) -> StorageError | None:
    """Return the StorageError of an error that means that ``path`` cannot be written, None for any other error."""
    if error.errno is None or errno.errorcode.get(error.errno) not in UNWRITABLE:
        return None
    cure = "make room or choose another folder and run the same command again, what is finished is kept"
    return StorageError(f"cannot write '{path}': {os.strerror(error.errno)}; {cure}")


@contextmanager
def storage_errors(path: str | Path) -> Iterator[None]:
    """Turn an error of writing within the block into one that names ``path`` and the cure."""
    try:
        yield
    except OSError as error:
        storage_error = to_storage_error(error, path)
        if storage_error is None:
            raise
        raise storage_error from error


@contextmanager
def atomic_write(path: str | Path, *, replace: bool = True, durable: bool = False) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; move the file there when the block ends well, else remove it.

    The temporary file keeps ``path``'s suffix, by which encoders choose their container. What killed processes left
    half-written in the folder is removed.

    Args:
        path: path of the file to write; its folder is made.
        replace: replace an existing file; with False, the first of several processes wins.
        durable: wait until file and name are on the disk, for a file after which others are removed.

    Raises:
        StorageError: If the disk is full or the folder cannot be written.
    """
    path = Path(path)
    temporary = partial_path(path)
    try:
        with storage_errors(path):
            make_parent(path)
            sweep_partial_files(path.parent)
            yield temporary
            if durable:
                _synchronize(temporary)
            if replace or not _link_or_exists(temporary, path):
                os.replace(temporary, path)
            if durable:
                _synchronize(path.parent)
    finally:
        with suppress(OSError):  # it was moved, or never written
            temporary.unlink()


def _synchronize(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, are on the disk."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that cannot synchronize folders
            raise
    finally:
        os.close(descriptor)


def make_parent(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileNotFoundError as error:  # /proc/x: a file system without new folders
        raise StorageError(f"cannot write '{path}': '{path.parent}' cannot be made; choose another folder") from error


def _link_or_exists(temporary: Path, path: Path) -> bool:
    """Link the temporary file to ``path``, and return True if ``path`` exists afterwards."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return True
    except OSError:  # a file system without links
        return path.exists()
    return True


def write_json(path: str | Path, document: Any, *, replace: bool = True, durable: bool = False) -> None:
    """Write JSON with sorted keys, so that equal content gives equal bytes; options as of :func:`atomic_write`."""
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    try:
        content = text.encode()
    except UnicodeEncodeError:  # a name of bytes that are not UTF-8
        content = json.dumps(document, indent=1, sort_keys=True).encode()
    with atomic_write(path, replace=replace, durable=durable) as temporary:
        temporary.write_bytes(content + b"\n")


def read_json(path: str | Path, *, cure: str) -> Any:
    """Return the content of a JSON file.

    Args:
        path: path of the file.
        cure: advice in errors.

    Raises:
        InputError: naming the file and the line of the mistake.
    """
    path = check_file("JSON file", path, cure)
    try:
        return json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:  # also integers of thousands of digits
        kind = describe_kind(path)
        is_text = kind is None or kind in ("JSON", "text")
        fail(f"'{path}'", "be JSON", printable(error) if is_text else kind, cure)


def write_arrays(path: str | Path, **arrays: np.ndarray) -> None:
    """Write an uncompressed ``.npz`` without pickles; equal content gives equal bytes."""
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def read_arrays(path: str | Path, *, cure: str) -> dict[str, np.ndarray]:
    """Return every array of an ``.npz``; pickles are not executed.

    Args:
        path: path of the file.
        cure: advice in errors.

    Raises:
        InputError: If the file is missing, damaged, or holds pickled objects.
    """
    path = check_file("array file", path, cure)
    if not is_zipfile(path):
        got = describe_kind(path) or "a file of another kind, or one that is cut off"
        fail(f"'{path}'", "be a readable .npz", got, cure)
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
            if not all(entry.filename.endswith(".npy") for entry in entries):
                fail(f"'{path}'", "be a readable .npz", describe_kind(path) or "a zip archive of other files", cure)
            check_entries(path, entries, cure)
            return {entry.filename.removesuffix(".npy"): _read_entry(archive, entry, path, cure) for entry in entries}
    except InputError:
        raise
    except Exception as error:  # zipfile, zlib and numpy raise half a dozen kinds for a damaged file
        fail(f"'{path}'", "be a readable .npz", f"{type(error).__name__}: {printable(error)}", cure)


def _read_entry(archive: ZipFile, entry: ZipInfo, path: Path, cure: str) -> np.ndarray:
    """Return an array of an archive, whose header is judged first: numpy allocates whatever it claims.

    Raises:
        InputError: If the array would take more memory than its entry has bytes.
    """
    with archive.open(entry) as file:
        version = npy.read_magic(file)
        read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read_header(file)
        if prod(shape) * max(dtype.itemsize, 1) > entry.file_size:
            got = f"{entry.file_size} bytes for {list(shape)} {dtype}"
            fail(f"array '{printable(entry.filename)}' of '{path}'", "be whole", got, cure)
        file.seek(0)
        return npy.read_array(file, allow_pickle=False)


def sha256_of(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
