"""Names from files joined to folders: the one way from an id or a stream's name to a path that is written."""

from __future__ import annotations

import hashlib
from pathlib import Path

from triad.modalities.checks import fail, printable

MAX_BYTES = 180
"""Longest stem of a file; file systems take 255 bytes, of which suffixes and temporary names need some."""
DIGEST = 16  # letters of a hash
CURE = "prepare the dataset again with names that files can have"


def check_name(subject: str, name: object) -> str:
    """Return a name that is a single part of a path.

    Args:
        subject: name of the thing in the error.
        name: value to check.

    Raises:
        InputError: If it is no text, is empty, ``.`` or ``..``, or holds a separator or NUL.
    """
    if not isinstance(name, str) or name in ("", ".", "..") or any(letter in name for letter in "/\\\0"):
        fail(subject, "be a name that files can have", printable(repr(name)), CURE)
    return name


def file_stem(name: str) -> str:
    """Return the stem of the file of a name: the name, or for a long one its start and a hash of it.

    Surrogates, which stand for bytes that are not UTF-8, are escaped.
    """
    safe = name.encode("utf-8", "backslashreplace").replace(b"\\", b"%") if not _is_utf8(name) else name.encode()
    if len(safe) <= MAX_BYTES:
        return safe.decode()
    digest = hashlib.sha256(safe).hexdigest()[:DIGEST]
    return f"{safe[: MAX_BYTES - DIGEST - 1].decode(errors='ignore')}-{digest}"


def join_name(folder: Path, name: str, suffix: str = "") -> Path:
    """Return the path of a name's file or folder in a folder.

    Args:
        folder: folder that the path must lie in.
        name: name, as an id of a record.
        suffix: suffix of the file.

    Raises:
        InputError: If the name is no single part of a path, or a folder of that name is a link to elsewhere.
    """
    path = folder / f"{file_stem(check_name(f'name of a file in {folder}', name))}{suffix}"
    check_no_link(path)
    return path


def check_no_link(path: Path) -> None:
    """Refuse a folder that is a link which leads out of the folder it stands in.

    Raises:
        InputError: naming the link.
    """
    if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
        cure = "replace the link by what it leads to, or move the whole folder there"
        fail(f"'{path}'", f"lie in '{path.parent}'", f"a link to '{path.resolve()}'", cure)


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
