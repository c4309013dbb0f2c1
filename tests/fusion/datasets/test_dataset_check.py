"""Each fault is planted in a sound dataset of videos, flow and packed skeletons, and found."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fusion.datasets.dataset_check import check_dataset, summarize_dataset
from fusion.datasets.nucla import is_known_duplicate
from fusion.datasets.registry import DATASETS, Dataset, DatasetEntry
from fusion.datasets.writer import STORE, Recording, SkeletonSpec, write_dataset
from fusion.index import load_index
from modalities.atomic_files import write_arrays
from modalities.checks import InputError
from modalities.flow import FlowWriter
from modalities.skeleton.pose_store_writer import write_store
from modalities.skeleton.poses import Poses
from modalities.video import write_video

FRAMES, FPS = 8, 10.0
NAMES = ("a", "b", "c")


def poses(name: str, frames: int = FRAMES, *, seen: float = 1.0) -> Poses:
    keypoints = np.random.default_rng(list(name.encode())).normal(size=(1, frames, 15, 2)).astype(np.float32)
    return Poses(keypoints * seen, np.full((1, frames, 15), seen, np.float32), "jhmdb15")


def film(path: Path, frames: int = FRAMES) -> Path:
    rng = np.random.default_rng(list(path.stem.encode()))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_video(path, list(rng.integers(0, 255, (frames, 24, 32, 3), np.uint8)), fps=FPS)
    return path


def write_flow(path: Path, fields: int = FRAMES - 1) -> None:
    with FlowWriter(path) as writer:
        writer.add(np.ones((fields, 24, 32, 2), np.float32))


def edit(root: Path, change: Any) -> None:
    """Change the records of the index, given by their ids."""
    document = json.loads((root / "index.json").read_text())
    change({record["id"]: record for record in document["data_list"]}, document["metainfo"])
    (root / "index.json").write_text(json.dumps(document))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three clips with all streams, 0.8 seconds each."""
    toy = Dataset(name="toy", files="", prepare=dict, protocols={})
    monkeypatch.setitem(DATASETS, "toy", DatasetEntry("Toy", "toy_dataset"))
    monkeypatch.setitem(sys.modules, "toy_dataset", SimpleNamespace(TOY=toy))
    out = tmp_path / "out"
    recordings = [
        Recording(name, ({"id": name, "label": 0},), film(out / f"videos/{name}.mp4"), lambda name=name: poses(name))
        for name in NAMES
    ]
    skeletons = SkeletonSpec(layout="jhmdb15", fps=FPS, size=(24, 32))
    write_dataset(out, recordings, metainfo={"dataset": "toy", "classes": ["x"]}, skeletons=skeletons)

    def add_flow(records, metainfo):
        metainfo["streams"]["flow_dis"] = {"modality": "flow"}
        for name, record in records.items():
            write_flow(out / f"flow_dis/{name}.flow")
            entry = {"path": f"flow_dis/{name}.flow", "num": FRAMES - 1, "fps": FPS}
            record["sources"] = {"flow_dis": entry, **record["sources"]}  # whichever comes first

    edit(out, add_flow)
    return out


def problems(root: Path) -> dict[str | None, str]:
    found = check_dataset(load_index(root))["problems"]
    by_id = {row["id"]: row["problem"] for row in found}
    assert len(by_id) == len(found)  # one fault, one line
    return by_id


def test_a_sound_dataset(root):
    document = check_dataset(load_index(root))
    assert document["problems"] == document["known"] == []
    assert document["leaks"] == {}
    assert (document["records"], document["streams"]) == (3, {"flow_dis": 3, "rgb": 3, "skeleton": 3})
    assert document["seconds"] == {"min": 0.8, "median": 0.8, "max": 0.8, "total": 2.4}
    assert document["unverified"] == [
        "that the frames of videos decode beyond the first (prepare decoded them all)",
        "the fields within flow files",
    ]


