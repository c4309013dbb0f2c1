"""Folder of the user's clips: ``class/clip.mp4``, ``train/class/clip.mp4`` or ``class/train/clip.mp4``.

Folders below these levels are recordings, whose clips stay in one split. Every container that PyAV reads will do, and a
folder of numbered pictures as well. The videos stay where they are, and every file that is not used is in the report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unicodedata import normalize

from triad.fusion.datasets import Dataset, PrepareOption, by_official_list
from triad.fusion.datasets.custom import LAYOUTS, check_frames, find_layout, place_clip, safe_ids, write_custom_dataset
from triad.fusion.datasets.custom.folds import FOLDS, assign_with_folds
from triad.fusion.datasets.writer import Dropped, Progress, Recording, find_files
from triad.fusion.index import Record
from triad.modalities.checks import InputError, fail
from triad.modalities.video import DEFAULT_PICTURE_FPS, PICTURE_SUFFIXES

VIDEO_SUFFIX = re.compile(
    r"\.(3g2|3gp|asf|avi|divx|dv|f4v|flv|gif|h26[45]|hevc|m2ts|m2v|m4v|mjpe?g|mkv|mov|mp4|mpe?g|mts|mxf|nut|og[mv]"
    r"|rm|rmvb|ts|vob|webm|wmv|y4m)$",
    re.IGNORECASE,
)
"""Suffixes of videos; FFmpeg itself would read text files as pictures too."""
CURE = "give the folder whose folders are the classes: SRC/drink/clip.mp4"


def prepare_folder(
    source: Path,
    out: Path,
    *,
    layout: str = "auto",
    fps: float = DEFAULT_PICTURE_FPS,
    folds: int = 0,
    progress: Progress[Path] = iter,
) -> dict[str, Any]:
    """Write the index; validation and test are taken out of train unless folders name them.

    Args:
        source: folder of the clips.
        out: output folder.
        layout: levels of its folders, one of ``LAYOUTS``; ``auto`` finds them by the usual names of splits.
        fps: pictures per second of folders of pictures.
        folds: number of folds, see :func:`~triad.fusion.datasets.custom.folds.assign_with_folds`; 0 for none.
        progress: wrapper of the list of videos that shows the progress.

    Returns:
        the report of :func:`~triad.fusion.datasets.custom.writer.write_custom_dataset`, with the ``layout``.

    Raises:
        InputError: If ``source`` is no folder, is ``out``, holds no usable clip in a class, or has several meanings.
    """
    if source.resolve() == out.resolve():
        fail("OUT", "be another folder than the videos'", f"'{out}' for both")
    videos, dropped = _find_videos(source, out)
    folders_of = {path: path.relative_to(source).parts[:-1] for path in videos}
    found_layout = find_layout(folders_of.values(), str(source)) if layout == "auto" else layout
    levels = found_layout.split("/")
    clips: dict[Path, Record] = {}
    for path, folders in folders_of.items():
        relative_path = path.relative_to(source)
        try:
            clip_place = place_clip(folders, found_layout)
        except InputError as error:
            dropped.append({"id": _printable(relative_path), "reason": f"video: {error}"})
            continue
        if clip_place is None:
            target = "/".join([*(f"<{level}>" for level in levels), path.name])
            reason = f"video: '{path}' lies in no class folder: move it to {target}"
            dropped.append({"id": _printable(relative_path), "reason": reason})
            continue
        clips[path] = {"path": relative_path.as_posix(), "class": clip_place.class_name}
        clips[path] |= {
            key: value
            for key, value in (("split", clip_place.split), ("subject", clip_place.subject))
            if value is not None
        }
    if not clips:
        fail("source", "hold videos in class folders", f"none in '{source}'", CURE)
    keys = [record["path"] for record in clips.values()]
    ids = safe_ids([VIDEO_SUFFIX.sub("", key) for key in keys], keys)
    for clip_id, record in zip(ids, clips.values(), strict=True):
        record["id"] = clip_id

    def recordings() -> Iterator[Recording]:
        for path in progress(list(clips)):
            yield Recording(clips[path]["id"], (clips[path],), video=path, finalize=check_frames, fps=fps)

    class_folders = source.glob("/".join("*" for _ in levels[: levels.index("class") + 1]) + "/")
    class_names = {normalize("NFC", path.name) for path in class_folders if path.resolve() != out.resolve()}
    expected_classes = {_printable(Path(name)) for name in class_names if not name.startswith(".")}
    report = write_custom_dataset(
        "folder",
        out,
        recordings(),
        expected_classes=expected_classes,
        dropped=dropped,
        assign=partial(assign_with_folds, folds=folds),
    )
    notes = [f"folders are read as {found_layout}", *_notes_on_layout(folders_of.values(), layout, found_layout)]
    if num_folders := sum(path.is_dir() for path in clips):
        folders_text = f"{num_folders} folder{'s' * (num_folders > 1)} of pictures"
        notes.append(f"{folders_text}: {fps:g} pictures per second are assumed (--fps says otherwise)")
    return {**report, "layout": found_layout, "notes": [*notes, *report["notes"]]}


def _notes_on_layout(all_folders: Iterable[tuple[str, ...]], requested: str, chosen: str) -> list[str]:
    """Return a note if the folders below the classes are those of several classes, as they are of people too."""
    pairs = {folders[:2] for folders in all_folders if len(folders) > 1}
    shared_names = [name for name, count in Counter(name for _, name in pairs).items() if count > 1]
    if requested != "auto" or chosen != "class" or not shared_names:
        return []
    name = min(shared_names)
    return [f"'{name}' is a folder of several classes: if such folders are the classes, say --layout source/class"]


def _find_videos(source: Path, out: Path) -> tuple[list[Path], list[Dropped]]:
    """Return the videos, and an entry for each unusable one and for each other suffix, without hidden system files."""
    videos: list[Path] = []
    dropped: list[Dropped] = []
    other_files: dict[str, list[Path]] = {}
    files, picture_folders = _split_pictures(
        [*find_files(source, "", exclude=out), *_hidden_videos(source, out)], source
    )
    clips_of_pictures = set(picture_folders)
    for path in [*files, *picture_folders]:
        relative = path.relative_to(source)
        if not VIDEO_SUFFIX.fullmatch(path.suffix) and path not in clips_of_pictures:
            other_files.setdefault(path.suffix.lower(), []).append(relative)
        elif _printable(relative) != str(relative):
            dropped.append({"id": _printable(relative), "reason": "video: the name is no UTF-8: rename it"})
        elif any(part.startswith(".") for part in relative.parts):
            problem = "is hidden: rename it" if path.name.startswith(".") else "lies in a hidden folder: move it"
            dropped.append({"id": str(relative), "reason": f"video: '{relative}' {problem} if it is wanted"})
        else:
            videos.append(path)
    for suffix, paths in other_files.items():
        example = f"{len(paths)} file{'s' * (len(paths) > 1)} such as '{_printable(paths[0])}'"
        dropped.append({"id": _printable(Path(f"*{suffix}")), "reason": f"{example}: no video ends so"})
    return videos, dropped


def _split_pictures(files: list[Path], source: Path) -> tuple[list[Path], list[Path]]:
    """Return the files that are no part of a folder of pictures, and these folders: of two pictures and no video."""
    counts = Counter(path.parent for path in files if path.suffix.lower() in PICTURE_SUFFIXES)
    mixed_folders = {source, *(path.parent for path in files if VIDEO_SUFFIX.fullmatch(path.suffix))}
    folders = sorted(folder for folder, count in counts.items() if count > 1 and folder not in mixed_folders)
    chosen = set(folders)
    single_files = [path for path in files if path.parent not in chosen or path.suffix.lower() not in PICTURE_SUFFIXES]
    return single_files, folders


def _hidden_videos(source: Path, out: Path) -> list[Path]:
    """Return the videos whose names begin with a dot, without those that macOS keeps beside files (``._clip.mp4``)."""
    paths = [path for path in source.rglob(".[!_]*") if VIDEO_SUFFIX.fullmatch(path.suffix) and path.is_file()]
    return sorted(path for path in paths if out.resolve() not in path.resolve().parents)


def _printable(path: Path) -> str:
    """Return a path as text that can be written, whatever bytes it has."""
    return str(path).encode(errors="backslashreplace").decode()


FOLDER = Dataset(
    name="folder",
    files="SOURCE/class/clip.mp4, SOURCE/{train,val,test}/class/clip.mp4 or SOURCE/class/{train,val,test}/clip.mp4; a "
    "folder clip/ of numbered pictures will do as clip.mp4.",
    prepare=prepare_folder,
    options=(
        PrepareOption(
            "layout",
            "auto",
            "Levels of the folders, the top one first; auto looks for the usual names of splits.",
            ("auto", *LAYOUTS),
        ),
        PrepareOption("fps", DEFAULT_PICTURE_FPS, "Pictures per second of clips that are folders of pictures."),
        FOLDS,
    ),
    protocols={name: by_official_list(name) for name in ("cross_subject", "split1")},
    is_custom=True,
)
