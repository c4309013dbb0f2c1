"""A missing or unreadable stream costs that stream only, and the report has the reason."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from dataset_files import digest, write_clip

from triad.fusion.datasets import writer
from triad.fusion.datasets.writer import STORE, Recording, SkeletonSpec, find_files, write_dataset
from triad.fusion.index import load_index
from triad.modalities.atomic_files import StorageError
from triad.modalities.checks import InputError, fail
from triad.modalities.skeleton import Poses, PoseStore

META = {"dataset": "toy", "classes": ["a", "b"]}
SKELETONS = SkeletonSpec(layout="jhmdb15", fps=10.0, size=(24, 32))


def poses(num: int, value: float = 1.0) -> Poses:
    return Poses(np.full((1, num, 15, 2), value, np.float32), np.ones((1, num, 15), np.float32), "jhmdb15")


def make_recording(name: str, **streams) -> Recording:
    return Recording(name, ({"id": name, "label": 0},), **streams)


def broken() -> Poses:
    fail("skeleton 'x'", "be whole", "half of it")


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "source/a.mp4", frames=6, fps=10)


def test_missing_streams_are_dropped(tmp_path, video):
    recordings = [
        make_recording("both", video=video, skeleton=lambda: poses(5, 2.0)),
        make_recording("filmed", video=video),
        make_recording("posed", skeleton=lambda: poses(4, 3.0)),
    ]
    report = write_dataset(tmp_path / "out", recordings, metainfo=META, skeletons=SKELETONS)
    assert report == {
        "records": 3,
        "dropped": [
            {"id": "filmed", "reason": "skeleton: there is no file"},
            {"id": "posed", "reason": "video: there is no file"},
        ],
    }
    index = load_index(tmp_path / "out")
    assert list(index.metainfo["streams"]) == ["rgb", "skeleton"]
    assert index.metainfo["streams"]["skeleton"] == {"modality": "skeleton", "layout": "jhmdb15", "channels": 2}
    both, filmed, posed = index.records
    assert both["sources"]["rgb"] == {"path": "../source/a.mp4", "num": 6, "fps": 10.0}
    assert both["sources"]["skeleton"] == {"path": STORE, "clip": 0, "num": 5, "fps": 10.0, "size": [24, 32]}
    assert (both["num_frames"], both["fps"], list(filmed["sources"]), list(posed["sources"])) == (
        *(6, 10.0),
        *(["rgb"], ["skeleton"]),
    )
    store = PoseStore(tmp_path / "out" / STORE)
    assert store.ids == ["both", "posed"]
    assert store.read(posed["sources"]["skeleton"]["clip"]).keypoints[0, 3, 14].tolist() == [3.0, 3.0]


def test_one_stream_is_enough(tmp_path, video):
    report = write_dataset(
        tmp_path / "a", [make_recording("x", skeleton=lambda: poses(2))], metainfo=META, skeletons=SKELETONS
    )
    assert report == {"records": 1, "dropped": []}
    assert list(load_index(tmp_path / "a").metainfo["streams"]) == ["skeleton"]
    assert (
        write_dataset(tmp_path / "b", [make_recording("x", video=video)], metainfo=META, skeletons=SKELETONS)["dropped"]
        == []
    )
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["index.json"]


def test_unreadable_stream_costs_that_stream(tmp_path, video):
    bad = video.with_name("bad.mp4")
    bad.write_bytes(b"RIFF")
    recordings = [
        make_recording("bones", video=video, skeleton=broken),
        make_recording("film", video=bad, skeleton=lambda: poses(2)),
        make_recording("neither", video=bad, skeleton=broken),
    ]
    report = write_dataset(
        tmp_path / "out", recordings, metainfo=META, skeletons=SKELETONS, dropped=[{"id": "a", "reason": "old"}]
    )
    assert report["records"] == 2
    assert [(row["id"], row["reason"].partition(":")[0]) for row in report["dropped"]] == [
        *(("a", "old"), ("bones", "skeleton"), ("film", "video"), ("neither", "skeleton"), ("neither", "video"))
    ]
    assert report["dropped"][1]["reason"] == "skeleton: skeleton 'x' must be whole, got half of it"
    assert {row["id"]: list(row["sources"]) for row in load_index(tmp_path / "out").records} == {
        "bones": ["rgb"],
        "film": ["skeleton"],
    }


def test_probed_videos_stay_with_recordings(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "available_cores", lambda: 3)
    paths = [write_clip(tmp_path / f"source/{number:02d}.mp4", frames=1 + number, fps=10) for number in range(20)]
    paths[13].write_bytes(b"RIFF")
    recordings = [make_recording(path.stem, video=path) for path in paths]
    report = write_dataset(tmp_path / "out", recordings, metainfo=META, skeletons=SKELETONS)
    assert [row["id"] for row in report["dropped"]] == ["13"]
    assert {row["id"]: row["num_frames"] for row in load_index(tmp_path / "out").records} == {
        f"{number:02d}": 1 + number for number in range(20) if number != 13
    }


def test_records_of_recording_share_files(tmp_path):
    rows = tuple({"id": f"x_{number}", "label": 0, "start": number, "end": number + 1} for number in range(2))
    write_dataset(tmp_path, [Recording("x", rows, skeleton=lambda: poses(30))], metainfo=META, skeletons=SKELETONS)
    first, second = load_index(tmp_path).records
    assert first["sources"] == second["sources"]
    assert len(PoseStore(tmp_path / STORE)) == 1


def test_no_usable_recording_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"have at least one usable recording, got none; dropped: 'x': skeleton: "):
        write_dataset(tmp_path / "out", [make_recording("x", skeleton=broken)], metainfo=META, skeletons=SKELETONS)
    assert not (tmp_path / "out").exists()


def impatient() -> Poses:
    raise KeyboardInterrupt


def test_interrupted_run_changes_nothing(tmp_path):
    recordings = [make_recording("x", skeleton=lambda: poses(3)), make_recording("y", skeleton=lambda: poses(7))]
    with pytest.raises(KeyboardInterrupt):
        write_dataset(
            tmp_path, [*recordings, make_recording("z", skeleton=impatient)], metainfo=META, skeletons=SKELETONS
        )
    assert not list(tmp_path.iterdir())
    write_dataset(tmp_path, recordings[:1], metainfo=META, skeletons=SKELETONS)
    before = digest(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        write_dataset(
            tmp_path, [*recordings, make_recording("z", skeleton=impatient)], metainfo=META, skeletons=SKELETONS
        )
    assert digest(tmp_path) == before


def test_aborted_run_leaves_no_index(tmp_path, monkeypatch):
    write_dataset(tmp_path, [make_recording("x", skeleton=lambda: poses(3))], metainfo=META, skeletons=SKELETONS)

    def die(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(writer, "write_index", die)
    with pytest.raises(KeyboardInterrupt):
        write_dataset(tmp_path, [make_recording("y", skeleton=lambda: poses(7))], metainfo=META, skeletons=SKELETONS)
    assert [path.name for path in tmp_path.iterdir()] == [STORE]  # a store without an index is no dataset


def test_full_disk_is_an_error(tmp_path):
    def full() -> Poses:
        raise StorageError(f"cannot write: {errno.ENOSPC}")

    with pytest.raises(StorageError):
        write_dataset(tmp_path, [make_recording("x", skeleton=full)], metainfo=META, skeletons=SKELETONS)


def test_find_files_follows_links_once(tmp_path):
    source, elsewhere = tmp_path / "source", tmp_path / "elsewhere"
    for path in (source / "b/x.txt", source / "a.txt", source / "a.md", source / "out/y.txt", elsewhere / "z.txt"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (source / ".hidden.txt").touch()
    (source / "b/link").symlink_to(elsewhere)
    (elsewhere / "up").symlink_to(source)
    recordings = find_files(source, ".txt", exclude=source / "out")
    assert [path.relative_to(source).as_posix() for path in recordings] == ["a.txt", "b/link/z.txt", "b/x.txt"]
    with pytest.raises(InputError, match=r"source must be a folder, got '.*nowhere'"):
        find_files(tmp_path / "nowhere", ".txt", exclude=tmp_path)
    with pytest.raises(InputError, match=r"OUT must be another folder than SOURCE, got '.*source'; name a new one"):
        find_files(source, ".txt", exclude=source)
