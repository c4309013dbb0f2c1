"""Preparation of a folder of skeleton files in class folders."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from triad.fusion.datasets.custom.folder_layout import find_layout, place_clip
from triad.fusion.datasets.custom.skeleton_file import common_layout
from triad.fusion.datasets.custom.skeleton_settings import SkeletonSettings, without_video
from triad.fusion.datasets.custom.writer import safe_ids, write_custom_dataset
from triad.fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec
from triad.fusion.index import Record
from triad.modalities.checks import InputError, fail
from triad.modalities.skeleton.readers import find_format

CURE = "give SOURCE/class/clip.json (any skeleton file, or OpenPose folder), or a file of a whole dataset"


def prepare_skeleton_folder(
    source: Path, out: Path, settings: SkeletonSettings, folders: str, dtype: str, progress: Progress[Any]
) -> dict[str, Any]:
    """Write the packed skeletons and the index of a folder of skeleton files.

    Args:
        source: folder.
        out: output folder.
        settings: what the user says about the files.
        folders: levels of the folders, see ``find_layout``.
        dtype: number format of the packed skeletons.
        progress: wrapper of the list of files that shows the progress.

    Raises:
        InputError: If no file lies in a class folder, or the folder is Kinetics-skeleton's.
    """
    if labels := sorted(source.glob("kinetics_*_label.json")):
        cure = f"prepare kinetics_skeleton '{source}'"
        fail("source", "have a folder for each class", f"labels in '{labels[0].name}'", cure)
    clips, dropped = _find_clips(source, out)
    levels = {path: path.relative_to(source).parts[:-1] for path in clips}
    folder_layout = find_layout(levels.values(), str(source)) if folders == "auto" and clips else folders
    records: dict[Path, Record] = {}
    for path, names in levels.items():
        place = place_clip(names, folder_layout)
        relative = path.relative_to(source).as_posix()
        if place is None:
            dropped.append({"id": relative, "reason": f"skeleton: '{path}' lies in no class folder"})
            continue
        fields = {"split": place.split, "subject": place.subject}
        records[path] = {"path": relative, "class": place.class_name}
        records[path] |= {key: value for key, value in fields.items() if value is not None}
    if not records:
        fail("source", "hold skeleton files in class folders", f"none in '{source}'", CURE)
    keys = [record["path"] for record in records.values()]
    ids = safe_ids([str(Path(key).with_suffix("")) for key in keys], keys)
    for record_id, record in zip(ids, records.values(), strict=True):
        record["id"] = record_id
    layout = settings.layout or common_layout(((path.name, settings.file(path)) for path in records), f"'{source}'")
    settings.guessed_sizes.clear()
    chosen = settings._replace(layout=layout)

    def recordings() -> Iterator[Recording]:
        for path in progress(list(records)):
            read = partial(chosen.read_file, path)
            yield Recording(records[path]["id"], (records[path],), skeleton_file=without_video(read))

    spec = SkeletonSpec(layout, None, dtype=dtype) if layout is not None else None
    classes = {record["class"] for record in records.values()}
    report = write_custom_dataset(
        "skeletons", out, recordings(), expected_classes=classes, dropped=dropped, skeletons=spec
    )
    return {**report, "notes": [f"folders are read as {folder_layout}", *report["notes"]]}


def _find_clips(source: Path, out: Path) -> tuple[list[Path], list[Dropped]]:
    """Return the skeleton files and OpenPose folders below a folder, and an entry for each kind of other files."""
    clips: list[Path] = []
    other: dict[str, list[Path]] = {}
    for folder in [source, *sorted(path for path in source.rglob("*") if path.is_dir())]:
        if folder.resolve() == out.resolve() or out.resolve() in folder.resolve().parents:
            continue
        files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
        if folder != source and any(path.name.endswith("_keypoints.json") for path in files):
            clips.append(folder)
            continue
        for path in files:
            try:
                str(path).encode()  # a name that is no UTF-8 cannot be written into the index
                if find_format(path).read is None:
                    fail(f"'{path}'", "hold one clip", "a whole dataset", "prepare it by itself")
                clips.append(path)
            except (InputError, UnicodeEncodeError):
                other.setdefault(path.suffix.lower(), []).append(path)
    dropped = []
    for suffix, paths in other.items():
        example = str(paths[0].relative_to(source)).encode(errors="backslashreplace").decode()
        reason = f"{len(paths)} files such as '{example}' hold no skeleton, or have names that are no UTF-8"
        dropped.append({"id": f"*{suffix.encode(errors='backslashreplace').decode()}", "reason": reason})
    return clips, dropped
