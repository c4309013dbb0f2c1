"""A folder of one's own clips: ``class/clip.mp4``, or ``train/class/clip.mp4`` beside ``test`` and maybe ``val``.

A class is the first folder, whatever lies below it; every container that PyAV reads will do. The videos stay where they
are, and no file is passed over without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

from fusion.datasets.custom.writer import SPLIT_NAMES, build_custom, check_frames, safe_ids
from fusion.datasets.writer import Dropped, Recording, find_files
from fusion.index.index import Record
from modalities.checks import fail

ENDING = re.compile(
    r"\.(3g2|3gp|asf|avi|divx|dv|f4v|flv|gif|h26[45]|hevc|m2ts|m2v|m4v|mjpe?g|mkv|mov|mp4|mpe?g|mts|mxf|nut|og[mv]"
    r"|rm|rmvb|ts|vob|webm|wmv|y4m)",
    re.IGNORECASE,
)
"""Of videos; FFmpeg itself would make pictures of text files too."""
CURE = "give the folder whose folders are the classes: SRC/drink/clip.mp4"
Progress = Callable[[list[Path]], Iterable[Path]]


def prepare_folder(source: Path, out: Path, *, progress: Progress = iter) -> dict[str, Any]:
    """Write the index; who validates and tests is carved out where no folders say it.

    Returns:
        the number of ``records``; ``dropped``: ``[{"id", "reason"}]``; the ``protocol`` that was made, and ``notes``.

    Raises:
        InputError: if ``source`` is no folder, is ``out``, or holds no usable clip in a class.
    """
    if source.resolve() == out.resolve():
        fail("OUT", "be another folder than the videos'", f"'{out}' for both")
    videos, dropped = _videos(source, out)
    tops = {path.relative_to(source).parts[0] for path in videos}
    divided = {SPLIT_NAMES.get(name.lower()) for name in tops} >= {"train", "test"} and all(
        name.lower() in SPLIT_NAMES for name in tops
    )
    deep = 1 + divided
    clips: dict[Path, Record] = {}
    for path in videos:
        parts = path.relative_to(source).parts
        if len(parts) <= deep:
            where = "train/<class>/" if divided else "<class>/"
            reason = f"video: '{path}' lies in no class folder: move it to {where}{path.name}"
            dropped.append({"id": _shown(path.relative_to(source)), "reason": reason})
            continue
        clips[path] = {"path": "/".join(parts), "class": normalize("NFC", parts[deep - 1])}
        if divided:
            clips[path]["split"] = SPLIT_NAMES[parts[0].lower()]
    if not clips:
        fail("source", "hold videos in class folders", f"none in '{source}'", CURE)
    keys = [record["path"] for record in clips.values()]
    ids = safe_ids([key.removesuffix(path.suffix) for path, key in zip(clips, keys, strict=True)], keys)
    for name, record in zip(ids, clips.values(), strict=True):
        record["id"] = name

    def recordings() -> Iterator[Recording]:
        for path in progress(list(clips)):
            yield Recording(clips[path]["id"], (clips[path],), video=path, fit=check_frames)

    folders = source.glob("*/*/" if divided else "*/")
    named = {normalize("NFC", path.name) for path in folders if path.resolve() != out.resolve()}
    expected = {_shown(Path(name)) for name in named if not name.startswith(".")}
    return build_custom("folder", out, recordings(), expected=expected, dropped=dropped)


def _videos(source: Path, out: Path) -> tuple[list[Path], list[Dropped]]:
    """Files that end as videos do; the others are counted by their ending, but for what systems leave (.DS_Store)."""
    videos: list[Path] = []
    dropped: list[Dropped] = []
    others: dict[str, list[Path]] = {}
    for path in [*find_files(source, "", without=out), *_hidden(source, out)]:
        relative = path.relative_to(source)
        if not ENDING.fullmatch(path.suffix):
            others.setdefault(path.suffix.lower(), []).append(relative)
        elif _shown(relative) != str(relative):
            reason = "video: the name is no UTF-8: rename it"
            dropped.append({"id": _shown(relative), "reason": reason})
        elif any(part.startswith(".") for part in relative.parts):
            what = "is hidden: rename it" if path.name.startswith(".") else "lies in a hidden folder: move it"
            reason = f"video: '{relative}' {what} if it is wanted"
            dropped.append({"id": str(relative), "reason": reason})
        else:
            videos.append(path)
    for ending, paths in others.items():
        what = f"{len(paths)} file{'s' * (len(paths) > 1)} such as '{_shown(paths[0])}'"
        dropped.append({"id": _shown(Path(f"*{ending}")), "reason": f"{what}: no video ends so"})
    return videos, dropped


def _hidden(source: Path, out: Path) -> list[Path]:
    """Videos whose names begin with a dot, but for those that macOS keeps beside files (``._clip.mp4``)."""
    found = (path for path in source.rglob(".[!_]*") if ENDING.fullmatch(path.suffix) and path.is_file())
    return sorted(path for path in found if out.resolve() not in path.resolve().parents)


def _shown(path: Path) -> str:
    """A path as text that can be written, whatever bytes it has."""
    return str(path).encode(errors="backslashreplace").decode()
