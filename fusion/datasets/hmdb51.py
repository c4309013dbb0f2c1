"""HMDB51: Kuehne et al. 2011, HMDB: A Large Video Database for Human Motion Recognition.

On disk, anywhere below the source: ``<class>/<clip>.avi`` and ``<class>_test_split{1,2,3}.txt`` with rows ``<clip>.avi
{0|1|2}`` (0 unused, 1 train, 2 test). A clip's name is ``<source video>_<class>_<body part>_<camera>_<people>_<side>_
<quality>_<number>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fusion.datasets.split_lists import Listed, Progress, build_listed
from fusion.datasets.writer import find_files
from modalities.checks import check_file, fail

SPLITS = ("split1", "split2", "split3")
PARTS = {"1": "train", "2": "test"}
DETAILS = r"[hufl]_[cn]m_np\d+_(?:fr|ba|le|ri)_(?:goo|med|bad)_\d+"
ENDING = "_test_split1.txt"
CURE = "give the folder that holds <class>/<clip>.avi and <class>_test_split{1,2,3}.txt"


def read_splits(folder: Path, classes: Iterable[str], *, cure: str = CURE) -> dict[str, dict[str, dict[str, str]]]:
    """``{class: {clip: {split: train | test}}}`` of the official lists; unused clips have no split.

    Raises:
        InputError: if a list is missing or a row is not ``<clip>.avi {0|1|2}``.
    """
    table: dict[str, dict[str, dict[str, str]]] = {}
    for label in classes:
        clips = table.setdefault(label, {})
        for split in SPLITS:
            path = check_file("official list", folder / f"{label}_test_{split}.txt", cure)
            for number, row in enumerate(path.read_text("utf-8").splitlines(), 1):
                name, _, part = row.strip().rpartition(" ")
                name = name.strip()
                if part not in {*PARTS, "0"} or not name.endswith(".avi"):
                    fail(f"line {number} of '{path}'", "be '<clip>.avi {0|1|2}'", repr(row))
                clip = clips.setdefault(name.removesuffix(".avi"), {})
                if part in PARTS:
                    clip[split] = PARTS[part]
    return table


def source_of(clip: str, label: str) -> str | None:
    """The film that a clip was cut from, or None where its name does not say it; classes may hold a ``_`` too."""
    matched = re.fullmatch(rf"(?P<source>.+)_{re.escape(label)}_{DETAILS}", clip)
    return matched["source"] if matched else None


def prepare_hmdb51(source: Path, out: Path, *, progress: Progress = iter) -> dict[str, Any]:
    """Write the index; the videos stay where they are.

    Returns:
        the number of ``records``, and ``dropped``: ``[{"id", "reason"}]``.

    Raises:
        InputError: if the folder is not HMDB51's.
    """
    found = find_files(source, ENDING, without=out)
    if not found:
        fail("HMDB51 folder", "hold the official lists (<class>_test_split1.txt …)", f"'{source}'", CURE)
    classes = sorted(path.name.removesuffix(ENDING) for path in found)
    listed = {
        clip: Listed(classes.index(label), source_of(clip, label) or re.sub(r"_\d+$", "", clip), official)
        for label, clips in read_splits(found[0].parent, classes).items()
        for clip, official in clips.items()
    }
    metainfo = {
        "dataset": "hmdb51",
        "classes": classes,
        "source": "Kuehne et al. 2011, HMDB: A Large Video Database for Human Motion Recognition",
    }
    return build_listed(source, out, listed, metainfo=metainfo, progress=progress)
