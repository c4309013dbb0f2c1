"""Charades: overlapping actions in seconds, official lists, subjects held out for validation."""

from __future__ import annotations

from pathlib import Path

import pytest
from dataset_files import write_clip

from triad.fusion.datasets.charades import CHARADES, prepare_charades, read_classes, read_list
from triad.fusion.index import extent_of, load_index
from triad.modalities.checks import InputError

HEADER = "id,subject,scene,quality,relevance,verified,script,objects,descriptions,actions,length"


def row(video: str, subject: str, actions: str, length: str = "2.0") -> str:
    return f'{video},{subject},Kitchen,6,7,Yes,"A person, cooking.",food;stove,"one, two",{actions},{length}'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Three annotated videos of two seconds, one of them in the test."""
    folder = tmp_path / "s/Charades"
    folder.mkdir(parents=True)
    (folder / "Charades_v1_classes.txt").write_text("c000 Holding some clothes\nc001 Opening a door\n")
    train = [
        row("AAAA1", "S1", "c001 0.00 1.50;c000 0.50 9.90"),
        row("BBBB2", "S2", "c000 1.00 1.00"),
        row("CCCC3", "S3", ""),
    ]
    (folder / "Charades_v1_train.csv").write_text("\n".join([HEADER, *train]))
    (folder / "Charades_v1_test.csv").write_text(
        "\n".join([HEADER, row("DDDD4", "S4", "c001 5.00 6.00;c001 0.00 1.00")])
    )
    for video in ("AAAA1", "DDDD4", "EEEE5"):
        write_clip(tmp_path / f"s/Charades_v1_480/{video}.mp4", frames=20, fps=10)
    return tmp_path / "s"


def test_actions_become_records(tmp_path, source):
    report = prepare_charades(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert index.classes == ["Holding some clothes", "Opening a door"]
    assert [(record["id"], record["label"], *extent_of(record)) for record in index.records] == [
        ("AAAA1_0000", 1, 0.0, 1.5),
        ("AAAA1_0001", 0, 0.5, 2.0),  # cut at the end of the video
        ("DDDD4_0001", 1, 0.0, 1.0),
    ]
    assert [record["subject"] for record in index.records] == ["S1", "S1", "S4"]
    assert index.metainfo["durations"] == {"AAAA1": 2.0, "DDDD4": 2.0}
    reasons = {(entry["id"], entry["reason"]) for entry in report["dropped"]}
    assert {
        ("BBBB2", "action must end after it starts, got 1 to 1 s"),
        ("BBBB2", "annotated with no action"),
        ("CCCC3", "annotated with no action"),
        ("DDDD4_0000", "segment must start before the end of the video at 2.00 s, got 5.00 s"),
    } <= reasons
    assert any(name == "EEEE5" and reason.endswith("is in no list") for name, reason in reasons)


def test_subjects_validate():
    protocol = CHARADES.protocols["split1"]
    records = [{"subject": f"S{n}", "official": {"split1": "train"}} for n in range(214)]  # as many as train has
    splits = [protocol(record) for record in records]
    assert set(splits) == {"train", "val"}
    assert 0.12 < splits.count("val") / 214 < 0.28
    assert protocol({"subject": "S0", "official": {"split1": "test"}}) == "test"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("Charades_v1_train.csv", "id,subject\n", "must have the columns actions, length, got"),
        ("Charades_v1_classes.txt", "c000 a\nc002 b\n", "line 2 of '.*' must be 'c001 <class>', got 'c002 b'"),
        ("Charades_v1_train.csv", b"\xff\xfe", "must be text in UTF-8"),
        (
            "Charades_v1_train.csv",
            b"id,subject,actions,length\nA,B," + b"x" * 200_000,
            "must be a CSV table, got field",
        ),
    ],
)
def test_damaged_lists_are_refused(tmp_path, source, name, content, message):
    (source / "Charades" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=message):
        prepare_charades(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_invalid_rows_say_why(tmp_path):
    rows = [
        row("A", "S", "c157 0 1;c001 x 1;c001"),
        row("A", "S", "c001 0 1"),
        row("../B", "S", ""),
        row("C", "S", "", ""),
    ]
    (tmp_path / "Charades_v1_test.csv").write_text("\n".join([HEADER, *rows]))
    videos, dropped = read_list(tmp_path / "Charades_v1_test.csv", 157)
    assert list(videos) == ["A"]
    assert [entry["reason"] for entry in dropped] == [
        "action must be 'c<000 to 156> <start> <end>', got 'c157 0 1'",
        "start must be seconds, got 'x'",
        "action must be 'c<000 to 156> <start> <end>', got 'c001'",
        "id must be there once, got 'A' again",
        "id must be a name of letters and digits, got '../B'",
        "length must be seconds, got ''",
    ]
    (tmp_path / "classes.txt").write_text("c000 a\nc001 b c \n")
    assert read_classes(tmp_path / "classes.txt") == ["a", "b c"]
