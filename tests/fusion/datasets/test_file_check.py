"""Each error is planted in the files of a sound dataset, and found."""

from __future__ import annotations

import json

import numpy as np
import pytest
from toy_dataset import FPS, FRAMES, NAMES, edit, find_problems, make_poses, make_video, truncate, write_flow

from triad.fusion.datasets.dataset_check import check_dataset
from triad.fusion.datasets.writer import STORE
from triad.fusion.index import load_index
from triad.modalities.atomic_files import write_arrays
from triad.modalities.skeleton import Poses, write_store


@pytest.mark.parametrize(
    ("plant", "message"),
    [
        (lambda out: (out / "videos/b.mp4").unlink(), "rgb: '{out}/videos/b.mp4' is missing"),
        (lambda out: truncate(out / "videos/b.mp4", 0.5), "rgb: video must be readable, got '{out}/videos/b.mp4' ("),
        (lambda out: (out / "videos/b.mp4").write_bytes(b""), "rgb: video must have content, got '{out}/videos/b.mp4'"),
        (
            lambda out: make_video(out / "videos/b.mp4", 5),
            "rgb: '{out}/videos/b.mp4' must hold 8 entries as the index says, got 5",
        ),
        (lambda out: (out / "flow_dis/b.flow").unlink(), "flow_dis: '{out}/flow_dis/b.flow' is missing"),
        (lambda out: truncate(out / "flow_dis/b.flow", 0.5), "flow_dis: flow"),
        (
            lambda out: write_flow(out / "flow_dis/b.flow", 8),
            "flow_dis: '{out}/flow_dis/b.flow' must hold 7 entries as the index says, got 8",
        ),
    ],
)
def test_missing_and_truncated_files_are_named(toy_root, plant, message):
    plant(toy_root)
    found_problems = find_problems(toy_root)
    assert set(found_problems) == {"b"}
    assert found_problems["b"].startswith(message.format(out=toy_root))


def test_truncated_avi_is_found(toy_root):
    """Its head still tells all frames."""
    make_video(toy_root / "videos/b.avi", 60)
    truncate(toy_root / "videos/b.avi", 0.6)

    def point(records, _):
        records["b"]["sources"] = {"rgb": {"path": "videos/b.avi", "num": 60, "fps": FPS}}
        records["b"]["num_frames"] = 60

    edit(toy_root, point)
    assert "videos/b.avi' must hold 60 entries as the index says, got " in find_problems(toy_root)["b"]


@pytest.mark.parametrize(
    ("layout", "frames", "names", "message"),
    [
        ("jhmdb15", FRAMES, "abd", "clip 2 of '{out}/skeleton.safetensors' must be 'c', got 'd'"),
        ("jhmdb15", FRAMES, "ab", "clip of skeleton source '{out}/skeleton.safetensors' must be below 2, got 2"),
        ("jhmdb15", 9, "abc", "clip 2 of skeleton store '{out}/skeleton.safetensors' must hold 8 poses, got 9"),
        ("coco17", FRAMES, "abc", "layout of skeleton store '{out}/skeleton.safetensors' must be 'jhmdb15', got"),
    ],
)
def test_store_of_other_run_is_found(toy_root, layout, frames, names, message):
    with write_store(toy_root / STORE, layout=layout) as store:
        for name in names:
            read = make_poses(name, frames)
            shape = (1, frames, 17 if layout == "coco17" else 15)
            store.add(name, Poses(np.resize(read.keypoints, (*shape, 2)), np.ones(shape, np.float32), layout))
    assert find_problems(toy_root)["c"].startswith("skeleton: " + message.format(out=toy_root))


@pytest.mark.parametrize("keep", [None, 0.0, 0.5])
def test_unreadable_store_concerns_every_clip(toy_root, keep):
    if keep is None:
        (toy_root / STORE).unlink()
    else:
        truncate(toy_root / STORE, keep)
    found_problems = find_problems(toy_root)
    assert set(found_problems) == set(NAMES)
    assert all(
        problem.startswith("skeleton: ") and f"{toy_root / STORE}'" in problem for problem in found_problems.values()
    )


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_non_finite_joints_are_found(toy_root, value):
    content = (toy_root / STORE).read_bytes()
    joint = make_poses("b").keypoints[0, 3, 4].tobytes()
    assert content.count(joint) == 1
    (toy_root / STORE).write_bytes(content.replace(joint, np.array([value, 0], np.float32).tobytes()))
    assert f"Poses.keypoints must be finite, got {value} at [0, 3, 4, 0]" in find_problems(toy_root)["b"]


