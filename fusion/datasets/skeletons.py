"""Skeletons without videos: a file that holds a whole dataset, or a folder of skeleton files in class folders.

Files of many clips are those of pyskl and mmaction2 (``.pkl``), ST-GCN and 2s-AGCN (``train_data.npy`` …) and CTR-GCN
(``.npz``); their splits become protocols, see :mod:`fusion.datasets.custom.named_splits`. In a folder, each file of a
format of :mod:`modalities.skeleton.readers` is a clip, and so is each folder of OpenPose's JSON; the levels of the
folders are those of ``prepare folder``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from fusion.datasets import SKELETON_DTYPE, Dataset, PrepareOption, by_official_list
from fusion.datasets.custom import (
    SkeletonFile,
    common_layout,
    note_on_sizes,
    read_class_names,
    resolve_layout,
    safe_ids,
    sort_classes,
    write_custom_dataset,
)
from fusion.datasets.custom.folder_layout import LAYOUTS, find_layout, place_clip
from fusion.datasets.custom.named_splits import assign_named_splits
from fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec, write_dataset
from fusion.index import Record
from modalities.checks import InputError, fail
from modalities.skeleton import UNITS
from modalities.skeleton.readers import ReadOptions, SkeletonCollection, SkeletonRecording, find_format, open_collection
from modalities.video import VideoInfo

DEFAULT_FPS = 30.0
CURE = "give SOURCE/class/clip.json (any skeleton file, or OpenPose folder), or a file of a whole dataset"


class Settings(NamedTuple):
    """What the user says about all files.

    Attributes:
        layout: name of the joint layout.
        unit: unit of the joints.
        axes: axes of the joints.
        size: height and width of the frames, pixels.
        fps: poses per second of files that do not say.
        guessed_sizes: names of files whose frames' size was guessed.
        guessed_rates: names of clips whose rate was taken from ``fps``.
    """

    layout: str | None
    unit: str | None
    axes: str | None
    size: tuple[int, int] | None
    fps: float
    guessed_sizes: list[str]
    guessed_rates: list[str]

    def file(self, path: Path) -> SkeletonFile:
        """Return a file with these settings."""
        return SkeletonFile(
            path=path,
            layout=self.layout,
            unit=self.unit,
            axes=self.axes,
            size=self.size,
            guessed_sizes=self.guessed_sizes,
        )

    def read(self, path: Path, read: Callable[[], SkeletonRecording]) -> SkeletonRecording:
        """Return a clip in our units, with its size and rate."""
        return self.with_rate(path, self.file(path).complete(read(), None))

    def read_file(self, path: Path) -> SkeletonRecording:
        """Return the clip of a file in our units, with its size and rate."""
        return self.with_rate(path, self.file(path).read(None))

    def with_rate(self, path: Path, recorded: SkeletonRecording) -> SkeletonRecording:
        """Return a clip with the rate of its file, or else the user's."""
        if recorded.fps is not None:
            return recorded
        self.guessed_rates.append(path.name)
        return SkeletonRecording(recorded.poses, recorded.size, self.fps)


def prepare_skeletons(
    source: Path,
    out: Path,
    *,
    joints: str | None = None,
    classes: str | None = None,
    folders: str = "auto",
    unit: str | None = None,
    axes: str | None = None,
    size: str | None = None,
    fps: float = DEFAULT_FPS,
    dtype: str = "float32",
    progress: Progress[Any] = iter,
) -> dict[str, Any]:
    """Write the packed skeletons and the index.

    Args:
        source: file of a whole dataset, or folder.
        out: output folder.
        joints: joint layout, where the files do not tell: a name, or a ``.json`` or ``.toml`` file.
        classes: file with the names of classes whose labels are numbers.
        folders: levels of the folders, one of ``LAYOUTS``; ``auto`` finds them.
        unit: unit of the joints.
        axes: axes of the joints.
        size: width and height of the frames, ``640x480``.
        fps: poses per second of files that do not say.
        dtype: number format of the packed skeletons.
        progress: wrapper of the list of clips that shows the progress.

    Returns:
        the report of :func:`~fusion.datasets.writer.write_dataset`, with ``protocol`` and ``notes``.

    Raises:
        InputError: If no clip is usable, or the source is of no known kind.
    """
    if not fps > 0:
        fail("--fps", "be positive", fps)
    layout = resolve_layout(joints, Path()) if joints is not None else None
    settings = Settings(layout, unit, axes, _parse_size(size), fps, [], [])
    class_names = read_class_names(Path(classes)) if classes is not None else {}
    collection = _find_collection(source, ReadOptions(layout))
    if collection is not None:
        report = _prepare_collection(collection, out, settings, class_names, dtype, progress)
    elif source.is_dir():
        report = _prepare_folder(source, out, settings, folders, dtype, progress)
    else:
        fail("source", "hold many clips", f"'{source}' of one", "name it in a table: prepare table")
    notes = note_on_sizes(settings.guessed_sizes)
    if settings.guessed_rates:
        notes.append(f"{len(settings.guessed_rates)} clips name no rate: {fps:g} poses a second are taken (--fps)")
    return {**report, "notes": [*report.get("notes", []), *notes]}


