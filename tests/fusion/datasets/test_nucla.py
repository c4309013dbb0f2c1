"""N-UCLA from a tiny tree in its own format with errors, and the real dataset if it is available."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from dataset_files import digest, write_clip
from shared_data import shared_path, skip_without

from triad.fusion.datasets import count_splits
from triad.fusion.datasets.dataset_check import check_dataset
from triad.fusion.datasets.nucla import ACTIONS, NUCLA, is_known_duplicate
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import PoseReader, PoseStore

REAL = shared_path("nw_ucla")


def write(path: Path, frames: int, first: float = 0.0) -> Path:
    """Joint j of frame t is at (first + t, j, 3)."""
    skeletons = [[[first + time, joint, 3.0] for joint in range(20)] for time in range(frames)]
    path.parent.mkdir(parents=True, exist_ok=True)
    label = 1 + list(ACTIONS).index(path.name[1:3]) if path.name[1:3] in ACTIONS else 1
    path.write_text(json.dumps({"file_name": path.stem, "skeletons": skeletons, "label": label}))
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    write(folder / "a08_s10_e03_v02.json", 6, first=1.0)
    write(folder / "deeper/a12_s01_e00_v03.json", 1)
    write_clip(folder / "videos/a08_s10_e03_v02.avi", frames=6, fps=30)
    return folder


def test_prepared_clips(source, tmp_path):
    report = NUCLA.prepare(source, tmp_path / "out")
    assert report["records"] == 2
    assert report["dropped"] == [{"id": "a12_s01_e00_v03", "reason": "video: there is no file"}]
    index = load_index(tmp_path / "out")
    donning, carry = index.records
    assert [index.classes[row["label"]] for row in index.records] == ["donning", "carry"]
    assert {key: donning[key] for key in ("subject", "repetition", "camera")} == {
        "subject": "s10",
        "repetition": 3,
        "camera": "v02",
    }
    assert carry["sources"]["skeleton"]["num"] == 1  # a single frame is a clip
    clip = PoseReader(layout="kinect20", frame_size=(24, 32)).read(
        index.source(donning, "skeleton"), np.array([2 / 30, 5 / 30]), np.ones(2, bool)
    )
    assert clip.keypoints[0, :, 19].tolist() == [[-3.0, -19.0, 3.0], [-6.0, -19.0, 3.0]]
    assert index.source(donning, "rgb").path.samefile(source / "videos/a08_s10_e03_v02.avi")
    assert check_dataset(index)["problems"] == [
        {"id": None, "problem": "protocol cross_view: train+val has 1 records, published are 1020"},
        {"id": None, "problem": "protocol cross_view: test has 1 records, published are 464"},
    ]


def test_dropped_clips_have_reasons(source, tmp_path):
    write(source / "a07_s01_e00_v01.json", 3)  # there is no action 7
    write(source / "a01_s11_e00_v01.json", 3)
    write(source / "a01_s01_e00_v04.json", 3)
    write(source / "copy/a12_s01_e00_v03.json", 2)
    (source / "a01_s01_e00_v01.json").write_text('{"file_name": "a01_s01_e00_v01", "skeletons": [[[0, 0')
    (source / "a01_s01_e00_v02.json").write_text("")
    report = NUCLA.prepare(source, tmp_path / "out")
    dropped = {row["id"]: row["reason"] for row in report["dropped"] if "there is no file" not in row["reason"]}
    assert report["records"] == 2
    unnamed = "is not named as the dataset's clips are"
    assert all(unnamed in dropped.pop(name) for name in ("a07_s01_e00_v01", "a01_s11_e00_v01", "a01_s01_e00_v04"))
    assert "is there twice, also " in dropped.pop("a12_s01_e00_v03")
    assert all(f"'{source}/{name}.json'" in dropped[name] for name in dropped)
    assert set(dropped) == {"a01_s01_e00_v01", "a01_s01_e00_v02"}


def test_float16_halves_the_store(source, tmp_path):
    for dtype in ("float16", "float32"):
        NUCLA.prepare(source, tmp_path / dtype, dtype=dtype)
    sizes = [(tmp_path / dtype / "skeleton.safetensors").stat().st_size for dtype in ("float16", "float32")]
    halved = 7 * 20 * 4 * 2  # frames, joints, three coordinates and a score, bytes
    assert sizes[1] - sizes[0] == pytest.approx(halved, abs=16)  # the head of the file counts in decimal
    assert np.array_equal(
        *(PoseStore(tmp_path / dtype / "skeleton.safetensors").read(0).keypoints for dtype in ("float16", "float32"))
    )


def test_folder_without_clips_is_refused(tmp_path):
    (tmp_path / "source").mkdir()
    with pytest.raises(InputError, match=r"source must hold clips named as the dataset's are, got none in .*; give"):
        NUCLA.prepare(tmp_path / "source", tmp_path / "out")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    skip_without("nw_ucla")
    out = tmp_path_factory.mktemp("nucla")
    assert NUCLA.prepare(REAL, out) == {"records": 1484, "dropped": []}
    return out


def test_real_splits(real):
    index = load_index(real)
    counts = count_splits(index.records, "nucla")
    assert counts["cross_view"] == {"train": 516, "val": 504, "test": 464}
    assert counts["cross_view_unseen"] == {"train": 516, "val": 504, "test": 464 - 95}
    assert counts["cross_subject"] == counts["leave_one_out:s10"] == {"train": 1176, "val": 160, "test": 148}
    assert sum(counts[name]["test"] for name in counts if name.startswith("leave")) == 1484
    lengths = [record["sources"]["skeleton"]["num"] for record in index.records]
    assert (min(lengths), max(lengths), lengths.count(1)) == (1, 201, 2)


def test_real_labels_match_files(real):
    for record in load_index(real).records:
        assert json.loads((REAL / f"{record['id']}.json").read_text())["label"] == record["label"] + 1


def test_real_dataset_has_known_duplicates(real):
    document = check_dataset(load_index(real))
    assert document["problems"] == []
    assert Counter(row["id"][:3] for row in document["known"]) == {"a02": 50, "a03": 45}
    assert document["leaks"] == {"cross_view": 95}
    for row in document["known"][::19]:
        first, second = (json.loads((REAL / f"{row['id'][:-1]}{camera}.json").read_text()) for camera in (2, 3))
        assert first["skeletons"] == second["skeletons"]


def test_preparing_again_gives_same_bytes(real, tmp_path):
    NUCLA.prepare(REAL, tmp_path)
    assert digest(tmp_path) == digest(real)


def test_known_duplicates():
    assert is_known_duplicate("a02_s01_e00_v03", "a02_s01_e00_v02")
    assert is_known_duplicate("a03_s10_e04_v02", "a03_s10_e04_v03")
    assert not is_known_duplicate("a02_s01_e00_v03", "a02_s01_e00_v01")
    assert not is_known_duplicate("a02_s01_e00_v03", "a02_s01_e01_v02")
    assert not is_known_duplicate("a01_s01_e00_v03", "a01_s01_e00_v02")
