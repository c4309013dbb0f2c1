"""UCF101: Soomro et al. 2012, UCF101: A Dataset of 101 Human Actions Classes From Videos in The Wild.

On disk, anywhere below the source: ``<Class>/v_<Class>_g<GG>_c<CC>.avi`` and the lists ``classInd.txt`` (``1
ApplyEyeMakeup``), ``trainlist0{1,2,3}.txt`` (``ApplyEyeMakeup/v_ApplyEyeMakeup_g08_c01.avi 1``) and
``testlist0{1,2,3}.txt`` (without label). The class of a clip is the folder in the list, because names of clips spell
one otherwise (``HandstandPushups/v_HandStandPushups_g01_c01.avi``). A group ``g<GG>`` of a class shows the same people
and place.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fusion.datasets.split_lists import Listed, Progress, build_listed
from fusion.datasets.writer import find_files
from modalities.checks import check_file, fail

CURE = "give the folder that holds the videos and ucfTrainTestlist/"
PARTS = {"train": re.compile(r"(?P<path>\S+\.avi)\s+(?P<label>\d+)"), "test": re.compile(r"(?P<path>\S+\.avi)")}


def read_lists(folder: Path) -> tuple[list[str], dict[str, Listed]]:
    """The classes in their order, and what the official lists say of every clip.

    Raises:
        InputError: if a list is missing, or a row is not as published.
    """
    classes: list[str] = []
    for number, row in _rows(folder / "classInd.txt"):
        index, _, name = row.partition(" ")
        if index != str(len(classes) + 1) or not name:
            fail(f"line {number} of '{folder / 'classInd.txt'}'", f"be '{len(classes) + 1} <Class>'", repr(row))
        classes.append(name)
    listed: dict[str, Listed] = {}
    for split in (1, 2, 3):
        for part, pattern in PARTS.items():
            path = folder / f"{part}list0{split}.txt"
            for number, row in _rows(path):
                matched = pattern.fullmatch(row)
                name, _, file = matched["path"].rpartition("/") if matched else ("", "", row)
                label = classes.index(name) if name in classes else None
                numbered = matched is not None and matched.groupdict().get("label") in (None, str((label or 0) + 1))
                group = re.fullmatch(r"v_\w+_(g\d\d)_c\d\d\.avi", file)
                if label is None or not numbered or group is None:
                    shape = "<Class>/v_<Class>_g<GG>_c<CC>.avi" + (" <number of the class>" if part == "train" else "")
                    fail(f"line {number} of '{path}'", f"be '{shape}'", repr(row))
                clip = listed.setdefault(file.removesuffix(".avi"), Listed(label, f"{name}_{group[1]}", {}))
                clip.official[f"split{split}"] = part
    return classes, listed


def prepare_ucf101(source: Path, out: Path, *, progress: Progress = iter) -> dict[str, Any]:
    """Write the index; the videos stay where they are.

    Returns:
        the number of ``records``, and ``dropped``: ``[{"id", "reason"}]``.

    Raises:
        InputError: if the folder is not UCF101's.
    """
    found = find_files(source, "classInd.txt", without=out)
    if not found:
        fail("UCF101 folder", "hold the official lists (classInd.txt …)", f"'{source}'", CURE)
    classes, listed = read_lists(found[0].parent)
    metainfo = {
        "dataset": "ucf101",
        "classes": classes,
        "source": "Soomro et al. 2012, UCF101: A Dataset of 101 Human Actions Classes From Videos in The Wild",
    }
    return build_listed(source, out, listed, metainfo=metainfo, progress=progress)


def _rows(path: Path) -> list[tuple[int, str]]:
    rows = check_file("official list", path, CURE).read_text("utf-8").splitlines()
    return [(number, row.strip()) for number, row in enumerate(rows, 1) if row.strip()]
