"""Skeletons without videos: a file that holds a whole dataset, or a folder of skeleton files in class folders.

Files of many clips are those of pyskl and mmaction2 (``.pkl``), ST-GCN and 2s-AGCN (``train_data.npy`` …) and CTR-GCN
(``.npz``); their splits become protocols, see :mod:`triad.fusion.datasets.custom.named_splits`. In a folder, each file
of a format of :mod:`triad.modalities.skeleton.readers` is a clip, and so is each folder of OpenPose's JSON; the levels
of the folders are those of ``prepare folder``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, PrepareOption, by_official_list
from triad.fusion.datasets.custom import LAYOUTS, note_on_sizes, read_class_names, resolve_layout
from triad.fusion.datasets.custom.skeleton_collection import find_collection, prepare_collection
from triad.fusion.datasets.custom.skeleton_folder import prepare_skeleton_folder
from triad.fusion.datasets.custom.skeleton_settings import SkeletonSettings
from triad.fusion.datasets.writer import Progress
from triad.modalities.checks import fail
from triad.modalities.skeleton import UNITS, parse_frame_size
from triad.modalities.skeleton.readers import ReadOptions

DEFAULT_FPS = 30.0


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
        the report of :func:`~triad.fusion.datasets.writer.write_dataset`, with ``protocol`` and ``notes``.

    Raises:
        InputError: If no clip is usable, or the source is of no known kind.
    """
    if not fps > 0:
        fail("--fps", "be positive", fps)
    layout = resolve_layout(joints, Path()) if joints is not None else None
    frame_size = parse_frame_size(size, "--size") if size is not None else None
    settings = SkeletonSettings(layout, unit, axes, frame_size, fps, [], [])
    class_names = read_class_names(Path(classes)) if classes is not None else {}
    collection = find_collection(source, ReadOptions(layout))
    if collection is not None:
        report = prepare_collection(collection, out, settings, class_names, dtype, progress)
    elif source.is_dir():
        report = prepare_skeleton_folder(source, out, settings, folders, dtype, progress)
    else:
        fail("source", "hold many clips", f"'{source}' of one", "name it in a table: prepare table")
    notes = note_on_sizes(settings.guessed_sizes)
    if settings.guessed_rates:
        notes.append(f"{len(settings.guessed_rates)} clips name no rate: {fps:g} poses a second are taken (--fps)")
    return {**report, "notes": [*report.get("notes", []), *notes]}


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
