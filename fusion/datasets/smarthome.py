"""Toyota Smarthome: Das et al. 2019, Toyota Smarthome: Real-World Activities of Daily Living.

On disk, anywhere below the source: videos ``<Class>_p<PP>_r<RR>_v<VV>_c<CC>.mp4`` and skeletons of LCR-Net++ of one
release, ``<same name>_pose3d.json`` (1.2) or ``<same name>.json`` (1.0, 2.0).

Protocols: the authors' lists follow from the names alone: subjects and cameras, with the published validation subjects
(19, 25) and camera (05). Cross-view has 19 of the 31 classes; ``cv1`` trains on one camera, ``cv2`` on five, and both
validate and test on the same. The same subjects are on both sides of cross-view, as published.

Errors that circulate: a loader called ``xview2`` that takes subjects 1, 3, 4, 6, 7 for the cameras of that number; and
lists with 14 clips of ``Pour.Fromcup``, a class that the benchmark left out, which loaders count as class −1 and so as
``WatchTV``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from triad.fusion.datasets import SKELETON_DTYPE, ClassSubset, Dataset, Protocol, by_field
from triad.fusion.datasets.clip_files import ClipFiles, find_clips
from triad.fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec, write_dataset
from triad.modalities.checks import InputError, check_choice, fail
from triad.modalities.skeleton import Poses, select_persons
from triad.modalities.skeleton.readers import read_lcrnet

CLASSES = (
    *("Cook.Cleandishes", "Cook.Cleanup", "Cook.Cut", "Cook.Stir", "Cook.Usestove", "Cutbread"),
    *("Drink.Frombottle", "Drink.Fromcan", "Drink.Fromcup", "Drink.Fromglass", "Eat.Attable", "Eat.Snack"),
    *("Enter", "Getup", "Laydown", "Leave", "Makecoffee.Pourgrains", "Makecoffee.Pourwater"),
    *("Maketea.Boilwater", "Maketea.Insertteabag", "Pour.Frombottle", "Pour.Fromcan", "Pour.Fromkettle"),
    *("Readbook", "Sitdown", "Takepills", "Uselaptop", "Usetablet", "Usetelephone", "Walk", "WatchTV"),
)
"""The 31 classes in alphabetical order, as the authors' own code numbers them."""
CROSS_VIEW_CLASSES = (
    *("Cutbread", "Drink.Frombottle", "Drink.Fromcan", "Drink.Fromcup", "Drink.Fromglass", "Eat.Attable", "Eat.Snack"),
    *("Enter", "Getup", "Leave", "Pour.Frombottle", "Pour.Fromcan", "Readbook", "Sitdown", "Takepills", "Uselaptop"),
    *("Usetablet", "Usetelephone", "Walk"),
)
"""The 19 classes of cross-view, in alphabetical order too."""
UNIK_ORDER = tuple(CLASSES.index(name) for name in (*CLASSES[:27], "Usetelephone", "Usetablet", *CLASSES[29:]))
"""Our label of each label of UNIK and of 2s-AGCN's cross-subject code, which swap the last two ``Use…``.

Labels from there become ours by ``UNIK_ORDER[label]``, columns of scores by ``scores[:, UNIK_ORDER]`` (a swap is its
own inverse). Their cross-view labels are ours already.
"""
REJECTED_CLASSES = ("Pour.Fromcup",)
"""Classes in the authors' lists and files, and in no protocol."""
PATTERN = (
    r"(?P<class>[A-Za-z]+(?:\.[A-Za-z]+)?)_(?P<subject>p\d\d)"
    r"_(?P<repetition>r\d\d)_(?P<session>v\d\d)_(?P<camera>c\d\d)"
)
FPS = 20.0
SIZE = (480, 640)
"""Height and width of the frames that LCR-Net++ processed."""
CURE = "give the folder that holds mp4/, or skeletons, with names such as Cutbread_p03_r00_v10_c02"

PROTOCOLS: dict[str, Protocol] = {
    "cross_subject": by_field(
        "subject",
        train={f"p{number}" for number in ("03", "04", "06", "07", "09", "12", "13", "15", "17")},
        val={"p19", "p25"},
        test={f"p{number}" for number in ("02", "10", "11", "14", "16", "18", "20")},
    ),
    "cv1": ClassSubset(by_field("camera", train={"c01"}, val={"c05"}, test={"c02"}), CROSS_VIEW_CLASSES),
    "cv2": ClassSubset(
        by_field("camera", train={"c01", "c03", "c04", "c06", "c07"}, val={"c05"}, test={"c02"}), CROSS_VIEW_CLASSES
    ),
}
LISTS = {
    "train_CS": (8831, "e53b8088c09e21de"),
    "validation_CS": (1854, "8e97499b7c801be8"),
    "test_CS": (5444, "05855056a7aa4bf2"),
    "train_CV1": (1877, "f9c58318ea15b30f"),
    "train_CV2": (7806, "a9b60b9bd8fb41e4"),
    "validation_CV": (3539, "adc719df0314f74d"),
    "test_CV": (1901, "df658b8171011b92"),
}
"""Number of names in each of the authors' lists (``Pour.Fromcup`` is in those of cross-subject) and their digest."""


