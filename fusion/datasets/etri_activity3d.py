"""ETRI-Activity3D: Jang et al. 2020, ETRI-Activity3D: A Large-Scale RGB-D Dataset for Robots to Recognize Daily
Activities of the Elderly.

On disk, anywhere below the source: ``A001_P001_G001_C001.mp4`` and the skeleton ``A001_P001_G001_C001.csv`` (action,
person, group of sensors, camera; Kinect v2). The eight cameras of a group record at once; an action may be repeated
before other groups. Persons 1 to 50 are elderly, 51 to 100 young; 112,620 clips.

Protocol: ``cross_subject``, in which each third person tests. It defines no validation: 14 training persons of both
ages validate. Actions and counts are those of the authors' page; it names neither the persons that test nor the frame
rate, which have not been compared with the paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, by_field
from triad.fusion.datasets.clip_preparer import ClipPreparer
from triad.modalities.skeleton import Poses, denoise, link_tracks, select_persons
from triad.modalities.skeleton.readers import read_etri

CLASSES = (
    *("eat food with a fork", "pour water into a cup", "take medicine", "drink water"),
    *("put food in the fridge / take food from the fridge", "trim vegetables", "peel fruit", "use a gas stove"),
    *("cut vegetables on the cutting board", "brush teeth", "wash hands", "wash face", "wipe face with a towel"),
    *("put on cosmetics", "put on lipstick", "brush hair", "blow dry hair", "put on a jacket", "take off a jacket"),
    *("put on / take off shoes", "put on / take off glasses", "wash the dishes", "vacuum the floor"),
    *("scrub the floor with a rag", "wipe off the dining table", "rub up furniture", "spread / fold bedding"),
    *("wash a towel by hand", "hang out laundry", "look around for something", "use a remote control", "read a book"),
    *("read a newspaper", "write by hand", "talk on the phone", "play with a mobile phone", "use a computer", "smoke"),
    *("clap", "rub face with hands", "do freehand exercise", "do neck roll exercise", "massage one's shoulder"),
    *("take a bow", "talk to each other", "shake hands", "hug each other", "fight each other", "wave a hand"),
    *("flap a hand up and down", "point with a finger", "open the door and walk in", "fall on the floor"),
    *("sit up / stand up", "lie down"),
)
"""Names of the actions, that of ``A001`` first.

They are those of the authors' page in the base form of the verb; the order was compared with two repositories that
number the files by it (a skeleton anonymizer's ``actions`` and an ``etri_actions`` beside NTU's), all 55 agree.
"""
NUM_SUBJECTS = 100
MAX_PERSONS = 2
VAL_SUBJECTS = {number for number in range(1, NUM_SUBJECTS + 1) if number % 15 in (1, 2)}


def _fields(groups: Mapping[str, str]) -> dict[str, Any]:
    return {"label": int(groups["action"]) - 1, **{name: groups[name] for name in ("subject", "group", "camera")}}


def _read(path: Path) -> Poses:
    return select_persons(denoise(link_tracks(read_etri(path))), max_persons=MAX_PERSONS)


def _names(numbers: set[int]) -> set[str]:
    return {f"P{number:03d}" for number in numbers}


TEST_SUBJECTS = set(range(3, NUM_SUBJECTS + 1, 3))
ETRI_ACTIVITY3D = Dataset(
    name="etri_activity3d",
    files="A001_P001_G001_C001.mp4, skeletons A001_P001_G001_C001.csv.",
    prepare=ClipPreparer(
        name="etri_activity3d",
        classes=CLASSES,
        source="Jang et al. 2020, ETRI-Activity3D",
        pattern=r"A(?P<action>0(?:0[1-9]|[1-4]\d|5[0-5]))_(?P<subject>P\d{3})_(?P<group>G\d{3})_(?P<camera>C\d{3})",
        file_names="A001_P001_G001_C001.mp4 or A001_P001_G001_C001.csv",
        skeleton=".csv",
        video=(".mp4", ".avi"),
        read=_read,
        layout="ntu25",
        fps=20.0,  # of the videos as their users report it
        fields=_fields,
    ).prepare,
    options=(SKELETON_DTYPE,),
    protocols={
        "cross_subject": by_field(
            "subject",
            train=_names(set(range(1, NUM_SUBJECTS + 1)) - TEST_SUBJECTS - VAL_SUBJECTS),
            val=_names(VAL_SUBJECTS),
            test=_names(TEST_SUBJECTS),
        )
    },
    published_counts={"cross_subject": {"train+val+test": 112620}},
    max_persons=MAX_PERSONS,
)
