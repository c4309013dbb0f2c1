"""Toyota Smarthome: Das et al. 2019, Toyota Smarthome: Real-World Activities of Daily Living.

The authors' lists follow from the names alone: subjects and cameras, with the published validation subjects (19, 25)
and camera (05). Cross-view knows 19 of the 31 classes; ``cv1`` trains on one camera, ``cv2`` on five, and both validate
and test on the same. Subjects of cross-view's sides overlap, as published.

What circulates and is wrong: a loader called ``xview2`` that takes subjects 1, 3, 4, 6, 7 for the cameras of that
number; and lists with 14 clips of ``Pour.Fromcup``, a class that the benchmark left out, which loaders count as
class −1 and so as ``WatchTV``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from fusion.datasets.protocols.class_subset import ClassSubset
from fusion.datasets.protocols.rules import Protocol, by_field

CLASSES = (
    *("Cook.Cleandishes", "Cook.Cleanup", "Cook.Cut", "Cook.Stir", "Cook.Usestove", "Cutbread"),
    *("Drink.Frombottle", "Drink.Fromcan", "Drink.Fromcup", "Drink.Fromglass", "Eat.Attable", "Eat.Snack"),
    *("Enter", "Getup", "Laydown", "Leave", "Makecoffee.Pourgrains", "Makecoffee.Pourwater"),
    *("Maketea.Boilwater", "Maketea.Insertteabag", "Pour.Frombottle", "Pour.Fromcan", "Pour.Fromkettle"),
    *("Readbook", "Sitdown", "Takepills", "Uselaptop", "Usetablet", "Usetelephone", "Walk", "WatchTV"),
)
"""The 31 classes in the order of the alphabet, as the authors' own code numbers them."""
CROSS_VIEW_CLASSES = (
    *("Cutbread", "Drink.Frombottle", "Drink.Fromcan", "Drink.Fromcup", "Drink.Fromglass", "Eat.Attable", "Eat.Snack"),
    *("Enter", "Getup", "Leave", "Pour.Frombottle", "Pour.Fromcan", "Readbook", "Sitdown", "Takepills", "Uselaptop"),
    *("Usetablet", "Usetelephone", "Walk"),
)
"""The 19 classes of cross-view, in the order of the alphabet too."""
UNIK_ORDER = tuple(CLASSES.index(name) for name in (*CLASSES[:27], "Usetelephone", "Usetablet", *CLASSES[29:]))
"""Our label of each label of UNIK and of 2s-AGCN's cross-subject code, which swap the last two ``Use…``.

Labels from there become ours by ``UNIK_ORDER[label]``, columns of scores by ``scores[:, UNIK_ORDER]`` (a swap is its
own inverse). Their cross-view labels are ours already.
"""
REJECTED = ("Pour.Fromcup",)
"""In the authors' lists and files, and in no protocol."""

_CROSS_SUBJECT = by_field(
    "subject",
    train={f"p{number}" for number in ("03", "04", "06", "07", "09", "12", "13", "15", "17")},
    val={"p19", "p25"},
    test={f"p{number}" for number in ("02", "10", "11", "14", "16", "18", "20")},
)
_CV1 = by_field("camera", train={"c01"}, val={"c05"}, test={"c02"})
_CV2 = by_field("camera", train={"c01", "c03", "c04", "c06", "c07"}, val={"c05"}, test={"c02"})

PROTOCOLS: dict[str, Protocol] = {
    "cross_subject": _CROSS_SUBJECT,
    "cv1": ClassSubset(_CV1, CROSS_VIEW_CLASSES),
    "cv2": ClassSubset(_CV2, CROSS_VIEW_CLASSES),
}
PUBLISHED = {
    "cross_subject": {"train": 8829, "val": 1853, "test": 5433},
    "cv1": {"train": 1877, "val": 3539, "test": 1901},
    "cv2": {"train": 7806, "val": 3539, "test": 1901},
}
"""Clips of every split, without ``Pour.Fromcup``."""

LISTS = {
    "train_CS": (8831, "e53b8088c09e21de"),
    "validation_CS": (1854, "8e97499b7c801be8"),
    "test_CS": (5444, "05855056a7aa4bf2"),
    "train_CV1": (1877, "f9c58318ea15b30f"),
    "train_CV2": (7806, "a9b60b9bd8fb41e4"),
    "validation_CV": (3539, "adc719df0314f74d"),
    "test_CV": (1901, "df658b8171011b92"),
}
"""Names in each of the authors' lists (``Pour.Fromcup`` is in those of cross-subject) and their :func:`digest`."""


def digest(names: Iterable[str]) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the sorted, distinct names, a line each."""
    return hashlib.sha256("\n".join(sorted(set(names))).encode()).hexdigest()[:16]


def compare_lists(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Whether these clips (``Pour.Fromcup`` among them) are those of the authors' lists.

    Args:
        names: of clips, without a suffix.

    Returns:
        for each list how many clips were ``found`` and ``published``, and whether they are the ``same`` ones.
    """
    found: dict[str, set[str]] = {name: set() for name in LISTS}
    for name in names:
        matched = re.fullmatch(r"(?P<class>.+)_(?P<subject>p\d\d)_r\d\d_v\d\d_(?P<camera>c\d\d)", name)
        if matched is None:
            continue
        record = matched.groupdict()
        parts = {"CS": _CROSS_SUBJECT(record), "CV1": PROTOCOLS["cv1"](record), "CV2": PROTOCOLS["cv2"](record)}
        for protocol, part in parts.items():
            side = "validation" if part == "val" else part
            listed = f"{side}_{protocol if part == 'train' else protocol[:2]}"  # cv1 and cv2 share all but train
            if part is not None:
                found[listed].add(name)
    return {
        name: {
            "found": len(found[name]),
            "published": published,
            "same": digest(f"{clip}.mp4" for clip in found[name]) == expected,
        }
        for name, (published, expected) in LISTS.items()
    }
