"""NTU RGB+D 60 and 120: Shahroudy et al. 2016, NTU RGB+D; Liu et al. 2019, NTU RGB+D 120.

On disk, anywhere below the source: ``S<sss>C<ccc>P<ppp>R<rrr>A<aaa>.skeleton`` and ``…_rgb.avi`` (setup, camera,
performer, replication, action; 1920×1080, 30 frames per second). Clips whose skeletons the authors list as missing or
incomplete are left out whole, so that every stream has the same clips, those that everybody reports on.

Or an annotation pickle of pyskl and mmaction2 with 3D joints (``ntu60_3d.pkl``; Duan et al. 2022, PYSKL), whose
``frame_dir`` are the same names; its splits are those of the names. Nothing in it is executed.

Joints are read in the frame of the pictures, which the sensor mirrored: x grows to the right of the picture, so that
they project onto the colour pixels of their files; see ``NTU_AXES`` of
:mod:`triad.modalities.skeleton.readers.pose_arrays`.

Protocols: neither dataset defines a validation split. Here it is always taken out of train:

- across subjects, subjects: 4, 19 and 31, whom Das et al. 2019 (Where to Focus on for Human Action Recognition?) hold
  out, and in NTU RGB+D 120 five of those who act its new classes besides, about the same share;
- across views, a whole camera: 3, a view that training has then not seen, as camera 1 is to the test. That is half of
  train, so refit on ``train+val`` once all is chosen. What Das et al. validate on, setup 17 of camera 1, is of the test
  split;
- across setups, setups: one of the first 17, which hold classes 1–60, and one of the later, which hold 61–120.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, Protocol, by_field
from triad.fusion.datasets.clip_files import ClipFiles, find_clips
from triad.fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec, summarize_reasons, write_dataset
from triad.modalities.checks import InputError, fail
from triad.modalities.skeleton import Poses, denoise, link_tracks, select_persons
from triad.modalities.skeleton.readers import Annotations, read_annotations, read_ntu

PATTERN = r"(?P<setup>S\d{3})(?P<camera>C00[123])(?P<subject>P\d{3})(?P<repetition>R00[12])(?P<action>A\d{3})"
FPS = 30.0
SIZE = (1080, 1920)
MAX_PERSONS = 2
"""Persons of a clip, those who move most; the number does not depend on the class, which models are to recognise."""
CURE = "give the folder that holds S<sss>C<ccc>P<ppp>R<rrr>A<aaa>.skeleton or ..._rgb.avi, or the file ntu60_3d.pkl"
TRAIN_SUBJECTS_60 = (1, 2, 4, 5, 8, 9, 13, 14, 15, 16, 17, 18, 19, 25, 27, 28, 31, 34, 35, 38)
TRAIN_SUBJECTS_120 = (
    *TRAIN_SUBJECTS_60,
    *(45, 46, 47, 49, 50, 52, 53, 54, 55, 56, 57, 58, 59, 70, 74, 78, 80, 81, 82, 83, 84, 85, 86, 89),
    *(91, 92, 93, 94, 95, 97, 98, 100, 103),
)
VAL_SUBJECTS_60 = (4, 19, 31)
VAL_SUBJECTS_120 = (*VAL_SUBJECTS_60, 47, 56, 78, 86, 95)
VAL_SETUPS = (10, 26)

PoseReader = Callable[[], Poses]


class Edition(NamedTuple):
    """One of the two datasets: the smaller one is the first setups, subjects and classes of the larger one."""

    dataset: str
    num_setups: int
    num_subjects: int
    num_classes: int
    source: str


EDITION_60 = Edition("ntu60", 17, 40, 60, "Shahroudy et al. 2016, NTU RGB+D")
EDITION_120 = Edition("ntu120", 32, 106, 120, "Liu et al. 2019, NTU RGB+D 120")


@cache
def class_names() -> tuple[str, ...]:
    """Return the 120 classes, the first 60 of which are those of NTU RGB+D 60."""
    return tuple(_read_lines("ntu_classes.txt"))


@cache
def missing_skeletons() -> frozenset[str]:
    """Return the 535 clips (302 of NTU RGB+D 60) whose skeletons the authors list as missing or incomplete."""
    return frozenset(_read_lines("ntu_missing.txt"))


def prepare_ntu(
    source: Path, out: Path, *, edition: Edition, dtype: str = "float32", progress: Progress[ClipFiles] = iter
) -> dict[str, Any]:
    """Write the packed skeletons and the index of one edition; videos stay where they are.

    Args:
        source: folder, or an annotation pickle.
        out: output folder.
        edition: one of the two datasets.
        dtype: number format of the store.
        progress: wrapper of the list of clips that shows the progress.

    Returns:
        ``records``, their number; ``dropped``, ``[{"id", "reason"}]``; and ``skipped``, the number of clips of the
        other edition.

    Raises:
        InputError: If the source holds no clip of the dataset.
    """
    reader_of: Callable[[ClipFiles], PoseReader | None]
    if source.is_file():
        clips, dropped, reader_of = _annotated_clips(read_annotations(source, layout="ntu25"))
    else:
        clips, dropped = find_clips(
            source, PATTERN, skeleton=".skeleton", video=("_rgb.avi", "_rgb.mp4"), exclude=out, cure=CURE
        )
        reader_of = _file_reader
    edition_clips = [clip for clip in clips if is_in_edition(clip.fields, edition)]
    complete_clips = [clip for clip in edition_clips if clip.id not in missing_skeletons()]
    reason = "the authors list its skeleton as missing or incomplete"
    dropped += [{"id": clip.id, "reason": reason} for clip in edition_clips if clip.id in missing_skeletons()]
    report = write_dataset(
        out,
        (_recording(clip, reader_of(clip)) for clip in progress(complete_clips)),
        metainfo={
            "dataset": edition.dataset,
            "classes": list(class_names()[: edition.num_classes]),
            "source": edition.source,
        },
        skeletons=SkeletonSpec(layout="ntu25", fps=FPS, size=None if source.is_file() else SIZE, dtype=dtype),
        dropped=dropped,
    )
    return {**report, "skipped": len(clips) - len(edition_clips)}


def is_in_edition(fields: Mapping[str, str], edition: Edition) -> bool:
    """Return whether a clip with these fields in its name is one of an edition's."""
    limits = {"setup": edition.num_setups, "subject": edition.num_subjects, "action": edition.num_classes}
    return all(1 <= int(fields[field][1:]) <= limit for field, limit in limits.items())


