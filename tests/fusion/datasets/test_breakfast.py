"""Breakfast: names of every camera, labels beside the videos or a class a frame, four splits of thirteen subjects."""

from __future__ import annotations

from pathlib import Path

import pytest
from dataset_files import write_clip

from triad.fusion.datasets.breakfast import BREAKFAST, CLASSES, SUBJECTS, name_of_file
from triad.fusion.index import extent_of, load_index
from triad.modalities.checks import InputError


def test_names_of_files():
    assert len(CLASSES) == 48
    names = {
        "P03/cam01/P03_cereals.avi": "P03_cam01_P03_cereals",
        "P03/cam01/P03_cereals.avi.labels": "P03_cam01_P03_cereals",
        "P54/webcam02/P54_scrambledegg.mp4": "P54_webcam02_P54_scrambledegg",
        "P03/stereo/P03_tea_ch0.avi": "P03_stereo01_P03_tea",
        "P03/stereo/P03_tea_ch1.avi": None,
        "groundTruth/P03_stereo01_P03_tea.txt": "P03_stereo01_P03_tea",
        "x/P03_tea.avi": None,
        "groundTruth/mapping.txt": None,
    }
    assert {name: name_of_file(Path(name)) for name in names} == names


def test_segments_of_both_kinds_of_labels(tmp_path):
    source = tmp_path / "s"
    for subject in ("P03", "P16"):
        write_clip(source / f"BreakfastII/{subject}/cam01/{subject}_tea.avi", frames=30, fps=15)
    write_clip(source / "BreakfastII/P17/cam01/P17_tea.avi", frames=30, fps=15)
    (source / "BreakfastII/P03/cam01/P03_tea.avi.labels").write_text("1-10 SIL\n11-40 add_teabag\n")
    (source / "groundTruth").mkdir()
    (source / "groundTruth/P16_cam01_P16_tea.txt").write_text("SIL\n" * 15 + "stir_tea\n" * 15)
    (source / "groundTruth/P18_cam01_P18_tea.txt").write_text("SIL\n")
    report = BREAKFAST.prepare(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert [
        (record["id"], record["class"] if "class" in record else CLASSES[record["label"]]) for record in index.records
    ] == [
        ("P03_cam01_P03_tea_0000", "SIL"),
        ("P03_cam01_P03_tea_0001", "add_teabag"),
        ("P16_cam01_P16_tea_0000", "SIL"),
        ("P16_cam01_P16_tea_0001", "stir_tea"),
    ]
    assert tuple(extent_of(index.records[1])) == (10 / 15, 2.0)  # cut at the end of the video
    assert (index.records[0]["camera"], index.records[0]["activity"]) == ("cam01", "tea")
    assert index.metainfo["durations"]["P16_cam01_P16_tea"] == 2.0
    assert {entry["id"]: entry["reason"] for entry in report["dropped"]} == {
        "P17_cam01_P17_tea": "not annotated",
        "P18_cam01_P18_tea": "annotated, but there is no video",
    }
    assert BREAKFAST.protocols["split1"](index.records[0]) == "test"


def test_unknown_classes_are_the_reason(tmp_path):
    write_clip(tmp_path / "s/P03/cam01/P03_tea.avi", frames=6, fps=15)
    (tmp_path / "s/P03/cam01/P03_tea.avi.labels").write_text("1-6 sleep\n")
    with pytest.raises(InputError, match=r"none; dropped: 'P03_cam01_P03_tea': line 1 of .* got 'sleep'"):
        BREAKFAST.prepare(tmp_path / "s", tmp_path / "out")


def test_each_subject_tests_once():
    assert (len(SUBJECTS), SUBJECTS[0], SUBJECTS[-1]) == (52, "P03", "P54")
    splits = {
        name: [protocol({"subject": subject}) for subject in SUBJECTS] for name, protocol in BREAKFAST.protocols.items()
    }
    assert all(row.count("test") == 13 and 4 <= row.count("val") <= 13 for row in splits.values())
    assert all(sum(row[n] == "test" for row in splits.values()) == 1 for n in range(52))
    assert splits["split1"][:13] == ["test"] * 13
    assert BREAKFAST.protocols["split1"]({"subject": "P55"}) is None