def _find_collection(source: Path, options: ReadOptions) -> SkeletonCollection | None:
    """Return the file of many clips that is the source, or that alone lies in it; None for other folders."""
    if not source.is_dir():
        return open_collection(source, options)
    files = sorted(path for path in source.iterdir() if path.suffix in (".npy", ".npz", ".pkl") and path.is_file())
    collections = [path for path in files if not path.name.endswith("_label.pkl") and _is_collection(path)]
    formats = {find_format(path).name for path in collections}
    if len(collections) > 1 and formats != {"stgcn"}:
        fail(
            "source",
            "be one dataset",
            f"{len(collections)}: {', '.join(path.name for path in collections[:3])}",
            "name one",
        )
    return open_collection(collections[0], options) if collections else None


def _is_collection(path: Path) -> bool:
    try:
        return find_format(path).open is not None
    except InputError:
        return False


def _prepare_collection(
    collection: SkeletonCollection,
    out: Path,
    settings: Settings,
    class_names: dict[int, str],
    dtype: str,
    progress: Progress[Any],
) -> dict[str, Any]:
    names = dict(enumerate(collection.classes)) | class_names
    dropped: list[Dropped] = []
    row_of: dict[str, int] = {}
    for number, (name, label) in enumerate(zip(collection.ids, collection.labels, strict=True)):
        if label is None:
            dropped.append({"id": name, "reason": "label must be given, got none"})
        elif row_of.setdefault(name, number) != number:
            dropped.append({"id": name, "reason": f"clip {number} has the name of clip {row_of[name]}"})
    rows = {name: number for name, number in row_of.items() if collection.labels[number] is not None}
    ids = safe_ids(list(rows), list(rows))
    class_of = {}
    for name, number in rows.items():
        label = collection.labels[number]
        class_of[name] = str(label) if label is None else names.get(label, str(label))
    order = [names[number] for number in sorted(names)]

    def recordings() -> Iterator[Recording]:
        for record_id, (name, number) in progress(list(zip(ids, rows.items(), strict=True))):
            record: Record = {"id": record_id, "path": name, "class": class_of[name]}
            read = partial(settings.read, collection.path, partial(collection.read, number))
            yield Recording(record_id, (record,), skeleton_file=_without_video(read))

    made: dict[str, Any] = {}

    def finalize(records: list[Record]) -> tuple[dict[str, Any], list[Record]]:
        classes = sort_classes({record["class"] for record in records}, order)
        protocol, assigned, notes = assign_named_splits(records, collection.splits)
        made.update(protocol=protocol, notes=notes)
        labels = {name: label for label, name in enumerate(classes)}
        return {"classes": classes, "protocol": protocol}, [{**row, "label": labels[row["class"]]} for row in assigned]

    report = write_dataset(
        out,
        recordings(),
        metainfo={"dataset": "skeletons", "classes": []},
        skeletons=SkeletonSpec(collection.layout, None, dtype=dtype),
        dropped=dropped,
        finalize=finalize,
    )
    return {**report, "protocol": made["protocol"], "notes": [*made["notes"], *report.get("notes", [])]}


def _prepare_folder(
    source: Path, out: Path, settings: Settings, folders: str, dtype: str, progress: Progress[Any]
) -> dict[str, Any]:
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
            yield Recording(records[path]["id"], (records[path],), skeleton_file=_without_video(read))

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


def _without_video(read: Callable[[], SkeletonRecording]) -> Callable[[VideoInfo | None], SkeletonRecording]:
    return lambda info: read()


def _parse_size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.lower().replace("×", "x").partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) < 2**16 and 0 < int(height) < 2**16):
        fail("--size", "be WIDTHxHEIGHT in pixels", f"'{text[:40]}'")
    return int(height), int(width)


SKELETONS = Dataset(
    name="skeletons",
    files="a file of pyskl or mmaction2 (.pkl), ST-GCN (train_data.npy …) or CTR-GCN (.npz), or SOURCE/class/clip "
    "(OpenPose folder, JSON, CSV, BVH …). Joints are metres in the frame of the camera (x right, y down, z away) or "
    "pixels (x right, y down); --unit and --axes convert others.",
    prepare=prepare_skeletons,
    options=(
        PrepareOption("joints", None, "Joint layout, where files do not tell: a name, or a .json or .toml file."),
        PrepareOption("classes", None, "File with the name of each class, a line each, for labels that are numbers."),
        PrepareOption("folders", "auto", "Levels of the folders, the top one first.", ("auto", *LAYOUTS)),
        PrepareOption("unit", None, "Unit of the joints in the files.", UNITS),
        PrepareOption("axes", None, "Axes that point right, down and away, such as 'x -y z' where y is up."),
        PrepareOption("size", None, "Width and height of the frames of joints in pixels or fractions, 640x480."),
        PrepareOption("fps", DEFAULT_FPS, "Poses per second of files that do not say."),
        SKELETON_DTYPE,
    ),
    protocols={name: by_official_list(name) for name in ("split1", "cross_subject")},
    is_custom=True,
    max_persons=2,
)
