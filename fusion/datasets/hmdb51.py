"""HMDB51: Kuehne et al. 2011, HMDB: A Large Video Database for Human Motion Recognition.

On disk, anywhere below the source: ``<class>/<clip>.avi`` and ``<class>_test_split{1,2,3}.txt`` with rows ``<clip>.avi
{0|1|2}`` (0 unused, 1 train, 2 test). A clip's name is ``<source video>_<class>_<body part>_<camera>_<people>_<side>_
<quality>_<number>``.

Protocols: the three official splits, 70 clips to train and 30 to test of every class; a fifth of the training source
videos validates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from triad.fusion.datasets import Dataset, by_official_list, share_of_source_videos
from triad.fusion.datasets.split_lists import ListedVideo, prepare_listed_videos
from triad.fusion.datasets.writer import Progress, find_files
from triad.modalities.checks import fail, read_text

LISTS = ("split1", "split2", "split3")
LIST_ENDING = "_test_split1.txt"
SPLIT_OF_CODE = {"1": "train", "2": "test"}
DETAILS = r"[hufl]_[cn]m_np\d+_(?:fr|ba|le|ri)_(?:goo|med|bad)_\d+"
CURE = "give the folder that holds <class>/<clip>.avi and <class>_test_split{1,2,3}.txt"


def read_lists(folder: Path, classes: Iterable[str], *, cure: str = CURE) -> dict[str, dict[str, dict[str, str]]]:
    """Return ``{class: {clip: {list: train | test}}}`` of the official lists; unused clips are in no list.

    Raises:
        InputError: If a list is missing or a row is not ``<clip>.avi {0|1|2}``.
    """
    clips_by_class: dict[str, dict[str, dict[str, str]]] = {}
    for class_name in classes:
        clips = clips_by_class.setdefault(class_name, {})
        for list_name in LISTS:
            path = folder / f"{class_name}_test_{list_name}.txt"
            for number, row in enumerate(read_text("official list", path, cure).splitlines(), 1):
                file_name, _, code = row.strip().rpartition(" ")
                file_name = file_name.strip()
                if code not in {*SPLIT_OF_CODE, "0"} or not file_name.endswith(".avi"):
                    fail(f"line {number} of '{path}'", "be '<clip>.avi {0|1|2}'", repr(row))
                splits = clips.setdefault(file_name.removesuffix(".avi"), {})
                if code in SPLIT_OF_CODE:
                    splits[list_name] = SPLIT_OF_CODE[code]
    return clips_by_class


def source_video_of(clip: str, class_name: str) -> str | None:
    """Return the source video in the name of a clip, or None if the name is of another form; classes may hold ``_``."""
    match = re.fullmatch(rf"(?P<source>.+)_{re.escape(class_name)}_{DETAILS}", clip)
    return match["source"] if match else None


def prepare_hmdb51(source: Path, out: Path, *, progress: Progress[Path] = iter) -> dict[str, Any]:
    """Write the index; the videos stay where they are.

    Raises:
        InputError: If the folder is not HMDB51's.
    """
    lists = find_files(source, LIST_ENDING, exclude=out)
    if not lists:
        fail("HMDB51 folder", "hold the official lists (<class>_test_split1.txt …)", f"'{source}'", CURE)
    classes = sorted(path.name.removesuffix(LIST_ENDING) for path in lists)
    listed = {
        clip: ListedVideo(
            classes.index(class_name), source_video_of(clip, class_name) or re.sub(r"_\d+$", "", clip), splits
        )
        for class_name, clips in read_lists(lists[0].parent, classes).items()
        for clip, splits in clips.items()
    }
    metainfo = {
        "dataset": "hmdb51",
        "classes": classes,
        "source": "Kuehne et al. 2011, HMDB: A Large Video Database for Human Motion Recognition",
    }
    return prepare_listed_videos(source, out, listed, metainfo=metainfo, progress=progress)


HMDB51 = Dataset(
    name="hmdb51",
    files="{class}/*.avi, {class}_test_split{1,2,3}.txt.",
    prepare=prepare_hmdb51,
    protocols={name: by_official_list(name, val=share_of_source_videos(0.2)) for name in LISTS},
    published_counts={name: {"train+val": 3570, "test": 1530} for name in LISTS},
)
