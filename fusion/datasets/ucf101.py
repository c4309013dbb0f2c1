"""UCF101: Soomro et al. 2012, UCF101: A Dataset of 101 Human Actions Classes From Videos in The Wild.

On disk, anywhere below the source: ``<Class>/v_<Class>_g<GG>_c<CC>.avi`` and the lists ``classInd.txt`` (``1
ApplyEyeMakeup``), ``trainlist0{1,2,3}.txt`` (``ApplyEyeMakeup/v_ApplyEyeMakeup_g08_c01.avi 1``) and
``testlist0{1,2,3}.txt`` (without label). The class of a clip is the folder in the list, because names of clips spell
one otherwise (``HandstandPushups/v_HandStandPushups_g01_c01.avi``). A group ``g<GG>`` of a class shows the same people
and place.

Protocols: the three official splits. They hold out groups: 1–7 test in the first, 8–14 in the second, 15–21 in the
third. Groups 22–25 train in all three, so that they validate here: whole groups of every class.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from triad.fusion.datasets import Dataset, by_official_list, field_of
from triad.fusion.datasets.split_lists import ListedVideo, prepare_listed_videos
from triad.fusion.datasets.writer import Progress, find_files
from triad.fusion.index import Record
from triad.modalities.checks import fail, read_text

CURE = "give the folder that holds the videos and ucfTrainTestlist/"
ROW_PATTERNS = {
    "train": re.compile(r"(?P<path>\S+\.avi)\s+(?P<label>\d+)"),
    "test": re.compile(r"(?P<path>\S+\.avi)"),
}
VAL_GROUPS = ("g22", "g23", "g24", "g25")


def read_lists(folder: Path) -> tuple[list[str], dict[str, ListedVideo]]:
    """Return the classes in the order of their labels, and the entries of the official lists by clip.

    Raises:
        InputError: If a list is missing, or a row is not as published.
    """
    classes: list[str] = []
    for number, row in _rows(folder / "classInd.txt"):
        index, _, name = row.partition(" ")
        if index != str(len(classes) + 1) or not name:
            fail(f"line {number} of '{folder / 'classInd.txt'}'", f"be '{len(classes) + 1} <Class>'", repr(row))
        classes.append(name)
    listed: dict[str, ListedVideo] = {}
    for list_number in (1, 2, 3):
        for split, pattern in ROW_PATTERNS.items():
            path = folder / f"{split}list0{list_number}.txt"
            for number, row in _rows(path):
                match = pattern.fullmatch(row)
                class_name, _, file_name = match["path"].rpartition("/") if match else ("", "", row)
                label = classes.index(class_name) if class_name in classes else None
                fits_label = match is not None and match.groupdict().get("label") in (None, str((label or 0) + 1))
                group = re.fullmatch(r"v_\w+_(g\d\d)_c\d\d\.avi", file_name)
                if label is None or not fits_label or group is None:
                    form = "<Class>/v_<Class>_g<GG>_c<CC>.avi" + (" <number of the class>" if split == "train" else "")
                    fail(f"line {number} of '{path}'", f"be '{form}'", repr(row))
                video = ListedVideo(label, f"{class_name}_{group[1]}", {})
                listed.setdefault(file_name.removesuffix(".avi"), video).official[f"split{list_number}"] = split
    return classes, listed


def prepare_ucf101(source: Path, out: Path, *, progress: Progress[Path] = iter) -> dict[str, Any]:
    """Write the index; the videos stay where they are.

    Raises:
        InputError: If the folder is not UCF101's.
    """
    lists = find_files(source, "classInd.txt", exclude=out)
    if not lists:
        fail("UCF101 folder", "hold the official lists (classInd.txt …)", f"'{source}'", CURE)
    classes, listed = read_lists(lists[0].parent)
    metainfo = {
        "dataset": "ucf101",
        "classes": classes,
        "source": "Soomro et al. 2012, UCF101: A Dataset of 101 Human Actions Classes From Videos in The Wild",
    }
    return prepare_listed_videos(source, out, listed, metainfo=metainfo, progress=progress)


def _rows(path: Path) -> list[tuple[int, str]]:
    """Return the rows of a list with their line numbers, without empty ones."""
    rows = read_text("official list", path, CURE).splitlines()
    return [(number, row.strip()) for number, row in enumerate(rows, 1) if row.strip()]


def _is_of_val_group(record: Record) -> bool:
    return str(field_of(record, "source_video")).endswith(VAL_GROUPS)


UCF101 = Dataset(
    name="ucf101",
    files="{Class}/v_{Class}_g{GG}_c{CC}.avi, classInd.txt, trainlist0{1,2,3}.txt, testlist0{1,2,3}.txt.",
    prepare=prepare_ucf101,
    protocols={f"split{number}": by_official_list(f"split{number}", val=_is_of_val_group) for number in (1, 2, 3)},
    published_counts={
        "split1": {"train+val": 9537, "test": 3783},
        "split2": {"train+val": 9586, "test": 3734},
        "split3": {"train+val": 9624, "test": 3696},
    },
)
