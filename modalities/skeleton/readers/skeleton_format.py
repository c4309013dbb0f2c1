"""Kind of file that holds skeletons: how it is recognised, who writes it, what is read of it, and by which reader."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.collection import SkeletonCollection
from triad.modalities.skeleton.readers.recording import ReadOptions, SkeletonRecording, check_layout_of

HEAD_SIZE = 1 << 16
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class FileHead:
    """Beginning of a file, or a folder.

    Args:
        path: path of the file or folder.
        start: its first bytes; none of a folder.
    """

    path: Path
    start: bytes

    @property
    def suffix(self) -> str:
        """Ending of the name in lower case."""
        return self.path.suffix.lower()

    @property
    def json(self) -> bytes:
        """First character of JSON, ``{`` or ``[``; none for other files."""
        text = self.start.removeprefix(codecs.BOM_UTF8).lstrip()
        return text[:1] if text[:1] in (b"{", b"[") else b""

    def has_keys(self, *keys: str) -> bool:
        """Return whether the beginning holds all these keys of JSON objects."""
        return bool(self.json) and all(f'"{key}"'.encode() in self.start for key in keys)

    @property
    def holds_arrays(self) -> bool:
        """Return whether it is a zip file that begins with an array of numpy, as ``.npz`` does."""
        length = int.from_bytes(self.start[26:28], "little")
        return self.start.startswith(ZIP) and self.start[30 : 30 + length].endswith(b".npy")

    @cached_property
    def _lines(self) -> list[bytes]:
        if b"\0" in self.start[:1024]:
            return []
        return [line for line in self.start.removeprefix(codecs.BOM_UTF8).splitlines()[:200] if line.strip()]

    def line(self, number: int = 0) -> list[bytes]:
        """Return the words of one of the first lines that are not blank; none where there is no text."""
        return self._lines[number].split() if number < len(self._lines) else []


@dataclass(frozen=True, kw_only=True)
class SkeletonFormat:
    """A kind of file.

    Args:
        name: name of the format, as the column ``format`` of a table has it.
        files: form of the files' names, for the README.
        written_by: programs or datasets whose files these are.
        reads: contents that are read.
        leaves_out: contents that are not read.
        layout: joint layout, where the format has only one.
        recognise: function from the beginning of a file to whether it is of this format.
        read: function that reads a file of one clip.
        open: function that opens a file of many clips; a format has this or ``read``.
        ends_early: whether frames without people at the end of a recording are not in its file.
    """

    name: str
    files: str
    written_by: str
    reads: str
    leaves_out: str
    layout: str = ""
    recognise: Callable[[FileHead], bool]
    read: Callable[[Path, ReadOptions], SkeletonRecording] | None = None
    open: Callable[[Path, ReadOptions], SkeletonCollection] | None = None
    ends_early: bool = False


def reader_of_poses(read: Callable[[Path], Poses]) -> Callable[[Path, ReadOptions], SkeletonRecording]:
    """Return the reader of a format with one joint layout, whose files name neither size nor rate."""

    def read_recording(path: Path, options: ReadOptions) -> SkeletonRecording:
        return SkeletonRecording(check_layout_of(path, read(path), options))

    return read_recording
