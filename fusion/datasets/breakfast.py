"""Breakfast: Kuehne et al. 2014, The Language of Actions: Recovering the Syntax and Semantics of Goal-Directed Human
Activities.

On disk, anywhere below the source: the videos ``P03/cam01/P03_cereals.avi`` (320×240, 15 frames per second; of a stereo
camera ``P03/stereo/P03_cereals_ch0.avi`` and ``…_ch1.avi``, of which the first counts), and their labels, beside the
videos as ``P03_cereals.avi.labels`` (rows ``1-30 SIL``) or as ``groundTruth/P03_cam01_P03_cereals.txt`` with a class a
frame, as Farha and Gall 2019 (MS-TCN) distribute them.

Protocols: the four official splits, each with thirteen of the 52 subjects as its test. They define no validation: a
fifth of the training subjects, by a hash of their names, validates.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from triad.fusion.datasets import Dataset, Protocol, by_field, share_of_groups
from triad.fusion.datasets.frame_labels import prepare_frame_labels
from triad.fusion.datasets.writer import Progress
from triad.fusion.index import Record

CLASSES = (
    *("SIL", "pour_cereals", "pour_milk", "stir_cereals", "take_bowl", "pour_coffee", "take_cup", "spoon_sugar"),
    *("stir_coffee", "pour_sugar", "pour_oil", "crack_egg", "add_saltnpepper", "fry_egg", "take_plate"),
    *("put_egg2plate", "take_eggs", "butter_pan", "take_knife", "cut_orange", "squeeze_orange", "pour_juice"),
    *("take_glass", "take_squeezer", "spoon_powder", "stir_milk", "spoon_flour", "stir_dough", "pour_dough2pan"),
    *("fry_pancake", "put_pancake2plate", "pour_flour", "cut_fruit", "put_fruit2bowl", "peel_fruit", "stir_fruit"),
    *("cut_bun", "smear_butter", "take_topping", "put_toppingOnTop", "put_bunTogether", "take_butter", "stir_egg"),
    *("pour_egg2pan", "stirfry_egg", "add_teabag", "pour_water", "stir_tea"),
)
"""Classes in the order of MS-TCN's ``mapping.txt``; ``SIL`` is what comes before and after."""
ACTIVITIES = "cereals|coffee|friedegg|juice|milk|pancake|salat|sandwich|scrambledegg|tea"
CAMERAS = "cam01|cam02|stereo01|webcam01|webcam02"
NAME = rf"(?P<subject>P\d\d)_(?P<camera>{CAMERAS})_P\d\d_(?P<activity>{ACTIVITIES})"
FILE_NAME = re.compile(
    rf"(?P<subject>P\d\d)_(?P<activity>{ACTIVITIES})(?:_ch(?P<channel>[01]))?(?:\.(?:avi|mp4|labels|txt))+"
)
SUBJECTS = [f"P{number:02d}" for number in range(3, 55)]
CURE = "give the folder that holds BreakfastII_15fps_qvga_sync/P03/cam01/P03_cereals.avi and its labels or groundTruth/"


def name_of_file(path: Path) -> str | None:
    """Return ``P03_cam01_P03_cereals`` for a file of that recording; None for other files and second channels."""
    if re.fullmatch(NAME, path.name.partition(".")[0]):
        return path.name.partition(".")[0]
    match = FILE_NAME.fullmatch(path.name)
    if match is None or match["channel"] == "1":
        return None
    camera = {"stereo": "stereo01"}.get(path.parent.name, path.parent.name)
    name = f"{match['subject']}_{camera}_{match['subject']}_{match['activity']}"
    return name if re.fullmatch(NAME, name) else None


def _fields(name: str) -> dict[str, Any]:
    match = re.fullmatch(NAME, name)
    return match.groupdict() if match else {}


def _split(number: int) -> Protocol:
    """Return the protocol of an official split, 1 to 4."""
    test_subjects = SUBJECTS[13 * (number - 1) : 13 * number]
    protocol = by_field("subject", train=set(SUBJECTS), val=(), test=test_subjects)
    is_val = share_of_groups("subject", 0.2)

    def split(record: Record) -> str | None:
        return "val" if protocol(record) == "train" and is_val(record) else protocol(record)

    return split


def prepare_breakfast(source: Path, out: Path, *, progress: Progress[str] = iter) -> dict[str, Any]:
    """Write the index, one record a segment; the videos stay where they are.

    Raises:
        InputError: If no recording has labels and a video.
    """
    return prepare_frame_labels(
        source,
        out,
        dataset="breakfast",
        classes=CLASSES,
        paper="Kuehne et al. 2014, The Language of Actions",
        fps=15.0,
        label_endings=(".txt", ".labels"),
        name_of=name_of_file,
        fields_of=_fields,
        cure=CURE,
        progress=progress,
    )


BREAKFAST = Dataset(
    name="breakfast",
    files="P03/cam01/P03_cereals.avi, P03_cereals.avi.labels or groundTruth/P03_cam01_P03_cereals.txt.",
    prepare=prepare_breakfast,
    protocols={f"split{number}": _split(number) for number in (1, 2, 3, 4)},
    published_video_counts={  # of the 1,712 recordings in the lists
        "split1": {"train+val": 1460, "test": 252},
        "split2": {"train+val": 1261, "test": 451},
        "split3": {"train+val": 1279, "test": 433},
        "split4": {"train+val": 1136, "test": 576},
    },
)
