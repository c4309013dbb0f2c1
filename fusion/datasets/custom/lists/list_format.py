"""Format of a list of clips that names videos by their ids, and the search for these videos below a folder."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from triad.fusion.datasets.writer import find_files
from triad.modalities.checks import fail


class VideoFiles:
    """Videos below a folder, found by their names without ending; the folder is searched at the first question.

    Args:
        folder: folder of the videos.
        exclude: folder that is not searched.
        is_named: whether the user named the folder, so that whole paths of other machines are looked for in it.
    """

    def __init__(self, folder: Path, exclude: Path | None = None, *, is_named: bool = False) -> None:
        self.folder = folder
        self.exclude = exclude
        self.is_named = is_named
        self._removed_names: list[str] | None = None

    def find_end_of(self, path: str) -> str | None:
        """Return the end of a path of another machine that is there below the folder, or None.

        What the first path that is found has before its end, all others must have, so that equal names in other folders
        are not taken.
        """
        names = [name for name in re.split(r"[/\\]", path[:4096]) if name]
        if not self.is_named or ".." in names or "\0" in path:
            return None
        lengths = range(len(names)) if self._removed_names is None else [len(self._removed_names)]
        for length in lengths:
            end = "/".join(names[length:])
            if self._removed_names in (None, names[:length]) and end and os.path.lexists(self.folder / end):
                self._removed_names = names[:length]
                return end
        return None

    @cached_property
    def _paths_by_stem(self) -> Mapping[str, list[str]]:
        """Paths of the files by their names without ending, and of the folders that hold files."""
        paths: dict[str, list[str]] = defaultdict(list)
        files = find_files(self.folder, "", exclude=self.exclude or self.folder / "index.json")
        for path in files:
            paths[path.stem].append(path.relative_to(self.folder).as_posix())
        for path in sorted({path.parent for path in files} - {self.folder}):
            paths[path.name].append(f"{path.relative_to(self.folder).as_posix()}/")
        return paths

    def find(self, stem: str, suffixes: tuple[str, ...]) -> str | None:
        """Return the path of a video, or else of a folder of that name, relative to the folder; None without either.

        Args:
            stem: name without ending.
            suffixes: endings of videos, in small letters.

        Raises:
            InputError: If there are several.
        """
        paths = self._paths_by_stem.get(stem, ())
        videos = [path for path in paths if Path(path).suffix.lower() in suffixes and not path.endswith("/")]
        matches = videos or [path.rstrip("/") for path in paths if path.endswith("/")]
        if len(matches) > 1:
            fail(f"video '{stem}'", f"be once below '{self.folder}'", f"'{matches[0]}' and '{matches[1]}'")
        return matches[0] if matches else None


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
        path = videos.find(stem, VIDEO_SUFFIXES)
        if path is not None:
            return path
    fail(f"video '{stems[-1]}'", f"be below '{videos.folder}'", "none", "download it, or name its folder with --videos")


VIDEO_SUFFIXES = (".mp4", ".webm", ".mkv", ".avi", ".mov", ".m4v", ".mpg", ".mpeg", ".flv")
"""Suffixes of the videos of such lists."""
