"""50 Salads: two recordings of 25 people, official lists of five splits, a class a frame."""

from __future__ import annotations

from pathlib import Path

import pytest
from dataset_files import write_clip

from triad.fusion.datasets import count_videos
from triad.fusion.datasets.salads50 import CLASSES, SALADS50, prepare_salads50, read_bundles
from triad.fusion.index import load_index
from triad.modalities.checks import InputError

PEOPLE = [number for number in range(1, 28) if number not in (8, 12)]


def write_lists(folder: Path) -> None:
    """Write five splits, each of which tests five people."""
    folder.mkdir(parents=True)
    names = [f"rgb-{person:02d}-{take}" for person in PEOPLE for take in (1, 2)]
    for number in range(5):
        test = names[10 * number : 10 * number + 10]
        for side, side_names in (("test", test), ("train", [name for name in names if name not in test])):
            text = "#bundle\n" + "".join(f"./data/groundTruth/{name}.txt\n" for name in side_names)
            (folder / f"{side}.split{number + 1}.bundle").write_text(text)


def test_counts_of_splits(tmp_path):
    """The simulated tree has the published number of people and recordings."""
    write_lists(tmp_path / "splits")
    official = read_bundles(tmp_path, tmp_path / "out")
    records = [{"source_video": name, "subject": name[4:6], "official": official[name]} for name in official]
    counts = count_videos(records, "salads50")
    assert len(CLASSES) == 19
    for name, published in SALADS50.published_video_counts.items():
        assert counts[name]["train"] + counts[name]["val"] == published["train+val"]
        assert counts[name]["test"] == published["test"]
        assert counts[name]["val"] > 0


def test_segments_become_records(tmp_path):
    write_lists(tmp_path / "s/splits")
    write_clip(tmp_path / "s/rgb-01-1.avi", frames=60, fps=30)
    write_clip(tmp_path / "s/rgb-28-1.avi", frames=60, fps=30)
    (tmp_path / "s/groundTruth").mkdir()
    for name in ("rgb-01-1", "rgb-28-1"):
        (tmp_path / f"s/groundTruth/{name}.txt").write_text("action_start\n" * 30 + "cut_tomato\n" * 30)
    report = prepare_salads50(tmp_path / "s", tmp_path / "out")
    records = load_index(tmp_path / "out").records
    assert [(record["id"], record["label"], record["start"], record["end"]) for record in records] == [
        ("rgb-01-1_0000", 17, 0.0, 1.0),
        ("rgb-01-1_0001", 0, 1.0, 2.0),
    ]
    assert [SALADS50.protocols[f"split{n}"](records[0]) for n in (1, 2)] == ["test", "val"]
    assert report["dropped"][0]["reason"].startswith("recording 'rgb-28-1' must be in the lists of the splits")


def test_missing_lists_are_refused(tmp_path):
    write_clip(tmp_path / "s/rgb-01-1.avi", frames=6, fps=30)
    with pytest.raises(
        InputError, match=r"source must hold train\.split1\.bundle and test\.split1\.bundle, got none in"
    ):
        prepare_salads50(tmp_path / "s", tmp_path / "out")
