"""Files that are either complete or absent, and say what made them."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import uuid
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import numpy as np

from modalities.checks import InputError, check_file, fail

UNWRITABLE = ("ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "ENOTDIR", "EISDIR", "EEXIST")


_PARTIAL = re.compile(r"\.(?P<stem>.+)\.[0-9a-f]{8}\.partial")


class StorageError(InputError):
    """Nothing can be written there, so that going on would be in vain: the disk is full, or not ours to write."""


def cannot_write(error: OSError, path: str | Path) -> StorageError | None:
    """What to say where an error means that ``path`` cannot be written; None where it means something else."""
    if error.errno is None or errno.errorcode.get(error.errno) not in UNWRITABLE:
        return None
    cure = "make room or choose another folder and run the same command again, what is finished is kept"
    return StorageError(f"cannot write '{path}': {os.strerror(error.errno)}; {cure}")


@contextmanager
def atomic_write(path: str | Path, *, replace: bool = True) -> Iterator[Path]:
    """Give a temporary path beside ``path``; move it there when the block ends well, remove it when it does not.

    The temporary file keeps ``path``'s suffix, because encoders choose their container by it.

    Args:
        path: where the file shall appear.
        replace: with False, a file that is there stays: of several processes at once, the first one's.

    Raises:
        StorageError: when the disk is full or the folder cannot be written.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.stem}.{uuid.uuid4().hex[:8]}.partial{path.suffix}")
    try:
        _make_folder(path)
        yield temporary
        if replace or not _linked(temporary, path):
            os.replace(temporary, path)
    except OSError as error:
        known = cannot_write(error, path)
        if known is None:
            raise
        raise known from error
    finally:
        with suppress(OSError):  # it was moved, or never made
            temporary.unlink()


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileNotFoundError as error:  # /proc/x: a file system where nothing can be made
        raise StorageError(f"cannot write '{path}': '{path.parent}' cannot be made; choose another folder") from error


def _linked(temporary: Path, path: Path) -> bool:
    try:
        os.link(temporary, path)
    except FileExistsError:
        return True
    except OSError:  # a file system without links
        return path.exists()
    return True


def remove_partial_files(folder: Path, stems: Container[str]) -> None:
    """Remove what killed processes left half-written of files of these names (without suffix)."""
    for path in folder.glob(".*.partial*"):
        if (found := _PARTIAL.match(path.name)) and found["stem"] in stems:
            path.unlink(missing_ok=True)


def write_json(path: str | Path, document: Any, *, replace: bool = True) -> None:
    """Write JSON with sorted keys, so that equal content is equal bytes; ``replace`` as in :func:`atomic_write`."""
    with atomic_write(path, replace=replace) as temporary:
        temporary.write_text(json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")


def read_json(path: str | Path, *, cure: str) -> Any:
    """Read JSON.

    Raises:
        InputError: naming the file and the line where it breaks.
    """
    path = check_file("JSON file", path, cure)
    try:
        return json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:  # also whole numbers of thousands of digits
        fail(f"'{path}'", "be JSON", str(error), cure)


def write_arrays(path: str | Path, **arrays: np.ndarray) -> None:
    """Write an uncompressed ``.npz`` without pickles; equal content is equal bytes."""
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def read_arrays(path: str | Path, *, cure: str) -> dict[str, np.ndarray]:
    """Read every array of an ``.npz`` without executing a pickle.

    Raises:
        InputError: if the file is missing, damaged, or holds pickled objects.
    """
    path = check_file("array file", path, cure)
    if not is_zipfile(path):  # numpy would try a pickle, and advise to allow it
        fail(f"'{path}'", "be a readable .npz", "a file of another kind, or one that is cut off", cure)
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except Exception as error:  # zipfile, zlib and numpy raise half a dozen kinds for a damaged file
        fail(f"'{path}'", "be a readable .npz", f"{type(error).__name__}: {error}", cure)


def sha256_of(path: str | Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
