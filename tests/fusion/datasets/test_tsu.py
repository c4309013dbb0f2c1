"""Toyota Smarthome Untrimmed from a small tree in its own format, and its real annotations if they are available."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from dataset_files import digest, interrupted_after, write_clip, write_lcrnet
from shared_data import shared_path, skip_without

from triad.fusion.datasets import count_splits, tsu
from triad.fusion.datasets.dataset_check import summarize_dataset
from triad.fusion.datasets.segments import segment_records
from triad.fusion.datasets.tsu import CLASSES, FPS, TSU, prepare_tsu, read_annotations
from triad.fusion.index import Record, extent_of, load_index
from triad.modalities.checks import InputError
from triad.modalities.clips import Span
from triad.modalities.skeleton import PoseReader

REAL = shared_path("tsu")
TRAIN, TEST, POSED = "P03T01C01", "P02T01C06", "P19T02C02"
FRAMES = 40
ACTIONS = {
    TRAIN: [[19, 0, 40], [13, 10, 20], [13, 10, 20], [0, 5, 5]],  # overlaps, one twice, one without a length
    TEST: [[50, 20, 30], [51, 0, 10]],
    POSED: [[1, 30, 40]],
    "P04T01C03": [[2, 0, 10]],  # no file
}


def annotate(source: Path, protocol: str, actions: dict, **subsets: str) -> None:
    test_values = {"CS": ("P02",), "CV": ("C02", "C05")}[protocol]
    document = {
        name: {
            "subset": subsets.get(
                name, "testing" if name[:3] in test_values or name[6:] in test_values else "training"
            ),
            "duration": FRAMES,
            "actions": rows,
        }
        for name, rows in actions.items()
    }
    source.mkdir(exist_ok=True)
    (source / f"smarthome_{protocol}_51.json").write_text(json.dumps(document))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    for protocol in ("CS", "CV"):
        annotate(source, protocol, ACTIONS)
    for name in (TRAIN, TEST, "P07T01C01"):
        write_clip(source / f"Videos_mp4/{name}.mp4", frames=FRAMES, fps=FPS)
    for number, name in enumerate((TRAIN, POSED)):
        write_lcrnet(source / f"json/{name}.json", frames=FRAMES, first=100.0 * number)
    (source / f"json/{TEST}.json").write_text('{"njts": 13, "fra')
    return source


def test_actions_become_records(source, tmp_path):
    report = prepare_tsu(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert report["records"] == 5
    rows = {record["id"]: record for record in index.records}
    assert {name: (row["label"], row["start"], row["end"]) for name, row in rows.items()} == {
        f"{TRAIN}_0000": (19, 0.0, 2.0),
        f"{TRAIN}_0001": (13, 0.5, 1.0),
        f"{TRAIN}_0002": (13, 0.5, 1.0),
        f"{TEST}_0000": (50, 1.0, 1.5),
        f"{POSED}_0000": (1, 1.5, 2.0),
    }
    assert {name: sorted(row["sources"]) for name, row in rows.items()} == {
        **{f"{TRAIN}_000{number}": ["rgb", "skeleton"] for number in range(3)},
        **{f"{TEST}_0000": ["rgb"], f"{POSED}_0000": ["skeleton"]},
    }
    first = rows[f"{TRAIN}_0001"]
    assert (first["subject"], first["camera"], first["session"], first["source_video"]) == ("P03", "C01", "T01", TRAIN)
    assert (extent_of(first), first["num_frames"], first["fps"]) == (Span(0.5, 1.0), FRAMES, FPS)
    assert len(index.classes) == 51
    assert (index.classes[19], index.classes[50]) == ("Read", "Pour.From_can")


def test_overlapping_actions_are_kept(source, tmp_path):
    """Frame-wise mAP needs all actions of each frame and the length of each video."""
    prepare_tsu(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert index.metainfo["durations"] == dict.fromkeys((TRAIN, TEST, POSED), 2.0)
    at = {  # labels at 0.75 s and at 1.25 s
        time: {
            row["label"] for row in index.records if row["source_video"] == TRAIN and row["start"] <= time < row["end"]
        }
        for time in (0.75, 1.25)
    }
    assert at == {0.75: {19, 13}, 1.25: {19}}


def test_segment_reads_its_own_poses(source, tmp_path):
    prepare_tsu(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    record = index.record(f"{POSED}_0000")
    times = extent_of(record).start + np.array([0.0, 0.25])
    clip = PoseReader(layout="smarthome13", frame_size=(480, 640)).read(
        index.source(record, "skeleton"), times, times > 0
    )
    assert clip.keypoints[0, :, 3].tolist() == [[130, 3, 3], [135, 3, 3]]


def test_dropped_segments_have_reasons(source, tmp_path):
    dropped = {row["id"]: row["reason"] for row in prepare_tsu(source, tmp_path / "out")["dropped"]}
    assert dropped.pop(TEST).startswith("skeleton: ")
    assert dropped == {
        f"{TRAIN}_0003": "segment must end after it begins, got frames 5 to 5",
        f"{TEST}_0001": "class of a segment must be from 0 to 50, got 51",
        "P04T01C03": "annotated, but there is no file of it",
        "P07T01C01": "not annotated",
        POSED: "video: there is no file",
    }


def test_one_annotation_is_enough(source, tmp_path):
    prepare_tsu(source, tmp_path / "both")
    (source / "smarthome_CS_51.json").unlink()
    prepare_tsu(source, tmp_path / "one")
    assert digest(tmp_path / "one") == digest(tmp_path / "both")


@pytest.mark.parametrize(("removed", "stream", "records"), [("Videos_mp4/*", "skeleton", 4), ("json/*", "rgb", 4)])
def test_one_stream_is_enough(source, tmp_path, removed, stream, records):
    for path in source.glob(removed):
        path.unlink()
    report = prepare_tsu(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert (list(index.metainfo["streams"]), report["records"]) == ([stream], records)
    assert not any(row["reason"].endswith("there is no file") for row in report["dropped"])


def test_video_of_wrong_subset_is_dropped(source, tmp_path):
    annotate(source, "CS", ACTIONS, **{TRAIN: "testing"})
    dropped = {row["id"]: row["reason"] for row in prepare_tsu(source, tmp_path / "out")["dropped"]}
    assert dropped[TRAIN].endswith("must be that of train in cross_subject, got 'testing'")
    assert {record["source_video"] for record in load_index(tmp_path / "out").records} == {TEST, POSED}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ([], "must have subset, duration and actions, got []"),
        ({"subset": "training", "duration": 40, "actions": [[1, 2]]}, "be rows [class, first frame, end frame]"),
        ({"subset": "training", "duration": 40, "actions": [[1, 2.5, 3]]}, "be rows [class, first frame, end frame]"),
        ({"subset": "training", "duration": None, "actions": []}, "must be a number of frames, got None"),
        ({"subset": "training", "duration": 40, "actions": [[1, 2, 3]]}, "must be those of the other annotation"),
        ({"subset": ["x"], "duration": 40, "actions": []}, "must be that of train in cross_view, got ['x']"),
    ],
)
def test_damaged_entry_costs_its_video(source, tmp_path, entry, reason):
    path = source / "smarthome_CV_51.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), TRAIN: entry}))
    dropped = {row["id"]: row["reason"] for row in prepare_tsu(source, tmp_path / "out")["dropped"]}
    assert reason in dropped[TRAIN]
    assert {record["source_video"] for record in load_index(tmp_path / "out").records} == {TEST, POSED}


def test_damaged_and_missing_annotations(source, tmp_path):
    (source / "smarthome_CS_51.json").write_text("{")
    report = prepare_tsu(source, tmp_path / "out")
    assert report["records"] == 5
    assert next(row for row in report["dropped"] if row["id"] == "smarthome_CS_51")["reason"].endswith(
        "give the folder that holds smarthome_CS_51.json and P<PP>T<TT>C<CC>.mp4 or .json"
    )
    (source / "smarthome_CV_51.json").write_text("[]")
    with pytest.raises(InputError, match=r"be JSON|must be \{video: \{subset"):
        prepare_tsu(source, tmp_path / "again")
    for path in source.glob("*.json"):
        path.unlink()
    with pytest.raises(InputError, match=r"annotation must be a file, got '.*smarthome_CS_51.json', which does not"):
        prepare_tsu(source, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_interrupted_run_leaves_nothing(source, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tsu, "read_resident", interrupted_after(2, tsu.read_resident))
        with pytest.raises(KeyboardInterrupt):
            prepare_tsu(source, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())
    first = prepare_tsu(source, tmp_path / "out")
    files = digest(tmp_path / "out")
    assert prepare_tsu(source, tmp_path / "out") == first
    assert digest(tmp_path / "out") == files


@pytest.fixture(scope="module")
def real() -> dict[str, list[Record]]:
    skip_without("tsu")
    annotations, dropped = read_annotations(REAL, exclude=REAL / "out")
    assert dropped == []  # so every video is on the side where the authors have it
    records = {}
    for name, annotation in annotations.items():
        fields = {"subject": name[:3], "camera": name[6:]}
        records[name], empty = segment_records(
            name, annotation.segments, fields=fields, num_classes=len(CLASSES), fps=FPS
        )
        dropped += empty
    assert len(dropped) == 7
    assert sum(len(annotation.segments) for annotation in annotations.values()) == 41288
    assert sum(annotation.num_frames for annotation in annotations.values()) == 13409776
    return {name: list(rows) for name, rows in records.items()}


def test_real_counts(real):
    assert len(real) == 536
    counts = count_splits([record for rows in real.values() for record in rows], "tsu")
    for name, protocol in TSU.protocols.items():
        counts_of_videos = Counter(protocol({"subject": video[:3], "camera": video[6:]}) for video in real)
        published = TSU.published_video_counts[name]
        assert (counts_of_videos["train"] + counts_of_videos["val"], counts_of_videos["test"]) == (
            published["train+val"],
            published["test"],
        )
        assert counts[name]["train"] + counts[name]["val"] == TSU.published_counts[name]["train+val"]
        assert counts[name]["test"] == TSU.published_counts[name]["test"]


def test_real_annotations_prepare_whole(tmp_path):
    """All instances but the seven without a length are records; both protocols have the published counts."""
    skip_without("tsu")
    source = tmp_path / "source"
    annotations, _ = read_annotations(REAL, exclude=tmp_path)
    for name in annotations:
        write_lcrnet(source / f"{name}.json", frames=1)
    for path in REAL.glob("smarthome_*_51.json"):
        shutil.copy(path, source)
    report = prepare_tsu(source, tmp_path / "out")
    assert report["records"] + len(report["dropped"]) == 41288
    assert {row["reason"].split(", got")[0] for row in report["dropped"]} == {"segment must end after it begins"}
    assert report["notes"][-1].startswith("452 segments overlap another of their class in their recording")
    summary = summarize_dataset(load_index(tmp_path / "out"))
    assert summary["problems"] == []
    assert {name: sum(counts.values()) for name, counts in summary["protocols"].items()} == {
        "cross_subject": 41281,
        "cross_view": 41281,
    }


def test_validation_leaves_every_class_training_data(real):
    records = [record for rows in real.values() for record in rows]
    for name, least, classes in (("cross_subject", 1, 50), ("cross_view", 14, 45)):
        protocol = TSU.protocols[name]
        left = Counter(record["label"] for record in records if protocol(record) == "train")
        assert (len(left), min(left.values()) >= least) == (51, True)
        assert len({record["label"] for record in records if protocol(record) == "val"}) == classes
