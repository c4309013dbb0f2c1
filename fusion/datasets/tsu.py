"""Toyota Smarthome Untrimmed: Dai et al. 2022, Toyota Smarthome Untrimmed.

On disk, anywhere below the source: the annotation ``smarthome_CS_51.json`` or ``smarthome_CV_51.json`` (they hold the
same actions: ``{video: {"subset", "duration", "actions": [[class, first frame, end frame]]}}``, 20 frames per second),
videos ``P<PP>T<TT>C<CC>.mp4`` and skeletons of LCR-Net++ of these names.

Actions overlap: the labels of a moment are those of all records of its ``source_video`` that span it, and
``metainfo["durations"]`` has the length of each video, in seconds. Frame-wise mAP needs no more.

Protocols follow from the subject and the camera in the name of a video, and agree with the subsets in the authors'
annotations. These define no validation: subjects 19 and 25 validate, as in Toyota Smarthome; and camera 06, the one
whose loss leaves at least 14 training instances of every class and which shows most classes (45 of 51).
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, by_field
from triad.fusion.datasets.clip_files import ClipFiles, find_clips
from triad.fusion.datasets.segments import Segment, segment_records
from triad.fusion.datasets.smarthome import read_resident
from triad.fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec, find_files, write_dataset
from triad.fusion.index import Record
from triad.modalities.atomic_files import read_json
from triad.modalities.checks import InputError, check_file, fail

CLASSES = (
    *("Enter", "Walk", "Make_coffee", "Get_water", "Make_coffee.Pour_water", "Use_Drawer", "Make_coffee.Pour_grains"),
    *("Use_telephone", "Leave", "Put_something_on_table", "Take_something_off_table", "Pour.From_kettle"),
    *("Stir_coffee/tea", "Drink.From_cup", "Dump_in_trash", "Make_tea", "Make_tea.Boil_water", "Use_cupboard"),
    *("Insert_tea_bag", "Read", "Take_pills", "Use_fridge", "Clean_dishes", "Clean_dishes.Put_something_in_sink"),
    *("Eat_snack", "Sit_down", "Watch_TV", "Use_laptop", "Get_up", "Drink.From_bottle", "Pour.From_bottle"),
    *("Drink.From_glass", "Lay_down", "Drink.From_can", "Write", "Breakfast", "Breakfast.Spread_jam_or_butter"),
    *("Breakfast.Cut_bread", "Breakfast.Eat_at_table", "Breakfast.Take_ham", "Clean_dishes.Dry_up", "Wipe_table"),
    *("Cook", "Cook.Cut", "Cook.Use_stove", "Cook.Stir", "Cook.Use_oven", "Clean_dishes.Clean_with_water"),
    *("Use_tablet", "Use_glasses", "Pour.From_can"),
)
PATTERN = r"(?P<subject>P\d\d)(?P<session>T\d\d)(?P<camera>C\d\d)"
PROTOCOL_OF_ANNOTATION = {"smarthome_CS_51.json": "cross_subject", "smarthome_CV_51.json": "cross_view"}
SPLITS_OF_SUBSET = {"training": ("train", "val"), "testing": ("test",)}
FPS = 20.0
SIZE = (480, 640)
CURE = "give the folder that holds smarthome_CS_51.json and P<PP>T<TT>C<CC>.mp4 or .json"
PROTOCOLS = {
    "cross_subject": by_field(
        "subject",
        train={f"P{number}" for number in ("03", "04", "06", "07", "09", "12", "13", "15", "17")},
        val={"P19", "P25"},
        test={f"P{number}" for number in ("02", "10", "11", "14", "16", "18", "20")},
    ),
    "cross_view": by_field("camera", train={"C01", "C03", "C04", "C07"}, val={"C06"}, test={"C02", "C05"}),
}


class Annotation(NamedTuple):
    """Annotation of one video.

    Attributes:
        num_frames: length of the video.
        segments: annotated actions.
    """

    num_frames: int
    segments: list[Segment]


def read_annotations(source: Path, *, exclude: Path) -> tuple[dict[str, Annotation], list[Dropped]]:
    """Return the official annotations by video, and the entries that are unusable.

    Raises:
        InputError: If there is no readable annotation.
    """
    paths = [
        path
        for path in find_files(source, *PROTOCOL_OF_ANNOTATION, exclude=exclude)
        if path.name in PROTOCOL_OF_ANNOTATION
    ]
    if not paths:
        check_file("annotation", source / next(iter(PROTOCOL_OF_ANNOTATION)), CURE)
    annotations: dict[str, Annotation] = {}
    reasons: dict[str, str] = {}
    for path in paths:
        try:
            document = _read_document(path)
        except InputError as error:
            if path == paths[-1] and not annotations:
                raise
            reasons[path.stem] = str(error)
            continue
        for video, entry in document.items():
            try:
                annotation = _parse_entry(video, entry, path)
                if annotations.setdefault(video, annotation) != annotation:
                    fail(f"actions of '{video}' in '{path}'", "be those of the other annotation", "others")
            except InputError as error:
                reasons.setdefault(video, str(error))
    dropped = [{"id": name, "reason": reason} for name, reason in reasons.items()]
    return {video: annotations[video] for video in sorted(annotations) if video not in reasons}, dropped


def prepare_tsu(
    source: Path, out: Path, *, dtype: str = "float32", progress: Progress[ClipFiles] = iter
) -> dict[str, Any]:
    """Write the packed skeletons and the index, one record an action; videos stay where they are.

    Raises:
        InputError: If the annotation is missing or damaged, or there is neither a video nor a skeleton.
    """
    annotations, dropped = read_annotations(source, exclude=out)
    clips, misnamed = find_clips(
        source, PATTERN, skeleton=("_pose3d.json", ".json"), video=(".mp4",), exclude=out, cure=CURE
    )
    named_in_annotations = {*annotations, *(entry["id"] for entry in dropped)}
    dropped += [entry for entry in misnamed if f"{entry['id']}.json" not in PROTOCOL_OF_ANNOTATION]
    dropped += [{"id": clip.id, "reason": "not annotated"} for clip in clips if clip.id not in named_in_annotations]
    annotated_clips = [clip for clip in clips if clip.id in annotations]
    without_file = {*annotations} - {clip.id for clip in annotated_clips}
    dropped += [{"id": video, "reason": "annotated, but there is no file of it"} for video in without_file]
    records = {}
    for clip in annotated_clips:
        num_frames, segments = annotations[clip.id]
        records[clip.id], invalid = segment_records(
            clip.id, segments, fields=clip.fields, num_classes=len(CLASSES), fps=FPS, num_frames=num_frames
        )
        dropped += invalid
    return write_dataset(
        out,
        (_recording(clip, records[clip.id]) for clip in progress(annotated_clips)),
        metainfo={
            "dataset": "tsu",
            "classes": list(CLASSES),
            "durations": {clip.id: annotations[clip.id].num_frames / FPS for clip in annotated_clips},
            "source": "Dai et al. 2022, Toyota Smarthome Untrimmed",
        },
        skeletons=SkeletonSpec(layout="smarthome13", fps=FPS, size=SIZE, dtype=dtype),
        dropped=dropped,
    )


def _read_document(path: Path) -> dict[str, Any]:
    document = read_json(path, cure=CURE)
    if not isinstance(document, dict) or not document:
        fail(f"annotation '{path}'", "be {video: {subset, duration, actions}}", type(document).__name__, CURE)
    return document


def _parse_entry(video: str, entry: Any, path: Path) -> Annotation:
    """Return the annotation of an entry, after a check of its form and of its subset against the protocol."""
    subject = f"video '{video}' of annotation '{path}'"
    protocol = PROTOCOL_OF_ANNOTATION[path.name]
    match = re.fullmatch(PATTERN, video)
    if match is None:
        fail(subject, "be named P<PP>T<TT>C<CC>", f"'{video}'")
    if not isinstance(entry, dict) or not {"subset", "duration", "actions"} <= set(entry):
        fail(subject, "have subset, duration and actions", sorted(entry) if isinstance(entry, dict) else repr(entry))
    split = PROTOCOLS[protocol](match.groupdict())
    if split not in SPLITS_OF_SUBSET.get(str(entry["subset"]), ()):
        fail(f"subset of {subject}", f"be that of {split} in {protocol}", repr(entry["subset"]))
    actions = entry["actions"]
    if not isinstance(actions, list) or not all(_is_integer_list(action, 3) for action in actions):
        fail(f"actions of {subject}", "be rows [class, first frame, end frame]", "others")
    if not _is_integer_list([entry["duration"]], 1):
        fail(f"duration of {subject}", "be a number of frames", repr(entry["duration"]))
    return Annotation(entry["duration"], [Segment(*action) for action in actions])


def _is_integer_list(value: Any, length: int) -> bool:
    return isinstance(value, list) and len(value) == length and all(type(number) is int for number in value)


def _recording(clip: ClipFiles, records: tuple[Record, ...]) -> Recording:
    return Recording(clip.id, records, clip.video, partial(read_resident, clip.skeleton) if clip.skeleton else None)


TSU = Dataset(
    name="tsu",
    files="smarthome_CS_51.json, P{pp}T{tt}C{cc}.mp4, skeletons of the same names.",
    prepare=prepare_tsu,
    options=(SKELETON_DTYPE,),
    protocols=PROTOCOLS,
    published_counts={  # of 41,288 instances in the authors' annotations, seven end with the frame they begin with
        "cross_subject": {"train+val": 26948, "test": 14333},
        "cross_view": {"train+val": 27743, "test": 13538},
    },
    published_video_counts={
        "cross_subject": {"train+val": 351, "test": 185},
        "cross_view": {"train+val": 369, "test": 167},
    },
)
