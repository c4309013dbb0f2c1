"""Florence 3D Actions from a tiny tree in its own format, and the real dataset if it is available."""

from __future__ import annotations

from pathlib import Path

import pytest
from dataset_files import digest
from shared_data import needs_shared, shared_path

from triad.fusion.datasets import count_splits, get_protocol
from triad.fusion.datasets.dataset_check import check_dataset
from triad.fusion.datasets.florence3d import FLORENCE3D
from triad.fusion.index import load_index
from triad.modalities.skeleton import PoseStore

REAL = shared_path("florence3d")


def write(path: Path, frames: int, rows: int = 15) -> None:
    """Joint j of frame t is at (1000 t, 100 j, 2000) millimetres."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{1000 * time:.16e} {100 * joint:.16e} 2.0e+03 " for time in range(frames) for joint in range(rows)]
    path.write_text("\n".join(lines) + "\n")


def test_prepared_and_dropped_clips(tmp_path):
    source = tmp_path / "source"
    write(source / "a04_s10_id200.txt", 3)
    write(source / "a09_s1_id7.txt", 2)
    write(source / "a01_s2_id8.txt", 2, rows=14)
    write(source / "a10_s2_id9.txt", 2)
    (source / "README.txt").write_text("about")
    report = FLORENCE3D.prepare(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    clap, bow = index.records
    assert [index.classes[record["label"]] for record in index.records] == ["clap", "bow"]
    assert (clap["id"], clap["subject"], bow["subject"]) == ("a04_s10_id200", "s10", "s1")
    poses = PoseStore(tmp_path / "out/skeleton.safetensors").read(0)
    assert (poses.layout, poses.num) == ("florence15", 3)
    assert poses.keypoints[0, 2, 14].tolist() == pytest.approx([-2.0, -1.4, 2.0])  # metres
    assert [row["id"] for row in report["dropped"]] == ["README", "a01_s2_id8", "a10_s2_id9"]
    assert "a01_s2_id8.txt" in report["dropped"][1]["reason"]
    FLORENCE3D.prepare(source, tmp_path / "again")
    assert digest(tmp_path / "again") == digest(tmp_path / "out")


def test_each_actor_tests_once():
    for number in range(1, 11):
        protocol = get_protocol("florence3d", f"leave_one_out:s{number}")
        sides = [protocol({"subject": f"s{actor}"}) for actor in range(1, 11)]
        assert sides[number - 1] == "test"
        assert (sides.count("test"), sides.count("val"), sides.count("train")) == (1, 1, 8)


@needs_shared("florence3d")
def test_real_dataset(tmp_path):
    assert FLORENCE3D.prepare(REAL, tmp_path) == {"records": 215, "dropped": []}
    index = load_index(tmp_path)
    counts = count_splits(index.records, "florence3d")
    tested = [counts[f"leave_one_out:s{actor}"]["test"] for actor in range(1, 11)]
    assert tested == [29, 18, 21, 19, 20, 22, 19, 24, 20, 23]
    document = check_dataset(index)
    assert (document["problems"], document["known"], document["leaks"]) == ([], [], {})
