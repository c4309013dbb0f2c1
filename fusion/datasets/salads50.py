"""50 Salads: Stein and McKenna 2013, Combining Embedded Accelerometers with Computer Vision for Recognizing Food
Preparation Activities.

On disk, anywhere below the source: the videos ``rgb-01-1.avi`` (640×480, 30 frames per second), the labels
``groundTruth/rgb-01-1.txt`` with a class a frame and the lists ``train.split1.bundle`` … ``test.split5.bundle``, as
Farha and Gall 2019 (MS-TCN) distribute them. 25 people make two salads each.

Protocols: the five official splits. They define no validation: a fifth of the training people, by a hash of their
names, validates.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from triad.fusion.datasets import Dataset, by_official_list, share_of_groups
from triad.fusion.datasets.frame_labels import prepare_frame_labels
from triad.fusion.datasets.writer import Progress, find_files
from triad.modalities.checks import fail, read_text

CLASSES = (
    *("cut_tomato", "place_tomato_into_bowl", "cut_cheese", "place_cheese_into_bowl", "cut_lettuce"),
    *("place_lettuce_into_bowl", "add_salt", "add_vinegar", "add_oil", "add_pepper", "mix_dressing", "peel_cucumber"),
    *("cut_cucumber", "place_cucumber_into_bowl", "add_dressing", "mix_ingredients", "serve_salad_onto_plate"),
    *("action_start", "action_end"),
)
"""Classes in the order of MS-TCN's ``mapping.txt``, compared with two copies of it in public repositories."""
NAME = r"rgb-(?P<subject>\d\d)-(?P<repetition>[12])"
LIST_NAME = re.compile(r"(?P<side>train|test)\.split(?P<number>[1-5])\.bundle")
CURE = "give the folder that holds rgb-01-1.avi …, and groundTruth/ and splits/ of MS-TCN's data"


def read_bundles(source: Path, out: Path) -> dict[str, dict[str, str]]:
    """Return ``{recording: {split1: train | test}}`` of the official lists.

    Raises:
        InputError: If there is no list, or a row names no recording.
    """
    official: dict[str, dict[str, str]] = {}
    for path in find_files(source, ".bundle", exclude=out):
        match = LIST_NAME.fullmatch(path.name)
        if match is None:
            continue
        for number, line in enumerate(read_text("official list", path, CURE).splitlines(), 1):
            name = line.strip().replace("\\", "/").rpartition("/")[2].partition(".")[0]
            if not name or line.startswith("#"):
                continue
            if re.fullmatch(NAME, name) is None:
                fail(f"line {number} of '{path}'", "be 'rgb-<person>-<1 or 2>.txt'", f"'{line[:60]}'")
            official.setdefault(name, {})[f"split{match['number']}"] = match["side"]
    if not official:
        fail("source", "hold train.split1.bundle and test.split1.bundle", f"none in '{source}'", CURE)
    return official


def prepare_salads50(source: Path, out: Path, *, progress: Progress[str] = iter) -> dict[str, Any]:
    """Write the index, one record a segment; the videos stay where they are.

    Raises:
        InputError: If a list is missing or damaged, or no recording has labels and a video.
    """
    official = read_bundles(source, out)

    def fields_of(name: str) -> dict[str, Any]:
        match = re.fullmatch(NAME, name)
        if match is None or name not in official:
            fail(f"recording '{name}'", "be in the lists of the splits", "none of them", CURE)
        return {"subject": match["subject"], "repetition": int(match["repetition"]), "official": official[name]}

    return prepare_frame_labels(
        source,
        out,
        dataset="salads50",
        classes=CLASSES,
        paper="Stein and McKenna 2013, Combining Embedded Accelerometers with Computer Vision",
        fps=30.0,
        label_endings=(".txt",),
        name_of=lambda path: path.stem if re.fullmatch(NAME, path.stem) else None,
        fields_of=fields_of,
        cure=CURE,
        progress=progress,
    )


SALADS50 = Dataset(
    name="salads50",
    files="rgb-01-1.avi, groundTruth/rgb-01-1.txt, train.split1.bundle, test.split1.bundle ….",
    prepare=prepare_salads50,
    protocols={
        f"split{number}": by_official_list(f"split{number}", val=share_of_groups("subject", 0.2))
        for number in range(1, 6)
    },
    published_video_counts={f"split{number}": {"train+val": 40, "test": 10} for number in range(1, 6)},
)
