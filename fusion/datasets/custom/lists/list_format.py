"""Format of a list of clips that names videos by their ids, and the search for these videos below a folder."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from modalities.checks import fail


class VideoFiles:
    """Videos below a folder, found by their names without ending; the folder is searched at the first question.

    Args:
        folder: folder of the videos.
        exclude: folder that is not searched.
    """

    def __init__(self, folder: Path, exclude: Path | None = None) -> None:
        self.folder = folder
        self.exclude = exclude

    @cached_property
    def _paths_by_stem(self) -> Mapping[str, list[str]]:
        paths: dict[str, list[str]] = defaultdict(list)
        for folder, subfolders, names in self._walk():
            relative = Path(folder).relative_to(self.folder)
            for name in names:
                if not name.startswith("."):
                    paths[Path(name).stem].append((relative / name).as_posix())
            for name in subfolders:
                paths[name].append((relative / name).as_posix())  # a folder of pictures may be a video
        return paths

    def _walk(self) -> Iterator[tuple[str, list[str], list[str]]]:
        excluded = self.exclude.resolve() if self.exclude is not None else None
        for folder, subfolders, names in os.walk(self.folder):
            subfolders[:] = sorted(
                n for n in subfolders if not n.startswith(".") and Path(folder, n).resolve() != excluded
            )
            yield folder, subfolders, sorted(names)

    def find(self, stem: str, endings: tuple[str, ...]) -> str | None:
        """Return the path of a video relative to the folder, or None if there is none.

        Args:
            stem: name without ending.
            endings: suffixes that count, in small letters; an empty one stands for a folder of pictures.

        Raises:
            InputError: If there are several.
        """
        paths = [path for path in self._paths_by_stem.get(stem, ()) if Path(path).suffix.lower() in endings]
        if len(paths) > 1:
            fail(f"video '{stem}'", f"be once below '{self.folder}'", f"'{paths[0]}' and '{paths[1]}'")
        return paths[0] if paths else None


class ListFormat(NamedTuple):
    """Format of a list of clips with named columns.

    Attributes:
        name: name for messages.
        form: columns or file, for documentation.
        columns: columns, in small letters, by which it is known.
        convert: function from a row and the videos to the row of a table.
    """

    name: str
    form: str
    columns: frozenset[str]
    convert: Callable[[Mapping[str, str], VideoFiles], dict[str, str]]


def find_video(videos: VideoFiles, *stems: str) -> str:
    """Return the path of the first of these names that is there.

    Raises:
        InputError: If there is none of them, or one of them twice.
    """
    for stem in stems:
        path = videos.find(stem, VIDEO_ENDINGS)
        if path is not None:
            return path
    fail(f"video '{stems[-1]}'", f"be below '{videos.folder}'", "none", "download it, or name its folder with --videos")


VIDEO_ENDINGS = (".mp4", ".webm", ".mkv", ".avi", ".mov", ".m4v", ".mpg", ".mpeg", ".flv", "")
"""Suffixes of the videos of such lists, and none for folders of pictures."""