def _annotated_clips(
    annotations: Annotations,
) -> tuple[list[ClipFiles], list[Dropped], Callable[[ClipFiles], PoseReader]]:
    """Return the clips of a pickle in the order of their ids, the invalid rows, and the reader of a clip."""
    row_of: dict[str, int] = {}
    dropped: list[Dropped] = []
    for row in range(len(annotations)):
        try:
            name = annotations.clip_id(row)
        except InputError as error:
            dropped.append({"id": f"annotation {row}", "reason": str(error)})
            continue
        if re.fullmatch(PATTERN, name) is None:
            dropped.append({"id": name, "reason": "skeleton: frame_dir is not named as the dataset's clips are"})
        elif row_of.setdefault(name, row) != row:
            dropped.append({"id": name, "reason": f"skeleton: annotation {row} has the frame_dir of another"})
    if not row_of:
        fail(
            "source",
            "hold clips named as the dataset's are",
            f"none in '{annotations.path}'; dropped: {summarize_reasons(dropped)}",
            CURE,
        )
    clips = [
        ClipFiles(name, match.groupdict(), None, None)
        for name in sorted(row_of)
        if (match := re.fullmatch(PATTERN, name)) is not None
    ]
    return clips, dropped, lambda clip: partial(_read_annotation, annotations, row_of[clip.id], clip)


def _read_annotation(annotations: Annotations, row: int, clip: ClipFiles) -> Poses:
    annotation = annotations[row]
    if annotation.label not in (None, _label_of(clip)):
        must = f"be {_label_of(clip)} as its name says"
        fail(f"label of '{clip.id}' in '{annotations.path}'", must, annotation.label)
    return select_persons(annotation.poses, max_persons=MAX_PERSONS)


def _label_of(clip: ClipFiles) -> int:
    return int(clip.fields["action"][1:]) - 1


def _file_reader(clip: ClipFiles) -> PoseReader | None:
    return partial(_read, clip.skeleton) if clip.skeleton else None


def _recording(clip: ClipFiles, skeleton: PoseReader | None) -> Recording:
    fields = {name: clip.fields[name] for name in ("setup", "camera", "subject", "repetition")}
    return Recording(clip.id, ({"id": clip.id, "label": _label_of(clip), **fields},), clip.video, skeleton)


def _read(path: Path) -> Poses:
    return select_persons(denoise(link_tracks(read_ntu(path))), max_persons=MAX_PERSONS)


def _read_lines(name: str) -> list[str]:
    return files("triad.fusion.datasets").joinpath(name).read_text("utf-8").splitlines()


def _cross_subject(num_subjects: int, train: Iterable[int], val: Iterable[int]) -> Protocol:
    """Return a protocol in which every subject of ``1 … num_subjects`` who neither trains nor validates tests."""
    val_subjects = set(val)
    train_subjects = set(train) - val_subjects
    test_subjects = set(range(1, num_subjects + 1)) - train_subjects - val_subjects
    return by_field(
        "subject",
        train={f"P{number:03d}" for number in train_subjects},
        val={f"P{number:03d}" for number in val_subjects},
        test={f"P{number:03d}" for number in test_subjects},
    )


NTU60 = Dataset(
    name="ntu60",
    files="S001C001P001R001A001.skeleton …, S001C001P001R001A001_rgb.avi …; or ntu60_3d.pkl.",
    prepare=partial(prepare_ntu, edition=EDITION_60),
    options=(SKELETON_DTYPE,),
    protocols={
        "cross_subject": _cross_subject(40, TRAIN_SUBJECTS_60, VAL_SUBJECTS_60),
        "cross_view": by_field("camera", train={"C002"}, val={"C003"}, test={"C001"}),
    },
    published_counts={  # without the clips whose skeletons the authors list as missing
        "cross_subject": {"train+val": 40091, "test": 16487},
        "cross_view": {"train+val": 37646, "test": 18932},
    },
    max_persons=MAX_PERSONS,
)
NTU120 = Dataset(
    name="ntu120",
    files="S001C001P001R001A001.skeleton …, S001C001P001R001A001_rgb.avi …; or ntu120_3d.pkl.",
    prepare=partial(prepare_ntu, edition=EDITION_120),
    options=(SKELETON_DTYPE,),
    protocols={
        "cross_subject": _cross_subject(106, TRAIN_SUBJECTS_120, VAL_SUBJECTS_120),
        "cross_setup": by_field(
            "setup",
            train={f"S{number:03d}" for number in range(2, 33, 2) if number not in VAL_SETUPS},
            val={f"S{number:03d}" for number in VAL_SETUPS},
            test={f"S{number:03d}" for number in range(1, 33, 2)},
        ),
    },
    published_counts={
        "cross_subject": {"train+val": 63026, "test": 50919},
        "cross_setup": {"train+val": 54468, "test": 59477},
    },
    max_persons=MAX_PERSONS,
)
