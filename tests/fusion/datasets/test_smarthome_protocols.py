"""Published counts of Toyota Smarthome, class by class, from names that follow its rules."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest

from triad.fusion.data import ActionDataset
from triad.fusion.datasets import count_splits, narrow, select, smarthome
from triad.fusion.datasets.smarthome import CLASSES, CROSS_VIEW_CLASSES, SMARTHOME, UNIK_ORDER, compare_lists
from triad.fusion.index import Index, load_index, write_index
from triad.fusion.training.config import build_config
from triad.modalities.checks import InputError

ROOT = Path(__file__).resolve().parents[3]
COUNTS = {  # cross-subject train, val, test; then cross-view train of cv1, of cv2, val, test
    "Cook.Cleandishes": (225, 20, 133),
    "Cook.Cleanup": (254, 19, 107),
    "Cook.Cut": (93, 17, 68),
    "Cook.Stir": (300, 80, 199),
    "Cook.Usestove": (78, 0, 18),
    "Cutbread": (23, 2, 20, 24, 24, 0, 21),
    "Drink.Frombottle": (209, 0, 132, 31, 161, 129, 51),
    "Drink.Fromcan": (171, 35, 119, 49, 179, 104, 42),
    "Drink.Fromcup": (1115, 379, 747, 393, 1403, 520, 318),
    "Drink.Fromglass": (40, 19, 6, 9, 43, 12, 10),
    "Eat.Attable": (333, 31, 253, 360, 360, 0, 257),
    "Eat.Snack": (140, 24, 52, 11, 167, 21, 28),
    "Enter": (282, 29, 133, 31, 334, 99, 11),
    "Getup": (438, 78, 317, 188, 425, 272, 136),
    "Laydown": (79, 37, 65),
    "Leave": (289, 20, 107, 35, 310, 92, 14),
    "Makecoffee.Pourgrains": (35, 8, 21),
    "Makecoffee.Pourwater": (41, 8, 27),
    "Maketea.Boilwater": (37, 9, 16),
    "Maketea.Insertteabag": (30, 6, 20),
    "Pour.Frombottle": (112, 60, 104, 51, 166, 71, 39),
    "Pour.Fromcan": (34, 2, 23, 15, 39, 6, 14),
    "Pour.Fromcup": (2, 1, 11),
    "Pour.Fromkettle": (69, 10, 28),
    "Readbook": (475, 133, 334, 144, 473, 302, 167),
    "Sitdown": (560, 117, 439, 253, 568, 355, 193),
    "Takepills": (177, 29, 138, 36, 186, 117, 41),
    "Uselaptop": (184, 34, 178, 80, 214, 130, 52),
    "Usetablet": (34, 0, 15, 13, 28, 15, 6),
    "Usetelephone": (251, 53, 147, 65, 253, 139, 59),
    "Walk": (2312, 521, 1237, 89, 2473, 1155, 442),
    "WatchTV": (409, 73, 230),
}
SUBJECTS = (
    *(("p03", "p04", "p06", "p07", "p09", "p12", "p13", "p15", "p17"), ("p19", "p25")),
    ("p02", "p10", "p11", "p14", "p16", "p18", "p20"),
)
CAMERAS = (("c01",), ("c03", "c04", "c06", "c07"), ("c05",), ("c02",))


def spread(counts, values):
    """``counts[i]`` times one of ``values[i]``, in turn."""
    return [name for count, names in zip(counts, values, strict=True) for name, _ in zip(cycle(names), range(count))]


@pytest.fixture(scope="module")
def names() -> list[str]:
    clip_names = []
    for label, counts in COUNTS.items():
        subjects = spread(counts[:3], SUBJECTS)
        if len(counts) == 7:
            cv1, cv2, val, test = counts[3:]
            cameras = spread((cv1, cv2 - cv1, val, test), CAMERAS)
        else:  # in the cameras of every split, so that only its class keeps it out of cross-view
            cameras = spread((len(subjects),), (("c01", "c02", "c03", "c05"),))
        for number, (subject, camera) in enumerate(zip(subjects, cameras, strict=True)):
            clip_names.append(f"{label}_{subject}_r{number % 54:02d}_v{number // 54:02d}_{camera}")
    return clip_names


def record_of(name: str) -> dict:
    label, subject, _, _, camera = name.split("_")
    return {
        "id": name,
        "label": CLASSES.index(label),
        "class": label,
        "subject": subject,
        "camera": camera,
        "sources": {},
    }


@pytest.fixture(scope="module")
def records(names) -> list[dict]:
    return [record_of(name) for name in names if not name.startswith("Pour.Fromcup")]


def test_published_counts(records):
    assert len(records) == 16115
    assert count_splits(records, "smarthome") == SMARTHOME.published_counts


def test_published_counts_of_every_class(records):
    for position, split in enumerate(("train", "val", "test")):
        counts = Counter(record["class"] for record in select(records, SMARTHOME.protocols["cross_subject"], split))
        assert counts == Counter({name: row[position] for name, row in COUNTS.items() if name != "Pour.Fromcup"})
        for name, columns in (("cv1", (3, 5, 6)), ("cv2", (4, 5, 6))):
            counts = Counter(record["class"] for record in select(records, SMARTHOME.protocols[name], split))
            assert counts == Counter({label: row[columns[position]] for label, row in COUNTS.items() if len(row) == 7})


def test_label_orders():
    assert list(CLASSES) == sorted(set(COUNTS) - {"Pour.Fromcup"})
    assert list(CROSS_VIEW_CLASSES) == sorted(name for name, row in COUNTS.items() if len(row) == 7)
    assert [CLASSES.index(name) for name in ("Usetablet", "Usetelephone")] == [27, 28]
    assert [CLASSES[UNIK_ORDER[label]] for label in (26, 27, 28, 29)] == [
        *("Uselaptop", "Usetelephone", "Usetablet", "Walk")
    ]
    scores = np.eye(31)[[27]][:, list(UNIK_ORDER)]  # UNIK is sure of its 27, a telephone
    assert CLASSES[int(scores.argmax())] == "Usetelephone"


def test_cross_view_has_19_labels(records, tmp_path):
    index = Index(tmp_path, {"dataset": "smarthome", "classes": list(CLASSES), "streams": {}}, records)
    narrowed = narrow(index, SMARTHOME.protocols["cv1"])
    assert narrowed.classes == list(CROSS_VIEW_CLASSES)
    assert all(narrowed.classes[record["label"]] == record["class"] for record in narrowed.records)
    assert count_splits(narrowed.records, "smarthome")["cv2"] == SMARTHOME.published_counts["cv2"]
    assert narrow(index, SMARTHOME.protocols["cross_subject"]) is index
    assert index.records[-1]["label"] == 30  # unchanged
    with pytest.raises(InputError, match=r"classes of '.*index.json' must have Cutbread.*, got 1 others"):
        narrow(Index(tmp_path, {**index.metainfo, "classes": ["Fly"]}, []), SMARTHOME.protocols["cv1"])


def test_action_dataset_uses_protocol_labels(tmp_path):
    rows = [record_of(f"{label}_p03_r00_v00_{camera}") for label in ("Walk", "WatchTV") for camera in ("c01", "c02")]
    write_index(tmp_path / "index.json", {"dataset": "smarthome", "classes": list(CLASSES), "streams": {}}, rows)
    dataset = ActionDataset(index=tmp_path, protocol="cv1", split="train", streams={})
    assert dataset.metainfo["classes"] == list(CROSS_VIEW_CLASSES)
    assert [(row["id"], row["label"]) for row in dataset.records] == [("Walk_p03_r00_v00_c01", 18)]
    whole = ActionDataset(index=tmp_path, protocol="cross_subject", split="train", streams={})
    assert [row["label"] for row in whole.records] == [29, 29, 30, 30]
    assert load_index(tmp_path).classes == list(CLASSES)


@pytest.mark.parametrize(("name", "classes"), [("cv1", 19), ("cv2", 19), ("cross_subject", 31)])
def test_model_outputs_follow_protocol(tmp_path, name, classes):
    streams = {"skeleton": {"modality": "skeleton", "layout": "smarthome13", "channels": 3}}
    write_index(tmp_path / "index.json", {"dataset": "smarthome", "classes": list(CLASSES), "streams": streams}, [])
    options = [f"data.protocol={name}"]
    config = build_config(ROOT / "configs/skeleton/stgcnpp_minihome.py", options=options, data=tmp_path)
    assert config.model["num_classes"] == classes


def test_compare_lists_counts_clips(names):
    comparison = compare_lists(["holiday", *names, *names[:5]])
    assert all(row["found"] == row["published"] and not row["same"] for row in comparison.values())  # names are made up
    assert {name: row["published"] for name, row in comparison.items()} == {
        **{"train_CS": 8831, "validation_CS": 1854, "test_CS": 5444, "train_CV1": 1877, "train_CV2": 7806},
        **{"validation_CV": 3539, "test_CV": 1901},
    }


def test_compare_lists_recognises_equal_list(monkeypatch):
    listed = ["Walk_p02_r00_v01_c03", "Cutbread_p10_r00_v01_c03", "Pour.Fromcup_p02_r00_v01_c03"]
    lines = "Cutbread_p10_r00_v01_c03.mp4\nPour.Fromcup_p02_r00_v01_c03.mp4\nWalk_p02_r00_v01_c03.mp4"
    monkeypatch.setitem(smarthome.LISTS, "test_CS", (3, hashlib.sha256(lines.encode()).hexdigest()[:16]))
    assert compare_lists(listed)["test_CS"] == {"found": 3, "published": 3, "same": True}
    assert compare_lists(listed[1:])["test_CS"] == {"found": 2, "published": 3, "same": False}
