"""Kinetics-skeleton from a tiny tree in its own format with errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from dataset_files import digest

from triad.fusion.datasets import get_protocol
from triad.fusion.datasets.dataset_check import summarize_dataset
from triad.fusion.datasets.kinetics_skeleton import prepare_kinetics_skeleton
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import PoseReader


def write(path: Path, frames: int) -> None:
    """One person; joint j of every frame is at (j / 100, 0.5) of the picture, joint 17 is lost."""
    pose = [value for joint in range(17) for value in (joint / 100, 0.5)] + [0.0, 0.0]
    person = {"pose": pose, "score": [0.5] * 17 + [0.0]}
    data = [{"frame_index": time + 1, "skeleton": [person]} for time in range(frames)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"data": data, "label": "abseiling", "label_index": 0}))


def row(label: int, has: bool = True) -> dict:
    return {"has_skeleton": has, "label": ("abseiling", "air drumming")[label], "label_index": label}


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    train = {"---QUuC4vJs": row(1), "--07WQ2iBlw": row(0, has=False), "cut": row(0), "lost": row(0)}
    (folder / "kinetics_train").mkdir(parents=True)
    (folder / "kinetics_train_label.json").write_text(json.dumps(train))
    (folder / "kinetics_val_label.json").write_text(json.dumps({"-0IErS_cisg": row(0)}))
    write(folder / "kinetics_train/---QUuC4vJs.json", 4)
    write(folder / "kinetics_train/--07WQ2iBlw.json", 4)
    write(folder / "kinetics_train/unknown.json", 4)
    (folder / "kinetics_train/cut.json").write_text('{"data": [{"frame_index": 1, ')
    write(folder / "kinetics_val/-0IErS_cisg.json", 3)
    return folder


def test_prepared_and_dropped_clips(source, tmp_path):
    report = prepare_kinetics_skeleton(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert index.classes == ["abseiling", "air drumming"]
    first, second = index.records
    assert [(record["id"], record["label"]) for record in index.records] == [("---QUuC4vJs", 1), ("-0IErS_cisg", 0)]
    assert [record["official"] for record in index.records] == [{"split1": "train"}, {"split1": "test"}]
    assert get_protocol("kinetics_skeleton", "split1")(second) == "test"  # the official val
    reader = PoseReader(layout="openpose18", frame_size=(256, 340))
    clip = reader.read(index.source(first, "skeleton"), np.array([0.0, 3 / 30]), np.ones(2, bool))
    assert clip.keypoints[0, 1, 10].tolist() == pytest.approx([34.0, 128.0])
    assert clip.scores[0, 1, 16:].tolist() == [0.5, 0.0]
    dropped = {row["id"]: row["reason"] for row in report["dropped"]}
    assert set(dropped) == {"--07WQ2iBlw", "cut", "lost", "unknown"}
    assert dropped["--07WQ2iBlw"] == "skeleton: nobody was found (has_skeleton is false)"
    assert "kinetics_train/cut.json" in dropped["cut"]
    assert "kinetics_train/lost.json', which does not exist" in dropped["lost"]
    assert dropped["unknown"].endswith("kinetics_train/unknown.json' is not in its label file")


def test_own_labels_from_one_are_taken(source, tmp_path):
    for name in ("train", "val"):
        path = source / f"kinetics_{name}_label.json"
        rows = json.loads(path.read_text())
        path.write_text(json.dumps({key: {**row, "label_index": row["label_index"] + 1} for key, row in rows.items()}))
    report = prepare_kinetics_skeleton(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert (index.classes, [record["label"] for record in index.records]) == (["abseiling", "air drumming"], [1, 0])
    assert report["notes"][0].endswith("label 0 stands for label_index 1, 'abseiling'")
    assert summarize_dataset(index)["problems"] == []  # published counts are those of Kinetics-400


def test_preparing_again_gives_same_bytes(source, tmp_path):
    for name in ("one", "two"):
        prepare_kinetics_skeleton(source, tmp_path / name)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "JSON file must be a file, got '.*kinetics_val_label.json', which does not exist; give the folder"),
        ([1], r"'.*kinetics_val_label.json' must be \{id: .*\}, got list; give the folder"),
        ({"a": {"label": "x"}}, "'a' in '.*' must have has_skeleton, label and label_index, got"),
        ({"a": {**row(0), "label_index": True}}, "'a' in '.*' must have has_skeleton, label and label_index, got"),
        ({"a": {**row(0), "label": "x"}}, r"class 0 in the label files must have one name, got \['abseiling', 'x'\]"),
    ],
)
def test_invalid_label_files_are_refused(source, tmp_path, content, message):
    path = source / "kinetics_val_label.json"
    path.unlink()
    if content is not None:
        path.write_text(json.dumps(content))
    with pytest.raises(InputError, match=message):
        prepare_kinetics_skeleton(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()
