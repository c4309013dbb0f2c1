"""Kinetics-skeleton: Yan et al. 2018, Spatial Temporal Graph Convolutional Networks, who ran OpenPose on Kinetics-400.

On disk: ``kinetics_{train,val}_label.json`` (``{id: {"has_skeleton", "label", "label_index"}}``) and a file a video,
``kinetics_{train,val}/<id>.json``. Videos of which ``has_skeleton`` is false are left out, as everybody does. Poses are
in pixels of 340×256, to which the authors brought all videos.

Protocol: the official validation set tests, because the labels of Kinetics' own test set were not published; a
twentieth of train validates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, by_official_list, share_of_source_videos
from triad.fusion.datasets.prefetch import prefetch
from triad.fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec, write_dataset
from triad.modalities.atomic_files import read_json
from triad.modalities.checks import fail
from triad.modalities.skeleton.readers.kinetics import SIZE, read_kinetics

SPLIT_OF_FOLDER = {"train": "train", "val": "test"}
FPS = 30.0  # of all videos as the authors converted them
MAX_PERSONS = 5
NUM_CLASSES = 400
"""Classes of the published dataset; with others it is one's own in the same form."""
CURE = "give the folder that holds kinetics_{train,val}/ and kinetics_{train,val}_label.json"


class LabelledVideo(NamedTuple):
    """Row of a label file.

    Attributes:
        path: path of the file with the poses.
        split: ``train`` or ``test``.
        label: class index.
        class_name: name of the class.
        has_skeleton: whether OpenPose detected somebody.
    """

    path: Path
    split: str
    label: int
    class_name: str
    has_skeleton: bool


def read_labels(source: Path) -> list[LabelledVideo]:
    """Return the rows of both label files, train first, in the order of their ids.

    Raises:
        InputError: If a file is missing or a row is not as published.
    """
    videos = []
    for folder, split in SPLIT_OF_FOLDER.items():
        path = source / f"kinetics_{folder}_label.json"
        table = read_json(path, cure=CURE)
        if not isinstance(table, Mapping):
            fail(f"'{path}'", "be {id: {has_skeleton, label, label_index}}", type(table).__name__, CURE)
        for video_id, row in sorted(table.items()):
            types = {"has_skeleton": bool, "label": str, "label_index": int}
            if not isinstance(row, Mapping) or any(type(row.get(key)) is not kind for key, kind in types.items()):
                fail(f"'{video_id}' in '{path}'", "have has_skeleton, label and label_index", row, CURE)
            file = source / f"kinetics_{folder}" / f"{video_id}.json"
            videos.append(LabelledVideo(file, split, row["label_index"], row["label"], row["has_skeleton"]))
    return videos


def class_names(videos: Iterable[LabelledVideo]) -> dict[int, str]:
    """Return the names of the classes by their indices, which may begin with 1 or have gaps in files of one's own.

    Raises:
        InputError: If an index has several names.
    """
    names_by_label: dict[int, set[str]] = {}
    for video in videos:
        names_by_label.setdefault(video.label, set()).add(video.class_name)
    for label, names in names_by_label.items():
        if len(names) > 1:
            fail(f"class {label} in the label files", "have one name", sorted(names)[:5], CURE)
    return {label: names_by_label[label].pop() for label in sorted(names_by_label)}


def prepare_kinetics_skeleton(
    source: Path, out: Path, *, dtype: str = "float32", progress: Progress[LabelledVideo] = iter
) -> dict[str, Any]:
    """Write the packed skeletons and the index.

    Raises:
        InputError: If the folder is not Kinetics-skeleton's.
    """
    videos = read_labels(source)
    dropped: list[Dropped] = [
        {"id": video.path.stem, "reason": "skeleton: nobody was found (has_skeleton is false)"}
        for video in videos
        if not video.has_skeleton
    ]
    names = class_names(videos)
    label_of_index = {index: label for label, index in enumerate(names)}
    labelled_paths = {video.path for video in videos}
    paths = [path for folder in SPLIT_OF_FOLDER for path in sorted((source / f"kinetics_{folder}").glob("*.json"))]
    dropped += [
        {"id": path.stem, "reason": f"skeleton: '{path}' is not in its label file"}
        for path in paths
        if path not in labelled_paths
    ]

    def recordings() -> Iterator[Recording]:
        with_skeleton = [video for video in videos if video.has_skeleton]
        read = partial(read_kinetics, max_persons=MAX_PERSONS)
        prefetched = prefetch((video.path for video in with_skeleton), read)  # parsing takes long
        for video, (path, skeleton) in zip(progress(with_skeleton), prefetched, strict=True):
            lists = {"source_video": path.stem, "official": {"split1": video.split}}
            record = {"id": path.stem, "label": label_of_index[video.label], **lists}
            yield Recording(path.stem, (record,), skeleton=skeleton)

    report = write_dataset(
        out,
        recordings(),
        metainfo={
            "dataset": "kinetics_skeleton",
            **({"own": True} if len(names) != NUM_CLASSES else {}),
            "classes": list(names.values()),
            "source": "Yan et al. 2018, Spatial Temporal Graph Convolutional Networks; Kay et al. 2017, Kinetics",
        },
        skeletons=SkeletonSpec(layout="openpose18", fps=FPS, size=SIZE, dtype=dtype),
        dropped=dropped,
    )
    if list(names) == list(range(len(names))):
        return report
    first = min(names)
    note = f"classes have gaps or do not begin with 0: label 0 stands for label_index {first}, '{names[first]}'"
    return {**report, "notes": [note, *report.get("notes", [])]}


KINETICS_SKELETON = Dataset(
    name="kinetics_skeleton",
    files="kinetics_{train,val}/{id}.json, kinetics_{train,val}_label.json.",
    prepare=prepare_kinetics_skeleton,
    options=(SKELETON_DTYPE,),
    protocols={"split1": by_official_list("split1", val=share_of_source_videos(0.05))},
    published_counts={"split1": {"train+val": 240436, "test": 19796}},  # clips in which somebody was detected
    max_persons=MAX_PERSONS,
)
