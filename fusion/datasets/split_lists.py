"""Videos that official lists divide into splits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from fusion.datasets.writer import Dropped, Recording, build, find_files

Progress = Callable[[list[Path]], Iterable[Path]]
"""Shows how far it is, given the videos that are to be read."""


class Listed(NamedTuple):
    """What the lists say of a video.

    Attributes:
        label: class index.
        source_video: what clips of one film or session share.
        official: ``{split: train | test}``.
    """

    label: int
    source_video: str
    official: dict[str, str]


def build_listed(
    source: Path,
    out: Path,
    listed: Mapping[str, Listed],
    *,
    metainfo: Mapping[str, Any],
    endings: tuple[str, ...] = (".avi", ".mp4"),
    progress: Progress = iter,
) -> dict[str, Any]:
    """Write the index of the videos below ``source`` whose names without ending are in ``listed``.

    Returns:
        the number of ``records``, and ``dropped``: videos in no list or twice there, and listed ones without video.

    Raises:
        InputError: if nothing can be used.
    """
    dropped: list[Dropped] = []
    videos: dict[str, Path] = {}
    for path in find_files(source, *endings, without=out):
        if path.stem not in listed:
            dropped.append({"id": path.stem, "reason": f"video: '{path}' is in no official list"})
        elif path.stem in videos:
            dropped.append({"id": path.stem, "reason": f"video: '{path}' is there twice, also '{videos[path.stem]}'"})
        else:
            videos[path.stem] = path
    absent = sorted(set(listed) - set(videos))
    dropped += [{"id": name, "reason": "video: in an official list, but there is no file"} for name in absent]

    def recordings() -> Iterator[Recording]:
        for path in progress(list(videos.values())):
            yield Recording(path.stem, ({"id": path.stem, **listed[path.stem]._asdict()},), video=path)

    return build(out, recordings(), metainfo=metainfo, dropped=dropped)