def test_separate_skeleton_files_are_checked(toy_root):
    """As datasets were prepared before there were stores."""
    arrays = {"keypoints": make_poses("d").keypoints, "scores": make_poses("d").scores}
    write_arrays(toy_root / "skeleton/b.npz", **arrays)
    edit(toy_root, lambda records, _: records["b"]["sources"]["skeleton"].update(path="skeleton/b.npz", clip=None))
    assert find_problems(toy_root) == {}
    arrays["keypoints"][0, 5, 2, 1] = np.nan
    write_arrays(toy_root / "skeleton/b.npz", **arrays)
    assert "NaN or infinity at keypoints[0, 5, 2, 1]" in find_problems(toy_root)["b"]


@pytest.mark.parametrize(("num", "is_problem"), [(6, True), (7, False), (9, False), (10, True)])
def test_streams_may_differ_by_one_entry(toy_root, num, is_problem):
    """A frame more or less is how sensors stop."""
    with write_store(toy_root / STORE, layout="jhmdb15") as store:
        for name in NAMES:
            store.add(name, make_poses(name, num if name == "b" else FRAMES))
    edit(toy_root, lambda records, _: records["b"]["sources"]["skeleton"].update(num=num))
    if is_problem:
        message = f"skeleton: {num} entries end after {num / FPS:.2f} s, those of flow_dis (7) after 0.70 s"
        assert find_problems(toy_root) == {"b": message}
    else:
        assert find_problems(toy_root) == {}


def test_flow_lacks_one_field_only(toy_root):
    write_flow(toy_root / "flow_dis/b.flow", 5)
    edit(toy_root, lambda records, _: records["b"]["sources"]["flow_dis"].update(num=5))
    messages = [row["problem"] for row in check_dataset(load_index(toy_root))["problems"]]
    assert messages == [
        f"{stream}: 8 entries end after 0.80 s, those of flow_dis (5) after 0.50 s" for stream in ("rgb", "skeleton")
    ]


def test_equal_clips_are_duplicates(toy_root):
    with write_store(toy_root / STORE, layout="jhmdb15") as store:
        for name, content in zip(NAMES, "aba", strict=True):
            store.add(name, make_poses(content))
    (toy_root / "videos/b.mp4").write_bytes((toy_root / "videos/a.mp4").read_bytes())
    assert find_problems(toy_root) == {"c": "skeleton: the same as 'a'", "b": "rgb: the same as 'a'"}


def test_empty_clips_are_no_duplicates(toy_root):
    with write_store(toy_root / STORE, layout="jhmdb15") as store:
        for name in NAMES:
            store.add(name, make_poses("nobody", score=0.0))
    assert find_problems(toy_root) == {}


def test_stored_clip_belongs_to_one_record(toy_root):
    edit(toy_root, lambda records, _: records["b"]["sources"]["skeleton"].update(clip=0))
    assert find_problems(toy_root) == {
        "b": f"skeleton: clip 0 of '{toy_root}/skeleton.safetensors' must be 'b', got 'a'"
    }


def test_segments_may_share_files(toy_root):
    def cut(records, _):
        for name, (start, end) in {"a": (0.0, 0.4), "b": (0.4, 0.8)}.items():
            sources = json.loads(json.dumps(records["c"]["sources"]))
            records[name].update(start=start, end=end, source_video="c", sources=sources)

    edit(toy_root, cut)
    assert find_problems(toy_root) == {}
    with write_store(toy_root / STORE, layout="jhmdb15") as store:
        for name in NAMES:
            store.add(name, make_poses(name, 12))
    for name in NAMES:
        edit(toy_root, lambda records, _, name=name: records[name]["sources"]["skeleton"].update(num=12))
    assert list(find_problems(toy_root)) == ["a"]  # said once