def test_a_dataset_that_nobody_knows(root):
    edit(root, lambda _, metainfo: metainfo.update(dataset="jhmbd"))
    problem = problems(root)[None]
    assert problem.startswith("metainfo.dataset must be one of florence3d, folder, hmdb51, jhmdb, ")
    assert problem.endswith(", got 'jhmbd' (did you mean 'jhmdb'?)")


def test_a_record_that_its_protocols_cannot_split(root):
    edit(root, lambda _, metainfo: metainfo.update(dataset="nucla"))
    with pytest.raises(InputError, match="record 'a' must have a 'camera', by which its protocols split, got None"):
        check_dataset(load_index(root))
    edit(root, lambda _, metainfo: metainfo.update(dataset="jhmdb"))
    with pytest.raises(InputError, match="record 'a' must have 'official' lists, by which its protocols split, got No"):
        check_dataset(load_index(root))


def truncate(path: Path, keep: float) -> None:
    path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])


@pytest.mark.parametrize(
    ("plant", "message"),
    [
        (lambda out: (out / "videos/b.mp4").unlink(), "rgb: '{out}/videos/b.mp4' is missing"),
        (lambda out: truncate(out / "videos/b.mp4", 0.5), "rgb: video must be readable, got '{out}/videos/b.mp4' ("),
        (lambda out: (out / "videos/b.mp4").write_bytes(b""), "rgb: video must have content, got '{out}/videos/b.mp4'"),
        (
            lambda out: film(out / "videos/b.mp4", 5),
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
def test_a_file_that_is_missing_or_not_whole(root, plant, message):
    plant(root)
    found = problems(root)
    assert set(found) == {"b"}
    assert found["b"].startswith(message.format(out=root))


def test_a_cut_avi_opens_and_is_found(root):
    """Its head still tells all frames."""
    film(root / "videos/b.avi", 60)
    truncate(root / "videos/b.avi", 0.6)

    def point(records, _):
        records["b"]["sources"] = {"rgb": {"path": "videos/b.avi", "num": 60, "fps": FPS}}
        records["b"]["num_frames"] = 60

    edit(root, point)
    assert "videos/b.avi' must hold 60 entries as the index says, got " in problems(root)["b"]


@pytest.mark.parametrize(
    ("layout", "frames", "names", "message"),
    [
        ("jhmdb15", FRAMES, "abd", "clip 2 of '{out}/skeleton.safetensors' must be 'c', got 'd'"),
        ("jhmdb15", FRAMES, "ab", "clip of skeleton source '{out}/skeleton.safetensors' must be below 2, got 2"),
        ("jhmdb15", 9, "abc", "clip 2 of skeleton store '{out}/skeleton.safetensors' must hold 8 poses, got 9"),
        ("coco17", FRAMES, "abc", "layout of skeleton store '{out}/skeleton.safetensors' must be 'jhmdb15', got"),
    ],
)
def test_a_store_that_is_not_the_index_s(root, layout, frames, names, message):
    with write_store(root / STORE, layout=layout) as store:
        for name in names:
            read = poses(name, frames)
            shape = (1, frames, 17 if layout == "coco17" else 15)
            store.add(name, Poses(np.resize(read.keypoints, (*shape, 2)), np.ones(shape, np.float32), layout))
    assert problems(root)["c"].startswith("skeleton: " + message.format(out=root))


@pytest.mark.parametrize("keep", [None, 0.0, 0.5])
def test_a_store_that_cannot_be_read_is_named_by_every_clip(root, keep):
    if keep is None:
        (root / STORE).unlink()
    else:
        truncate(root / STORE, keep)
    found = problems(root)
    assert set(found) == set(NAMES)
    assert all(problem.startswith("skeleton: ") and f"{root / STORE}'" in problem for problem in found.values())


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_no_number(root, value):
    content = (root / STORE).read_bytes()
    place = poses("b").keypoints[0, 3, 4].tobytes()
    assert content.count(place) == 1
    (root / STORE).write_bytes(content.replace(place, np.array([value, 0], np.float32).tobytes()))
    assert f"Poses.keypoints must be finite, got {value} at [0, 3, 4, 0]" in problems(root)["b"]


def test_a_skeleton_file_of_its_own(root):
    """As datasets were prepared before there were stores."""
    arrays = {"keypoints": poses("d").keypoints, "scores": poses("d").scores}
    write_arrays(root / "skeleton/b.npz", **arrays)
    edit(root, lambda records, _: records["b"]["sources"]["skeleton"].update(path="skeleton/b.npz", clip=None))
    assert problems(root) == {}
    arrays["keypoints"][0, 5, 2, 1] = np.nan
    write_arrays(root / "skeleton/b.npz", **arrays)
    assert "NaN or infinity at keypoints[0, 5, 2, 1]" in problems(root)["b"]


@pytest.mark.parametrize(("num", "found"), [(6, True), (7, False), (9, False), (10, True)])
def test_streams_of_one_record_last_as_long(root, num, found):
    """A frame more or less is how sensors stop."""
    with write_store(root / STORE, layout="jhmdb15") as store:
        for name in NAMES:
            store.add(name, poses(name, num if name == "b" else FRAMES))
    edit(root, lambda records, _: records["b"]["sources"]["skeleton"].update(num=num))
    if found:
        said = f"skeleton: {num} entries end after {num / FPS:.2f} s, those of flow_dis (7) after 0.70 s"
        assert problems(root) == {"b": said}
    else:
        assert problems(root) == {}


def test_flow_may_lack_the_last_field_and_no_more(root):
    write_flow(root / "flow_dis/b.flow", 5)
    edit(root, lambda records, _: records["b"]["sources"]["flow_dis"].update(num=5))
    found = [row["problem"] for row in check_dataset(load_index(root))["problems"]]
    assert found == [
        f"{stream}: 8 entries end after 0.80 s, those of flow_dis (5) after 0.50 s" for stream in ("rgb", "skeleton")
    ]


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (0.5, 0.5, "the record must last from a start to a later end, got 0.5 to 0.5 s"),
        (-0.2, 0.5, "the record must last from a start to a later end, got -0.2 to 0.5 s"),
        (0.2, 1.5, "the record must end within its streams, which end after 0.80 s, got 1.50 s"),
        (0.2, 0.8, None),
    ],
)
def test_a_record_lies_within_its_streams(root, start, end, message):
    edit(root, lambda records, _: records["b"].update(start=start, end=end))
    assert problems(root) == ({} if message is None else {"b": message})


def test_equal_poses_and_equal_videos_under_two_ids(root):
    with write_store(root / STORE, layout="jhmdb15") as store:
        for name, content in zip(NAMES, "aba", strict=True):
            store.add(name, poses(content))
    (root / "videos/b.mp4").write_bytes((root / "videos/a.mp4").read_bytes())
    assert problems(root) == {"c": "skeleton: the same as 'a'", "b": "rgb: the same as 'a'"}


def test_clips_without_anybody_are_not_each_other(root):
    with write_store(root / STORE, layout="jhmdb15") as store:
        for name in NAMES:
            store.add(name, poses("nobody", seen=0.0))
    assert problems(root) == {}


def test_a_clip_of_the_store_is_of_one_record(root):
    edit(root, lambda records, _: records["b"]["sources"]["skeleton"].update(clip=0))
    assert problems(root) == {"b": f"skeleton: clip 0 of '{root}/skeleton.safetensors' must be 'b', got 'a'"}


def test_segments_of_a_recording_share_its_files_and_are_not_each_other(root):
    def cut(records, _):
        for name, (start, end) in {"a": (0.0, 0.4), "b": (0.4, 0.8)}.items():
            sources = json.loads(json.dumps(records["c"]["sources"]))
            records[name].update(start=start, end=end, source_video="c", sources=sources)

    edit(root, cut)
    assert problems(root) == {}
    with write_store(root / STORE, layout="jhmdb15") as store:
        for name in NAMES:
            store.add(name, poses(name, 12))
    for name in NAMES:
        edit(root, lambda records, _, name=name: records[name]["sources"]["skeleton"].update(num=12))
    assert list(problems(root)) == ["a"]  # said once


def rename(names: dict[str, str]):
    """Give N-UCLA's names to the clips, and two of them the same poses."""

    def change(records, metainfo):
        metainfo.update(dataset="nucla", classes=["a01", "a02"])
        for old, new in names.items():
            records[old].update(id=new, label=int(new[2]) - 1, source_video=old, camera=new[-3:], subject=new[4:7])
            records[old]["sources"] = {"skeleton": records[old]["sources"]["skeleton"]}

    return change


def test_what_circulates_twice_is_known_and_said_to_leak(root):
    with write_store(root / STORE, layout="jhmdb15") as store:
        for name, content in zip(NAMES, "aab", strict=True):
            store.add(name, poses(content))
    edit(root, rename({"a": "a02_s01_e00_v02", "b": "a02_s01_e00_v03", "c": "a01_s01_e00_v01"}))
    document = check_dataset(load_index(root))
    assert document["known"] == [{"id": "a02_s01_e00_v03", "problem": "skeleton: the same as 'a02_s01_e00_v02'"}]
    assert document["leaks"] == {"cross_view": 1}  # camera 2 validates, camera 3 tests; one person is on one side
    assert all(row["id"] is None for row in document["problems"])
    edit(root, lambda records, _: records["a02_s01_e00_v03"].update(id="a02_s01_e01_v03"))
    found = [row["problem"] for row in check_dataset(load_index(root))["problems"] if row["id"]]
    assert found == ["skeleton: the same as 'a02_s01_e00_v02'"]  # not one of those that are known


@pytest.mark.parametrize("cameras", [("v03", "v03", "v01"), ("v01", "v03", "v03"), ("v03", "v02", "v03")])
def test_all_test_clips_that_train_knows_leak(root, cameras):
    with write_store(root / STORE, layout="jhmdb15") as store:
        for name in NAMES:
            store.add(name, poses("one"))
    edit(root, rename({name: f"a01_s0{place}_e00_{cameras[place]}" for place, name in enumerate(NAMES)}))
    assert check_dataset(load_index(root))["leaks"]["cross_view"] == 2


def test_only_equal_clips_of_cameras_2_and_3_are_known():
    assert is_known_duplicate("a02_s01_e00_v03", "a02_s01_e00_v02")
    assert is_known_duplicate("a03_s10_e04_v02", "a03_s10_e04_v03")
    assert not is_known_duplicate("a02_s01_e00_v03", "a02_s01_e00_v01")
    assert not is_known_duplicate("a02_s01_e00_v03", "a02_s01_e01_v02")
    assert not is_known_duplicate("a01_s01_e00_v03", "a01_s01_e00_v02")


def test_counts_are_held_against_the_published_ones(root):
    edit(root, rename({"a": "a02_s01_e00_v01", "b": "a02_s01_e00_v02", "c": "a02_s01_e00_v03"}))
    document = summarize_dataset(load_index(root))
    assert document["published"] == {"cross_view": {"train+val": 1020, "test": 464}}
    assert document["problems"] == [
        {"id": None, "problem": "protocol cross_view: train+val has 2 records, published are 1020"},
        {"id": None, "problem": "protocol cross_view: test has 1 records, published are 464"},
    ]
    assert document["protocols"]["cross_view"] == {"train": 1, "val": 1, "test": 1}


def test_recordings_are_counted_once_however_many_records_are_cut_from_them(root):
    def untrimmed(records, metainfo):
        metainfo["dataset"] = "tsu"
        for name, video in zip(NAMES, ("P03T01C01", "P03T01C01", "P02T01C02"), strict=True):
            records[name].update(source_video=video, subject=video[:3], camera=video[6:])

    edit(root, untrimmed)
    said = [row["problem"] for row in summarize_dataset(load_index(root))["problems"]]
    assert "protocol cross_subject: train+val has 1 recordings, published are 351" in said
    assert "protocol cross_view: test has 1 recordings, published are 167" in said
