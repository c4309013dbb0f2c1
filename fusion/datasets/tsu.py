"""Toyota Smarthome Untrimmed: Dai et al. 2022, Toyota Smarthome Untrimmed.

On disk, anywhere below the source: the annotation ``smarthome_CS_51.json`` or ``smarthome_CV_51.json`` (they hold the
same actions: ``{video: {"subset", "duration", "actions": [[class, first frame, end frame]]}}``, 20 frames per second),
videos ``P<PP>T<TT>C<CC>.mp4`` and skeletons of LCR-Net++ of these names.

Actions overlap: the labels of a moment are those of all records of its ``source_video`` that span it, and
``metainfo["durations"]`` tells how long each video is, in seconds, annotated or not. Frame-wise mAP needs no more.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from fusion.datasets.clip_files import Clip, Progress, find_clips
from fusion.datasets.max_persons import MOST_PERSONS
from fusion.datasets.protocols.tsu import PROTOCOLS
from fusion.datasets.segments import Segment, cut
from fusion.datasets.writer import Dropped, Recording, Skeletons, build, find_files
from fusion.index.index import Record
from modalities.atomic_files import read_json
from modalities.checks import InputError, check_file, fail
from modalities.skeleton.persons import choose
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers import read_lcrnet

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
NAME = r"(?P<subject>P\d\d)(?P<session>T\d\d)(?P<camera>C\d\d)"
ANNOTATIONS = {"smarthome_CS_51.json": "cross_subject", "smarthome_CV_51.json": "cross_view"}
SKELETONS = ("_pose3d.json", ".json")
SUBSETS = {"training": ("train", "val"), "testing": ("test",)}
FPS = 20.0
SIZE = (480, 640)
CURE = "give the folder that holds smarthome_CS_51.json and P<PP>T<TT>C<CC>.mp4 or .json"


class Annotation(NamedTuple):
    """What is told of one video: its length in frames and its actions."""

    frames: int
    segments: list[Segment]


def read_annotations(source: Path, *, without: Path) -> tuple[dict[str, Annotation], list[Dropped]]:
    """The official annotations by video, and what in them cannot be used.

    Raises:
        InputError: if there is none that can be read.
    """
    paths = [path for path in find_files(source, *ANNOTATIONS, without=without) if path.name in ANNOTATIONS]
    if not paths:
        check_file("annotation", source / next(iter(ANNOTATIONS)), CURE)
    table: dict[str, Annotation] = {}
    reasons: dict[str, str] = {}
    for path in paths:
        try:
            document = _read_document(path)
        except InputError as error:
            if path == paths[-1] and not table:
                raise
            reasons[path.stem] = str(error)
            continue
        for name, entry in document.items():
            try:
                found = _checked(name, entry, path)
                if table.setdefault(name, found) != found:
                    fail(f"actions of '{name}' in '{path}'", "be those of the other annotation", "others")
            except InputError as error:
                reasons.setdefault(name, str(error))
    dropped = [{"id": name, "reason": reason} for name, reason in reasons.items()]
    return {name: table[name] for name in sorted(table) if name not in reasons}, dropped


def prepare_tsu(source: Path, out: Path, *, dtype: str = "float32", progress: Progress = iter) -> dict[str, Any]:
    """Write the packed skeletons and the index, a record an action; videos stay where they are.

    Returns:
        the number of ``records``, and ``dropped``: ``[{"id", "reason"}]``.

    Raises:
        InputError: if the annotation is missing or damaged, or there is neither a video nor a skeleton.
    """
    annotations, dropped = read_annotations(source, without=out)
    clips, misnamed = find_clips(source, NAME, skeleton=SKELETONS, video=(".mp4",), without=out, cure=CURE)
    told = {*annotations, *(row["id"] for row in dropped)}
    dropped += [row for row in misnamed if f"{row['id']}.json" not in ANNOTATIONS]
    dropped += [{"id": clip.id, "reason": "not annotated"} for clip in clips if clip.id not in told]
    filmed = [clip for clip in clips if clip.id in annotations]
    absent = {*annotations} - {clip.id for clip in filmed}
    dropped += [{"id": name, "reason": "annotated, but there is no file of it"} for name in absent]
    records = {}
    for clip in filmed:
        segments = annotations[clip.id].segments
        records[clip.id], empty = cut(clip.id, segments, fields=clip.fields, classes=len(CLASSES), fps=FPS)
        dropped += empty
    return build(
        out,
        (_recording(clip, records[clip.id]) for clip in progress(filmed)),
        metainfo={
            "dataset": "tsu",
            "classes": list(CLASSES),
            "durations": {clip.id: annotations[clip.id].frames / FPS for clip in filmed},
            "source": "Dai et al. 2022, Toyota Smarthome Untrimmed",
        },
        skeletons=Skeletons(layout="smarthome13", fps=FPS, size=SIZE, dtype=dtype),
        dropped=dropped,
    )


def _read_document(path: Path) -> dict[str, Any]:
    document = read_json(path, cure=CURE)
    if not isinstance(document, dict) or not document:
        fail(f"annotation '{path}'", "be {video: {subset, duration, actions}}", type(document).__name__, CURE)
    return document


def _checked(name: str, entry: Any, path: Path) -> Annotation:
    """An entry, if it is one and on the side where its protocol has it."""
    subject, protocol = f"video '{name}' of annotation '{path}'", ANNOTATIONS[path.name]
    matched = re.fullmatch(NAME, name)
    if matched is None:
        fail(subject, "be named P<PP>T<TT>C<CC>", f"'{name}'")
    if not isinstance(entry, dict) or not {"subset", "duration", "actions"} <= set(entry):
        fail(subject, "have subset, duration and actions", sorted(entry) if isinstance(entry, dict) else repr(entry))
    side = PROTOCOLS[protocol](matched.groupdict())
    if side not in SUBSETS.get(str(entry["subset"]), ()):
        fail(f"subset of {subject}", f"be that of {side} in {protocol}", repr(entry["subset"]))
    actions = entry["actions"]
    if not isinstance(actions, list) or not all(_whole(action, 3) for action in actions):
        fail(f"actions of {subject}", "be rows [class, first frame, end frame]", "others")
    if not _whole([entry["duration"]], 1):
        fail(f"duration of {subject}", "be a number of frames", repr(entry["duration"]))
    return Annotation(entry["duration"], [Segment(*action) for action in actions])


def _whole(row: Any, length: int) -> bool:
    return isinstance(row, list) and len(row) == length and all(type(value) is int for value in row)


def _recording(clip: Clip, records: tuple[Record, ...]) -> Recording:
    return Recording(clip.id, records, clip.video, partial(_read, clip.skeleton) if clip.skeleton else None)


def _read(path: Path) -> Poses:
    # one person lives there; others are visitors, or mistakes
    return choose(read_lcrnet(path), most=MOST_PERSONS["tsu"], by="score")
