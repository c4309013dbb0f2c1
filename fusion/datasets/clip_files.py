"""Trimmed clips whose files are named alike: the skeleton and the video of a clip differ in the end of their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from fusion.datasets.writer import Dropped, find_files
from modalities.checks import fail


@dataclass(frozen=True)
class Clip:
    """What was found of one clip.

    Args:
        id: the name that its files share.
        fields: what the name says, as the groups of the pattern.
        skeleton, video: its files.
    """

    id: str
    fields: dict[str, str]
    skeleton: Path | None
    video: Path | None


Progress = Callable[[list[Clip]], Iterable[Clip]]
"""Shows how far it is, given the clips that are to be read."""


def find_clips(
    source: Path, pattern: str, *, skeleton: str | tuple[str, ...], video: tuple[str, ...], without: Path, cure: str
) -> tuple[list[Clip], list[Dropped]]:
    """The clips below ``source`` in the order of their ids, and the files that are none.

    Args:
        source: folder, searched with all folders in it.
        pattern: regular expression of a clip's whole id.
        skeleton: how the name of a skeleton file goes on after the id; the first that fits.
        video: how that of a video may.
        without: folder that is not searched.
        cure: what to do where nothing is found.

    Raises:
        InputError: if ``source`` is no folder or holds no clip.
    """
    found: dict[str, dict[str, Path]] = {}
    dropped: list[Dropped] = []
    skeletons = (skeleton,) if isinstance(skeleton, str) else skeleton
    for path in find_files(source, *skeletons, *video, without=without):
        ending = next(end for end in (*skeletons, *video) if path.name.endswith(end))
        name, part = path.name.removesuffix(ending), "skeleton" if ending in skeletons else "video"
        if re.fullmatch(pattern, name) is None:
            dropped.append({"id": name, "reason": f"{part}: '{path}' is not named as the dataset's clips are"})
        elif part in found.setdefault(name, {}):
            dropped.append({"id": name, "reason": f"{part}: '{path}' is there twice, also '{found[name][part]}'"})
        else:
            found[name][part] = path
    if not found:
        fail("source", "hold clips named as the dataset's are", f"none in '{source}'", cure)
    clips = []
    for name, files in sorted(found.items()):
        matched = re.fullmatch(pattern, name)
        fields = matched.groupdict() if matched else {}
        clips.append(Clip(name, fields, files.get("skeleton"), files.get("video")))
    return clips, dropped
