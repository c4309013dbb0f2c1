"""Folder of the user's clips: ``class/clip.mp4``, or ``train/class/clip.mp4`` beside ``test`` and maybe ``val``.

A class is the first folder, whatever lies below it; every container that PyAV reads will do. The videos stay where they
are, and every file that is not used is in the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

from fusion.datasets import Dataset, by_official_list
from fusion.datasets.custom import SPLIT_NAMES, check_frames, safe_ids, write_custom_dataset
from fusion.datasets.writer import Dropped, Progress, Recording, find_files
from fusion.index import Record
from modalities.checks import fail

VIDEO_SUFFIX = re.compile(
    r"\.(3g2|3gp|asf|avi|divx|dv|f4v|flv|gif|h26[45]|hevc|m2ts|m2v|m4v|mjpe?g|mkv|mov|mp4|mpe?g|mts|mxf|nut|og[mv]"
    r"|rm|rmvb|ts|vob|webm|wmv|y4m)",
    re.IGNORECASE,
)
"""Suffixes of videos; FFmpeg itself would read text files as pictures too."""
CURE = "give the folder whose folders are the classes: SRC/drink/clip.mp4"


def prepare_folder(source: Path, out: Path, *, progress: Progress[Path] = iter) -> dict[str, Any]:
    """Write the index; validation and test are taken out of train unless folders name them.

    Returns:
        the report of :func:`~fusion.datasets.custom.writer.write_custom_dataset`.

    Raises:
        InputError: If ``source`` is no folder, is ``out``, or holds no usable clip in a class.
    """
    if source.resolve() == out.resolve():
        fail("OUT", "be another folder than the videos'", f"'{out}' for both")
    videos, dropped = _find_videos(source, out)
    top_folders = {path.relative_to(source).parts[0].lower() for path in videos}
    has_split_folders = top_folders <= set(SPLIT_NAMES) and {"train", "test"} <= {
        SPLIT_NAMES[name] for name in top_folders
    }
    class_depth = 1 if has_split_folders else 0
    clips: dict[Path, Record] = {}
    for path in videos:
        parts = path.relative_to(source).parts
        if len(parts) <= class_depth + 1:
            target = "train/<class>/" if has_split_folders else "<class>/"
            reason = f"video: '{path}' lies in no class folder: move it to {target}{path.name}"
            dropped.append({"id": _printable(path.relative_to(source)), "reason": reason})
            continue
        clips[path] = {"path": "/".join(parts), "class": normalize("NFC", parts[class_depth])}
        if has_split_folders:
            clips[path]["split"] = SPLIT_NAMES[parts[0].lower()]
    if not clips:
        fail("source", "hold videos in class folders", f"none in '{source}'", CURE)
    keys = [record["path"] for record in clips.values()]
    ids = safe_ids([key.removesuffix(path.suffix) for path, key in zip(clips, keys, strict=True)], keys)
    for clip_id, record in zip(ids, clips.values(), strict=True):
        record["id"] = clip_id

    def recordings() -> Iterator[Recording]:
        for path in progress(list(clips)):
            yield Recording(clips[path]["id"], (clips[path],), video=path, finalize=check_frames)

    class_folders = source.glob("*/*/" if has_split_folders else "*/")
    class_names = {normalize("NFC", path.name) for path in class_folders if path.resolve() != out.resolve()}
    expected_classes = {_printable(Path(name)) for name in class_names if not name.startswith(".")}
    return write_custom_dataset("folder", out, recordings(), expected_classes=expected_classes, dropped=dropped)


def _find_videos(source: Path, out: Path) -> tuple[list[Path], list[Dropped]]:
    """Return the videos, and an entry for each unusable one and for each other suffix, without hidden system files."""
    videos: list[Path] = []
    dropped: list[Dropped] = []
    other_files: dict[str, list[Path]] = {}
    for path in [*find_files(source, "", exclude=out), *_hidden_videos(source, out)]:
        relative = path.relative_to(source)
        if not VIDEO_SUFFIX.fullmatch(path.suffix):
            other_files.setdefault(path.suffix.lower(), []).append(relative)
        elif _printable(relative) != str(relative):
            dropped.append({"id": _printable(relative), "reason": "video: the name is no UTF-8: rename it"})
        elif any(part.startswith(".") for part in relative.parts):
            problem = "is hidden: rename it" if path.name.startswith(".") else "lies in a hidden folder: move it"
            dropped.append({"id": str(relative), "reason": f"video: '{relative}' {problem} if it is wanted"})
        else:
            videos.append(path)
    for suffix, paths in other_files.items():
        files = f"{len(paths)} file{'s' * (len(paths) > 1)} such as '{_printable(paths[0])}'"
        dropped.append({"id": _printable(Path(f"*{suffix}")), "reason": f"{files}: no video ends so"})
    return videos, dropped


def _hidden_videos(source: Path, out: Path) -> list[Path]:
    """Return the videos whose names begin with a dot, without those that macOS keeps beside files (``._clip.mp4``)."""
    paths = [path for path in source.rglob(".[!_]*") if VIDEO_SUFFIX.fullmatch(path.suffix) and path.is_file()]
    return sorted(path for path in paths if out.resolve() not in path.resolve().parents)


def _printable(path: Path) -> str:
    """Return a path as text that can be written, whatever bytes it has."""
    return str(path).encode(errors="backslashreplace").decode()


FOLDER = Dataset(
    name="folder",
    files="SOURCE/class/clip.mp4, or SOURCE/{train,val,test}/class/clip.mp4.",
    prepare=prepare_folder,
    protocols={"split1": by_official_list("split1")},
    is_custom=True,
)
