"""Annotation pickles of pyskl and mmaction2 are written from a prepared dataset and prepared again."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from triad.fusion.datasets.annotation_export import export_annotations
from triad.fusion.datasets.ntu import NTU60
from triad.fusion.datasets.writer import Recording, SkeletonSpec, write_dataset
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses, PoseStore
from triad.modalities.skeleton.readers import Annotation, read_annotations, write_annotations

ALONE, TOGETHER, TEST = "S001C001P001R001A001", "S002C002P003R002A060", "S003C003P006R001A002"
LATER, MISSING, WRONG = "S018C003P045R001A120", "S001C002P005R002A008", "S001C001P002R001A003"


def annotation(name: str, *, label: int | None = None, persons: int = 1) -> Annotation:
    points = np.random.default_rng(list(name.encode())).normal(size=(persons, 6, 25, 3)).astype(np.float32)
    label = int(name[-3:]) - 1 if label is None else label
    return Annotation(name, label, Poses(points, np.ones(points.shape[:3], np.float32), "ntu25"))


@pytest.fixture
def pickle_path(tmp_path: Path) -> Path:
    clips = [annotation(TOGETHER, persons=2), *map(annotation, (ALONE, TEST, LATER, MISSING))]
    write_annotations(
        tmp_path / "ntu60_3d.pkl", [*clips, annotation(WRONG, label=7), annotation("x", label=0)], splits={}
    )
    return tmp_path / "ntu60_3d.pkl"


def annotation_of_nobody() -> dict:
    return {"frame_dir": ALONE, "label": 0, "keypoint": np.zeros((1, 2, 25, 3), np.float32), "total_frames": 2}


def test_prepare_reads_annotation_pickle(pickle_path, tmp_path):
    report = NTU60.prepare(pickle_path, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert [record["id"] for record in index.records] == [ALONE, TOGETHER, TEST]
    assert (report["records"], report["skipped"]) == (3, 1)
    record = index.record(TOGETHER)
    fields = ("setup", "camera", "subject", "repetition", "label")
    assert [record[field] for field in fields] == ["S002", "C002", "P003", "R002", 59]
    assert record["sources"]["skeleton"] == {"path": "skeleton.safetensors", "clip": 1, "num": 6, "fps": 30.0}
    reasons = {row["id"]: row["reason"] for row in report["dropped"]}
    assert set(reasons) == {MISSING, WRONG, "x"}
    assert reasons[MISSING] == "the authors list its skeleton as missing or incomplete"
    assert reasons[WRONG] == f"skeleton: label of '{WRONG}' in '{pickle_path}' must be 2 as its name says, got 7"
    assert reasons["x"] == "skeleton: frame_dir is not named as the dataset's clips are"
    poses = PoseStore(tmp_path / "out/skeleton.safetensors").read(0)
    assert np.array_equal(poses.keypoints, annotation(ALONE).poses.keypoints)


def test_export_and_prepare_are_inverse(pickle_path, tmp_path):
    NTU60.prepare(pickle_path, tmp_path / "a")
    report = export_annotations(tmp_path / "a", tmp_path / "export.pkl")
    assert report == {
        **{"dataset": "ntu60", "layout": "ntu25", "clips": 3, "without": 0},
        "splits": {
            **{"cross_subject_train": 1, "cross_subject_test": 2},
            **{"cross_view_train": 1, "cross_view_val": 1, "cross_view_test": 1},
        },
    }
    assert read_annotations(tmp_path / "export.pkl", layout="ntu25").classes == tuple(
        load_index(tmp_path / "a").classes
    )
    NTU60.prepare(tmp_path / "export.pkl", tmp_path / "b")
    for name in ("index.json", "skeleton.safetensors"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_mmaction2_reads_exported_split(pickle_path, tmp_path):
    pose_dataset = pytest.importorskip("mmaction.datasets.pose_dataset")
    NTU60.prepare(pickle_path, tmp_path / "out")
    export_annotations(tmp_path / "out", tmp_path / "export.pkl")
    file = str(tmp_path / "export.pkl")
    dataset = pose_dataset.PoseDataset(ann_file=file, pipeline=[], split="cross_view_train")
    assert [dataset.get_data_info(row)["frame_dir"] for row in range(len(dataset))] == [TOGETHER]
    assert dataset.get_data_info(0)["keypoint"].shape == (2, 6, 25, 3)
    assert dataset.get_data_info(0)["label"] == 59


def test_segment_exports_its_poses(tmp_path):
    points = np.arange(30, dtype=np.float32)[None, :, None, None].repeat(15, 2).repeat(2, 3)
    poses = Poses(points, np.ones((1, 30, 15), np.float32), "jhmdb15")
    records = tuple(
        {"id": f"x{number}", "label": number, "start": number * 0.3, "end": number * 0.3 + 0.3} for number in (0, 1)
    )
    skeletons = SkeletonSpec(layout="jhmdb15", fps=10.0, size=(24, 32))
    metainfo = {"dataset": "toy", "classes": ["a", "b"]}
    write_dataset(tmp_path, [Recording("x", records, skeleton=lambda: poses)], metainfo=metainfo, skeletons=skeletons)
    export_annotations(tmp_path, tmp_path / "export.pkl")
    document = pickle.loads((tmp_path / "export.pkl").read_bytes())
    second = document["annotations"][1]
    assert (second["label"], second["total_frames"], second["img_shape"]) == (1, 3, (24, 32))
    assert second["keypoint"][0, :, 0, 0].tolist() == [3.0, 4.0, 5.0]


def test_invalid_pickles_are_refused(pickle_path, tmp_path):
    (tmp_path / "bad.pkl").write_bytes(pickle.dumps({"annotations": [annotation_of_nobody()]}))
    with pytest.raises(InputError, match=f"none; dropped: '{ALONE}': skeleton: "):
        NTU60.prepare(tmp_path / "bad.pkl", tmp_path / "out")
    (tmp_path / "code.pkl").write_bytes(pickle.dumps({"annotations": [print]}))
    with pytest.raises(InputError, match=r"code\.pkl"):
        NTU60.prepare(tmp_path / "code.pkl", tmp_path / "out")
    NTU60.prepare(pickle_path, tmp_path / "out")
    with pytest.raises(InputError, match=r"file to export to must end with \.pkl, got '.*export'"):
        export_annotations(tmp_path / "out", tmp_path / "export")
