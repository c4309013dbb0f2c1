import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skeleton_files

from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses
from triad.modalities.skeleton.readers import Annotation, read_annotations, write_annotations
from triad.modalities.skeleton.readers.pose_arrays import NTU_AXES

RNG = np.random.default_rng(0)


def clip(name: str, *, persons: int = 2, frames: int = 5, layout: str = "coco17") -> Annotation:
    dims = 2 if layout == "coco17" else 3
    joints = 17 if layout == "coco17" else 25
    size = (240, 320) if layout == "coco17" else None
    points = RNG.uniform(1, 200, (persons, frames, joints, dims)).astype(np.float32)
    scores = RNG.uniform(0.1, 1, points.shape[:3]).astype(np.float32) if dims == 2 else np.ones(points.shape[:3], "f4")
    points[0, 0, 3] = 0
    scores[0, 0, 3] = 0
    return Annotation(name, 7, Poses(points, scores, layout), size)


def write(folder: Path, content: Any, protocol: int = 4) -> Path:
    raw = content if isinstance(content, bytes) else pickle.dumps(content, protocol=protocol)
    (folder / "a.pkl").write_bytes(raw)
    return folder / "a.pkl"


@pytest.mark.parametrize("layout", ["coco17", "ntu25"])
def test_written_clips_are_read_back(tmp_path: Path, layout: str) -> None:
    clips = [clip("a", layout=layout), clip("b", persons=1, frames=1, layout=layout)]
    write_annotations(tmp_path / "a.pkl", clips, splits={"train": ["b"], "test": ["a"]})
    annotations = read_annotations(tmp_path / "a.pkl", layout=layout)
    assert annotations.splits == {"train": ["b"], "test": ["a"]}
    assert len(annotations) == 2
    for written, read in zip(clips, annotations, strict=True):
        assert (written.id, written.label, written.size) == (read.id, read.label, read.size)
        assert np.array_equal(written.poses.keypoints, read.poses.keypoints)
        assert np.array_equal(written.poses.scores, read.poses.scores)


@pytest.mark.parametrize("layout", ["ntu25", "coco17"])
def test_missing_joint_stays_missing(tmp_path: Path, layout: str) -> None:
    """3D has no scores in the file: a joint that is not at the origin counts as visible."""
    poses = clip("a", layout=layout).poses
    scores = np.ones_like(poses.scores)
    scores[0, 2, 3] = scores[1, :, 5] = 0
    clip_with_missing = Annotation("a", 0, Poses(np.ones_like(poses.keypoints), scores, layout), (480, 640))
    write_annotations(tmp_path / "a.pkl", [clip_with_missing], splits={})
    poses = read_annotations(tmp_path / "a.pkl", layout=layout)[0].poses
    np.testing.assert_array_equal(poses.scores, scores)
    assert not poses.keypoints[scores == 0].any()


def test_mmaction2_reads_written_files(tmp_path: Path) -> None:
    pose_dataset = pytest.importorskip("mmaction.datasets.pose_dataset")
    clips = [clip("a"), clip("b")]
    write_annotations(tmp_path / "a.pkl", clips, splits={"train": ["b"], "test": ["a"]}, dtype="float16")
    dataset = pose_dataset.PoseDataset(ann_file=str(tmp_path / "a.pkl"), pipeline=[], split="train")
    assert len(dataset) == 1
    info = dataset.get_data_info(0)
    assert (info["frame_dir"], info["label"], info["total_frames"], info["img_shape"]) == ("b", 7, 5, (240, 320))
    assert np.array_equal(info["keypoint"], clips[1].poses.keypoints.astype(np.float16))
    assert np.array_equal(info["keypoint_score"], clips[1].poses.scores.astype(np.float16))


