"""Preparation of videos that official lists assign to splits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from triad.fusion.datasets.writer import Dropped, Progress, Recording, find_files, write_dataset


class ListedVideo(NamedTuple):
    """Entry of a video in the official lists.

    Attributes:
        label: class index.
        source_video: name that all clips of one source video or session share.
        official: ``{list: train | test}``.
    """

    label: int
    source_video: str
    official: dict[str, str]


def prepare_listed_videos(
    source: Path,
    out: Path,
    listed: Mapping[str, ListedVideo],
    *,
    metainfo: Mapping[str, Any],
    progress: Progress[Path] = iter,
) -> dict[str, Any]:
    """Write the index of the videos (``.avi``, ``.mp4``) below a folder whose names without ending are ``listed``.

    Returns:
        ``records``, their number, and ``dropped``: videos in no list or found twice, and listed ones without a file.

    Raises:
        InputError: If no video is usable.
    """
    dropped: list[Dropped] = []
    videos: dict[str, Path] = {}
    for path in find_files(source, ".avi", ".mp4", exclude=out):
        if path.stem not in listed:
            dropped.append({"id": path.stem, "reason": f"video: '{path}' is in no official list"})
        elif path.stem in videos:
            dropped.append({"id": path.stem, "reason": f"video: '{path}' is there twice, also '{videos[path.stem]}'"})
        else:
            videos[path.stem] = path
    missing = sorted(set(listed) - set(videos))
    dropped += [{"id": video_id, "reason": "video: in an official list, but there is no file"} for video_id in missing]

    def recordings() -> Iterator[Recording]:
        for path in progress(list(videos.values())):
            yield Recording(path.stem, ({"id": path.stem, **listed[path.stem]._asdict()},), video=path)

    return write_dataset(out, recordings(), metainfo=metainfo, dropped=dropped)
