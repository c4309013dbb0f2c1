"""Files of trimmed clips: skeleton and video of a clip share a name, its id, and differ in the ending."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from triad.fusion.datasets.writer import Dropped, find_files, summarize_reasons
from triad.modalities.checks import fail


@dataclass(frozen=True)
class ClipFiles:
    """Files of one clip.

    Args:
        id: name that the files share.
        fields: named groups of the pattern in the id.
        skeleton: path of the skeleton file.
        video: path of the video.
    """

    id: str
    fields: dict[str, str]
    skeleton: Path | None
    video: Path | None


def find_clips(
    source: Path, pattern: str, *, skeleton: str | tuple[str, ...], video: tuple[str, ...], exclude: Path, cure: str
) -> tuple[list[ClipFiles], list[Dropped]]:
    """Return the clips below a folder in the order of their ids, and the files that belong to no clip.

    Args:
        source: folder to search with all its folders.
        pattern: regular expression of a whole id.
        skeleton: endings of skeleton files, after the id; the first that fits counts.
        video: endings of videos, after the id.
        exclude: folder that is not searched.
        cure: advice for a folder without clips.

    Raises:
        InputError: If ``source`` is not a folder or holds no clip.
    """
    files_by_id: dict[str, dict[str, Path]] = {}
    dropped: list[Dropped] = []
    skeleton_endings = (skeleton,) if isinstance(skeleton, str) else skeleton
    for path in find_files(source, *skeleton_endings, *video, exclude=exclude):
        ending = next(ending for ending in (*skeleton_endings, *video) if path.name.endswith(ending))
        clip_id = path.name.removesuffix(ending)
        kind = "skeleton" if ending in skeleton_endings else "video"
        if re.fullmatch(pattern, clip_id) is None:
            dropped.append({"id": clip_id, "reason": f"{kind}: '{path}' is not named as the dataset's clips are"})
        elif kind in files_by_id.setdefault(clip_id, {}):
            dropped.append(
                {"id": clip_id, "reason": f"{kind}: '{path}' is there twice, also '{files_by_id[clip_id][kind]}'"}
            )
        else:
            files_by_id[clip_id][kind] = path
    if not files_by_id:
        got = f"none in '{source}'" + (f"; dropped: {summarize_reasons(dropped)}" if dropped else "")
        fail("source", "hold clips named as the dataset's are", got, cure)
    clips = []
    for clip_id, files in sorted(files_by_id.items()):
        match = re.fullmatch(pattern, clip_id)
        fields = match.groupdict() if match else {}
        clips.append(ClipFiles(clip_id, fields, files.get("skeleton"), files.get("video")))
    return clips, dropped