@pytest.mark.parametrize("protocol", range(6))
def test_every_pickle_protocol_is_read(tmp_path: Path, protocol: int) -> None:
    points = np.asfortranarray(RNG.normal(size=(1, 3, 25, 3)).astype(">f4"))
    row = {"frame_dir": np.str_("a"), "label": np.int64(3), "keypoint": points, "total_frames": np.int32(3)}
    row |= {"valid": {0.5: 2, np.float64(0.9): None}, "any": ({1}, [True, b"b", 2**70, -1, 1.5], bytearray(b"c"))}
    clips = read_annotations(write(tmp_path, [row, row], protocol), layout="ntu25")
    assert clips.splits == {}
    assert (clips[1].id, clips[1].label, clips[1].size) == ("a", 3, None)
    assert np.array_equal(clips[1].poses.keypoints, points.astype(np.float32) * NTU_AXES)
    assert [clip.id for clip in clips[:1]] == ["a"]


NAN = np.full((2, 3, 17, 2), np.nan)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "must be a pickle of plain values"),
        ({"split": 3, "annotations": []}, "split must be a dictionary of lists, got int"),
        ({"split": {"train": [1]}, "annotations": []}, "split 'train' must be a list of names, got list"),
        ({"split": {}}, "must hold a list of annotations, got NoneType"),
        (3.5, "must hold a list of annotations, got float"),
    ],
)
def test_other_pickles_are_refused(tmp_path: Path, content: Any, message: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(InputError, match=rf"a\.pkl'.* ?({message})"):
        read_annotations(path, layout="coco17")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"keypoint": None}, r"clip v_ApplyEyeMakeup_g08_c01': keypoint must be an array of numbers \[M, T, 17, 2\]"),
        ({"keypoint": np.ones((1, 3, 5, 2)), "keypoint_score": None}, r"shape \[M, T, 17, 2\], got \[1, 3, 5, 2\]"),
        (
            {"keypoint": np.ones((0, 3, 17, 2))},
            r"keypoint must have shape \[M, T, 17, 2\] and values, got \[0, 3, 17, 2\]",
        ),
        ({"keypoint": np.ones((10**9, 1, 17, 0))}, r"and values, got \[1000000000, 1, 17, 0\]"),
        ({"keypoint": np.array([["a"]])}, "keypoint must be an array of numbers"),
        ({"keypoint_score": np.ones((2, 3, 16))}, r"keypoint_score must have shape \[2, 3, 17\], got \[2, 3, 16\]"),
        ({"keypoint": NAN}, "must show a joint of somebody in some frame, got none in 3"),
        ({"total_frames": 4}, "total_frames must be 3 as keypoint has, got 4"),
        ({"total_frames": 10**5000}, "total_frames must be 3 as keypoint has, got a number of more than 100 digits"),
        ({"total_frames": "3"}, "total_frames must be 3 as keypoint has, got str"),
        ({"label": "drink"}, "label must be the number of a class, got str"),
        ({"img_shape": (1, 2, 3)}, "img_shape must be height and width, got tuple"),
        ({"frame_dir": None}, "frame_dir of annotation 0 must be a name, got NoneType"),
    ],
)
def test_bad_clip_spoils_no_other(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    document = pickle.loads(skeleton_files.annotations())
    (good,) = document["annotations"]
    clips = read_annotations(write(tmp_path, [{**good, **change}, good]), layout="coco17")
    with pytest.raises(InputError, match=message):
        clips[0]
    assert clips[1].label == 3


def test_unwritable_clips_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.pkl"
    for clips, splits, dtype, message in (
        ([clip("a"), clip("a")], {}, "float32", "ids of annotations must differ, got 'a' twice"),
        ([clip("a")], {"train": ["b"]}, "float32", "split 'train' must name clips of the file, got 'b'"),
        ([clip("a"), clip("b", layout="ntu25")], {}, "float32", "layout of clip 'b' must be 'coco17'"),
        ([Annotation("a", 0, clip("a").poses)], {}, "float32", "size of 2D clip 'a' must be its frames' height"),
        ([clip("a")], {}, "float64", "dtype of annotations must be one of float16, float32, got 'float64'"),
        ([], {}, "float32", "must have clips, got none"),
    ):
        with pytest.raises(InputError, match=message):
            write_annotations(path, clips, splits=splits, dtype=dtype)
    assert not list(tmp_path.iterdir())