def names_digest(names: Iterable[str]) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the sorted, distinct names, one a line."""
    return hashlib.sha256("\n".join(sorted(set(names))).encode()).hexdigest()[:16]


def compare_lists(clips: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Compare clips (``Pour.Fromcup`` among them) with the authors' lists.

    Args:
        clips: names of the clips, without a suffix.

    Returns:
        for each list the numbers of clips ``found`` and ``published``, and whether they are the ``same`` clips.
    """
    clips_by_list: dict[str, set[str]] = {name: set() for name in LISTS}
    for clip in clips:
        match = re.fullmatch(r"(?P<class>.+)_(?P<subject>p\d\d)_r\d\d_v\d\d_(?P<camera>c\d\d)", clip)
        if match is None:
            continue
        record = match.groupdict()
        for protocol, abbreviation in (("cross_subject", "CS"), ("cv1", "CV1"), ("cv2", "CV2")):
            split = PROTOCOLS[protocol](record)
            if split == "train":
                clips_by_list[f"train_{abbreviation}"].add(clip)
            elif split is not None:  # cv1 and cv2 share all but train
                clips_by_list[f"{'validation' if split == 'val' else split}_{abbreviation[:2]}"].add(clip)
    return {
        name: {
            "found": len(clips_by_list[name]),
            "published": published,
            "same": names_digest(f"{clip}.mp4" for clip in clips_by_list[name]) == digest,
        }
        for name, (published, digest) in LISTS.items()
    }


def prepare_smarthome(
    source: Path, out: Path, *, dtype: str = "float32", progress: Progress[ClipFiles] = iter
) -> dict[str, Any]:
    """Write the packed skeletons and the index; videos stay where they are.

    Returns:
        ``records``, their number; ``dropped``, ``[{"id", "reason"}]``; and ``lists``, the comparison of the clips with
        the authors' lists.

    Raises:
        InputError: If the folder holds no clip of the dataset, or skeletons of several releases.
    """
    clips, dropped = find_clips(
        source, PATTERN, skeleton=("_pose3d.json", ".json"), video=(".mp4",), exclude=out, cure=CURE
    )
    _check_release(clips, dropped)
    valid_clips: list[ClipFiles] = []
    for clip in clips:
        try:
            _check_clip(clip)
            valid_clips.append(clip)
        except InputError as error:
            dropped.append({"id": clip.id, "reason": str(error)})
    report = write_dataset(
        out,
        (_recording(clip) for clip in progress(valid_clips)),
        metainfo={
            "dataset": "smarthome",
            "classes": list(CLASSES),
            "source": "Das et al. 2019, Toyota Smarthome: Real-World Activities of Daily Living",
        },
        skeletons=SkeletonSpec(layout="smarthome13", fps=FPS, size=SIZE, dtype=dtype),
        dropped=dropped,
    )
    return {**report, "lists": compare_lists(clip.id for clip in clips)}


def _check_release(clips: list[ClipFiles], dropped: list[Dropped]) -> None:
    """Refuse skeletons of two releases, which estimate different joints from the same video."""
    clip_by_ending = {clip.skeleton.name.removeprefix(clip.id): clip for clip in clips if clip.skeleton}
    duplicates = [
        entry["reason"] for entry in dropped if entry["reason"].startswith("skeleton: ") and "twice" in entry["reason"]
    ]
    if len(clip_by_ending) > 1 or duplicates:
        paths = " and ".join(f"'{clip.skeleton}'" for clip in clip_by_ending.values())
        got = duplicates[0].removeprefix("skeleton: ") if duplicates else paths
        fail("source", "hold skeletons of one release", got, "give a folder with links to the parts you want")


def _check_clip(clip: ClipFiles) -> None:
    """Refuse a clip whose class, subject or camera is not the benchmark's."""
    class_name = clip.fields["class"]
    if class_name in REJECTED_CLASSES:
        fail(f"class of '{clip.id}'", "be one of the benchmark's 31", f"'{class_name}', which it left out")
    check_choice(f"class of '{clip.id}'", class_name, CLASSES)
    if PROTOCOLS["cross_subject"](clip.fields) is None:
        fail(f"subject of '{clip.id}'", "be one of the 18 of the dataset", f"'{clip.fields['subject']}'")
    check_choice(f"camera of '{clip.id}'", clip.fields["camera"], [f"c0{number}" for number in range(1, 8)])


def _recording(clip: ClipFiles) -> Recording:
    record = {
        "id": clip.id,
        "label": CLASSES.index(clip.fields["class"]),
        **{field: clip.fields[field] for field in ("class", "subject", "camera", "session", "repetition")},
    }
    return Recording(clip.id, (record,), clip.video, partial(read_resident, clip.skeleton) if clip.skeleton else None)


def read_resident(path: Path) -> Poses:
    """Return the person who lives in the flat: the one with the highest scores; others are visitors, or mistakes."""
    return select_persons(read_lcrnet(path), max_persons=1, by="score")


SMARTHOME = Dataset(
    name="smarthome",
    files="{Class}_p{PP}_r{RR}_v{VV}_c{CC}.mp4 and .json or _pose3d.json (LCR-Net++).",
    prepare=prepare_smarthome,
    options=(SKELETON_DTYPE,),
    protocols=PROTOCOLS,
    published_counts={  # without Pour.Fromcup
        "cross_subject": {"train": 8829, "val": 1853, "test": 5433},
        "cv1": {"train": 1877, "val": 3539, "test": 1901},
        "cv2": {"train": 7806, "val": 3539, "test": 1901},
    },
)
