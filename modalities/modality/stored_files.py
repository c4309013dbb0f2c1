"""Files of one modality: their length, what tells duplicates, and the columns of a table that name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from triad.modalities.clips import Source


class StoredContent(NamedTuple):
    """Summary of one stored clip.

    Attributes:
        num: number of entries in the file.
        digest: bytes that are equal for clips of equal content; None where contents are not compared.
        owner: id of the recording that the file itself names; None where it names none.
        oddities: what its values cannot be of anything real, see :class:`triad.modalities.skeleton.Plausibility`.
    """

    num: int
    digest: bytes | None = None
    owner: str | None = None
    oddities: frozenset[str] | None = None


Inspector = Callable[[Source, Mapping[str, Any]], StoredContent]
"""Opens the file of a source and summarises it, given the stream's entry in ``metainfo.streams``; InputError if it is
damaged or of another kind."""


@dataclass(frozen=True, kw_only=True)
class StoredFiles:
    """How the files of a modality are checked and described.

    Args:
        inspector: makes an inspector that may keep files open while a dataset is checked.
        frame_size: returns height and width of the stored pictures, pixels; None where there are none.
        exact: whether a file must hold exactly as many entries as the index says; otherwise at least as many.
        length_offset: how many entries fewer than frames a stream has.
        compare_bytes: whether files of equal bytes are duplicates.
        folders: whether a folder of pictures may stand for a file.
        unverified: note on properties that the check leaves unverified; empty if there are none.
        columns: columns of a table of recordings that name files of the modality, each a stream of its own.
        standalone: whether the file of a column makes a recording without a video.
        describe: returns ``num`` and the clock of the file of a column, given its path, the entry of the video beside
            it (None without a video) and entries per second where the table names them; None where a dataset stores
            such files otherwise.
    """

    inspector: Callable[[], Inspector]
    frame_size: Callable[[Source], tuple[int, int] | None]
    exact: bool = True
    length_offset: int = 0
    compare_bytes: bool = False
    folders: bool = False
    unverified: str = ""
    columns: tuple[str, ...] = ()
    standalone: bool = False
    describe: Callable[[Path, Mapping[str, Any] | None, float | None], dict[str, Any]] | None = None

    def is_there(self, path: Path) -> bool:
        """Return whether something that could be read lies at ``path``."""
        return path.is_file() or (self.folders and path.is_dir())
