"""Files of whole datasets and folders of skeleton files, and the way back through pickles and arrays of others."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pose_files
import pytest
from dataset_files import write_clip

from triad.fusion.datasets import count_splits
from triad.fusion.datasets.annotation_export import export_annotations
from triad.fusion.datasets.custom.named_splits import find_protocols, parse_split_name
from triad.fusion.datasets.dataset_check import check_dataset
from triad.fusion.datasets.skeletons import prepare_skeletons
from triad.fusion.datasets.table import prepare_table
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import PoseStore
from triad.modalities.skeleton.readers import write_ctrgcn


def write_annotations(path: Path, splits: dict[str, list[str]], *, clips: int = 8, dims: int = 2) -> Path:
    rng = np.random.default_rng(0)
    rows = []
    for number in range(clips):
        joints = 17 if dims == 2 else 25
        points = rng.uniform(20, 200, (1 + number % 2, 5 + number, joints, dims)).astype(np.float32)
        row = {"frame_dir": f"clip_{number}", "label": number % 2, "keypoint": points, "total_frames": 5 + number}
        row |= {"keypoint_score": np.ones(points.shape[:3], np.float32), "img_shape": (240, 320)} if dims == 2 else {}
        rows.append(row)
    path.write_bytes(pickle.dumps({"split": splits, "annotations": rows}))
    return path


def poses_of(out: Path) -> dict[str, np.ndarray]:
    index = load_index(out)
    store = PoseStore(out / "skeleton.safetensors")
    return {row["id"]: store.read(row["sources"]["skeleton"]["clip"]).keypoints for row in index.records}


IDS = [f"clip_{number}" for number in range(8)]


def test_splits_of_a_pickle_are_protocols(tmp_path: Path) -> None:
    splits = {"train1": IDS[:6], "test1": IDS[6:], "train2": IDS[2:], "test2": IDS[:2], "xsub_train": IDS[:5]}
    path = write_annotations(tmp_path / "a.pkl", {**splits, "xsub_val": IDS[5:], "odd": IDS, "xview_test": IDS})
    report = prepare_skeletons(path, tmp_path / "out", fps=25)
    index = load_index(tmp_path / "out")
    assert index.metainfo["protocol"]["names"] == ["split1", "split2", "xsub"]
    counts = count_splits(index.records, "skeletons")
    assert {name: row["test"] for name, row in counts.items()} == {"split1": 2, "split2": 2, "xsub": 3}
    assert all(sum(row.values()) == 8 and row["val"] for row in counts.values())
    record = index.record("clip_7")
    assert record["official"] == {"split1": "test", "split2": record["official"]["split2"], "xsub": "test"}
    assert record["sources"]["skeleton"] | {"clip": 0} == {
        **{"path": "skeleton.safetensors", "clip": 0, "num": 12},
        **{"fps": 25, "size": [240, 320]},
    }
    assert index.classes == ["0", "1"]
    reason = "each names none of train, val, test, or has no train beside it"
    assert f"splits of the file that are not read: odd, xview_test; {reason}" in report["notes"]
    assert any("8 clips name no rate: 25 poses a second" in note for note in report["notes"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("train", ("split1", "train")),
        ("test3", ("split3", "test")),
        ("xview_val", ("xview", "val")),
        ("cross_subject_train", ("cross_subject", "train")),
        ("leave_one_out:s1_test", ("leave_one_out:s1", "test")),
        ("Training", ("split1", "train")),
        ("constraint", None),
    ],
)
def test_split_names_are_parsed(name: str, expected: tuple[str, str] | None) -> None:
    assert parse_split_name(name) == expected


def test_lone_val_tests() -> None:
    assert find_protocols({"train": ["a"], "val": ["b"]}) == {"split1": {"a": "train", "b": "test"}}
    assert find_protocols({"train": ["a"], "val": ["b"], "test": ["c"]})["split1"]["b"] == "val"


@pytest.mark.parametrize("dims", [2, 3])
def test_exported_pickle_is_read_back(tmp_path: Path, dims: int) -> None:
    path = write_annotations(tmp_path / "a.pkl", {"train": IDS[:6], "test": IDS[6:]}, dims=dims)
    prepare_skeletons(path, tmp_path / "first", fps=12.5)
    first = load_index(tmp_path / "first")
    export_annotations(tmp_path / "first", tmp_path / "b.pkl")
    prepare_skeletons(tmp_path / "b.pkl", tmp_path / "second")
    second = load_index(tmp_path / "second")
    fields = ("id", "label", "class", "official")
    assert [[row[key] for key in fields] for row in first.records] == [
        [row[k] for k in fields] for row in second.records
    ]
    assert second.records[0]["sources"]["skeleton"]["fps"] == 12.5
    assert first.metainfo["streams"] == second.metainfo["streams"]
    assert first.classes == second.classes
    again = poses_of(tmp_path / "second")
    assert all(np.array_equal(points, again[name]) for name, points in poses_of(tmp_path / "first").items())


def test_clips_survive_ctrgcn_arrays(tmp_path: Path) -> None:
    path = write_annotations(tmp_path / "a.pkl", {"train": IDS[:6], "test": IDS[6:]}, dims=3)
    prepare_skeletons(path, tmp_path / "first")
    points = poses_of(tmp_path / "first")
    labels = {row["id"]: row["label"] for row in load_index(tmp_path / "first").records}
    axes = np.float32([1, -1, 1])
    parts = {"train": IDS[:6], "test": IDS[6:]}
    clips = {part: [(points[name] * axes, labels[name]) for name in names] for part, names in parts.items()}
    write_ctrgcn(tmp_path / "a.npz", clips, num_classes=2, num_frames=20)
    prepare_skeletons(tmp_path / "a.npz", tmp_path / "second")
    again = poses_of(tmp_path / "second")
    for part, names in parts.items():
        for number, name in enumerate(names):
            assert np.array_equal(points[name], again[f"{part}_{number}"])


def test_arrays_of_stgcn_are_a_dataset(tmp_path: Path) -> None:
    for split in ("train", "val"):
        data, labels = pose_files.stgcn()
        (tmp_path / f"{split}_data.npy").write_bytes(data)
        names, numbers = pickle.loads(labels)
        (tmp_path / f"{split}_label.pkl").write_bytes(pickle.dumps(([f"{split} {name}" for name in names], numbers)))
    for source in (tmp_path, tmp_path / "val_data.npy"):
        prepare_skeletons(source, tmp_path / "out")
        index = load_index(tmp_path / "out")
        assert [row["official"]["split1"] for row in index.records] == ["train", "train", "test", "test"]
        assert [row["label"] for row in index.records] == [0, 1, 0, 1]
    assert check_dataset(index)["notes"] == []


def test_folders_of_openpose_are_clips(tmp_path: Path) -> None:
    for name in ("run/a", "run/b", "run/c", "jump/a", "jump/b", "jump/c"):
        frames = {number: [pose_files.openpose_person(10.0 * number + len(name))] for number in range(4)}
        pose_files.write_openpose(tmp_path / "in" / name, frames)
    (tmp_path / "in/run/notes.txt").write_text("of yesterday")
    (tmp_path / "in/run/d.json").write_bytes(pose_files.openpose())
    report = prepare_skeletons(tmp_path / "in", tmp_path / "out", size="640x480")
    index = load_index(tmp_path / "out")
    assert (report["records"], index.classes) == (7, ["jump", "run"])
    assert index.metainfo["streams"]["skeleton"] == {"modality": "skeleton", "layout": "openpose25", "channels": 2}
    source = index.record("run_a")["sources"]["skeleton"]
    assert (source["num"], source["fps"], source["size"]) == (4, 30.0, [480, 640])
    assert report["dropped"] == [
        {"id": "*.txt", "reason": "1 files such as 'run/notes.txt' hold no skeleton, or have names that are no UTF-8"},
    ]


def test_own_layout_goes_along(tmp_path: Path) -> None:
    layout = tmp_path / "pair.json"
    layout.write_text('{"name": "own_pair", "joints": ["a", "b"], "parents": [null, "a"], "dims": 3}')
    for name in ("x/1", "x/2", "y/1", "y/2"):
        path = tmp_path / "in" / f"{name}.npy"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pose_files.npy(np.full((3, 2, 3), 2.0 + len(name))))
    prepare_skeletons(tmp_path / "in", tmp_path / "out", joints=str(layout))
    stream = load_index(tmp_path / "out").metainfo["streams"]["skeleton"]
    assert (stream["layout"], stream["definition"]["joints"]) == ("own_pair", ["a", "b"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": "640"}, r"--size must be WIDTHxHEIGHT in pixels, got '640'"),
        ({"fps": 0.0}, "--fps must be positive, got 0"),
        ({"joints": "ntu52"}, r"joint layout must be one of .*did you mean 'ntu25'"),
        ({"axes": "up"}, "axes of 'a.pkl' must name each of x, y once"),
    ],
)
def test_wrong_options_are_named(tmp_path: Path, options: dict, message: str) -> None:
    path = write_annotations(tmp_path / "a.pkl", {})
    with pytest.raises(InputError, match=message):
        prepare_skeletons(path, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_one_clip_is_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(pose_files.alphapose())
    with pytest.raises(InputError, match=r"source must hold many clips, got .* of one; name it in a table"):
        prepare_skeletons(tmp_path / "a.json", tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="source must hold skeleton files in class folders"):
        prepare_skeletons(tmp_path / "empty", tmp_path / "out")


def test_table_takes_every_format(tmp_path: Path) -> None:
    write_clip(tmp_path / "v.mp4", frames=6, fps=10)
    (tmp_path / "v.json").write_bytes(pose_files.alphapose((0, 1, 3)))
    (tmp_path / "v.pkl").write_bytes(write_annotations(tmp_path / "a.pkl", {}).read_bytes())
    (tmp_path / "v.csv").write_bytes(pose_files.keypoint_csv())
    rows = ["path,skeleton,label", "v.mp4,v.json,a", ",v.pkl#clip_3,b", ",v.csv,c"]
    (tmp_path / "t.csv").write_text("\n".join(rows))
    report = prepare_table(tmp_path / "t.csv", tmp_path / "out")
    sources = {row["class"]: row["sources"]["skeleton"] for row in load_index(tmp_path / "out").records}
    assert (sources["a"]["num"], sources["a"]["fps"]) == (6, 10.0)  # frames without people at the end are padded
    assert (sources["c"]["num"], sources["c"]["fps"]) == (3, 25.0)
    (dropped,) = [row for row in report["dropped"] if "fps" in row["reason"]]
    assert "got 8 poses and no video; add column fps" in dropped["reason"]


def test_units_of_a_table_convert(tmp_path: Path) -> None:
    array = np.full((2, 25, 3), 1.0, np.float32) * np.float32([100, 200, 3000])
    (tmp_path / "a.npy").write_bytes(pose_files.npy(array))
    rows = ["skeleton,label,layout,fps,unit,axes", "a.npy,x,ntu25,30,mm,x -y z"]
    (tmp_path / "t.csv").write_text("\n".join(rows))
    prepare_table(tmp_path / "t.csv", tmp_path / "out")
    np.testing.assert_allclose(poses_of(tmp_path / "out")["a"][0, 0, 0], [0.1, -0.2, 3], rtol=1e-6)


def test_classes_of_a_file_are_counted(tmp_path: Path) -> None:
    path = write_annotations(tmp_path / "a.pkl", {"train": IDS[:6], "val": IDS[6:]})
    content = pickle.loads(path.read_bytes())
    content["annotations"] = [row | {"label": row["label"] + 1} for row in content["annotations"]]
    path.write_bytes(pickle.dumps(content))
    report = prepare_skeletons(path, tmp_path / "out")
    assert list(report["classes"]) == ["1", "2"]
    assert [row["test"] for row in report["classes"].values()] == [1, 1]
    assert any("label 0 stands for class '1'" in note for note in report["notes"])


def test_folder_of_kinetics_names_its_command(tmp_path: Path) -> None:
    (tmp_path / "kinetics_train").mkdir()
    (tmp_path / "kinetics_train_label.json").write_text("{}")
    with pytest.raises(InputError, match=r"got labels in 'kinetics_train_label.json'; prepare kinetics_skeleton"):
        prepare_skeletons(tmp_path, tmp_path / "out")
