"""Tables of custom recordings: the effect of each column, and the reasons of invalid rows."""

from __future__ import annotations

import csv
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from dataset_files import digest, write_clip

from triad.fusion.datasets import count_splits
from triad.fusion.datasets.annotation_export import export_annotations
from triad.fusion.datasets.dataset_check import check_dataset
from triad.fusion.datasets.table import prepare_table
from triad.fusion.datasets.writer import STORE
from triad.fusion.index import extent_of, load_index
from triad.modalities.atomic_files import write_arrays
from triad.modalities.checks import InputError
from triad.modalities.flow import FlowWriter
from triad.modalities.skeleton import PoseStore
from triad.modalities.skeleton.readers import read_annotations

FPS = 10


def write_poses(path: Path, *, num: int = 6, value: float = 1.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_arrays(path, keypoints=np.full((1, num, 17, 2), value, np.float32), scores=np.ones((1, num, 17), np.float32))
    return path


def write_table(path: Path, rows: list[dict], *, separator: str = ",", encoding: str = "utf-8") -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, names, delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def rows(tmp_path: Path) -> list[dict]:
    """Five people, two classes, videos of 6 frames in 0.6 seconds beside the table."""
    rows = [{"path": f"Küche/{c} {p}.mp4", "label": c, "subject": p} for p in "ABCDE" for c in ("trinken", "eat up")]
    for row in rows:
        write_clip(tmp_path / row["path"], frames=6, fps=FPS)
    return rows


def reasons(report: dict) -> dict[str, str]:
    return {row["id"]: row["reason"] for row in report["dropped"]}


@pytest.mark.parametrize("kind", ["csv", "excel", "tabs", "json"])
def test_csv_and_json_agree(tmp_path, rows, kind):
    if kind == "json":
        table = tmp_path / "table.json"
        table.write_text(json.dumps(rows))
    else:
        separator, encoding = {"csv": (",", "utf-8"), "excel": (";", "utf-8-sig"), "tabs": ("\t", "utf-8")}[kind]
        table = write_table(tmp_path / "table.csv", rows, separator=separator, encoding=encoding)
    report = prepare_table(table, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert (report["records"], report["dropped"], index.dataset) == (10, [], "table")
    assert index.classes == ["eat up", "trinken"]
    assert count_splits(index.records, "table") == {"cross_subject": {"train": 6, "val": 2, "test": 2}}
    assert index.metainfo["protocol"] == {
        "name": "cross_subject",
        "given": [],
        "carved": ["val", "test"],
        "by": "subject",
        "groups": 5,
        "shares": {"train": 0.6, "val": 0.2, "test": 0.2},
    }
    row = index.record("Küche_eat_up_A")
    assert (row["label"], row["subject"], row["path"], row["class"]) == (0, "A", "Küche/eat up A.mp4", "eat up")
    assert row["sources"] == {"rgb": {"path": "../Küche/eat up A.mp4", "num": 6, "fps": 10.0}}
    assert "recording" not in row
    first = digest(tmp_path / "out")
    prepare_table(table, tmp_path / "out")
    assert digest(tmp_path / "out") == first


def test_numeric_labels_keep_their_number(tmp_path):
    rows = [{"skeleton": f"{n}.npz", "layout": "ntu25", "fps": "10", "label": n} for n in range(12)]
    for row in rows:
        points = np.random.default_rng(row["label"]).normal(size=(1, 3, 25, 3)).astype(np.float32)
        write_arrays(tmp_path / row["skeleton"], keypoints=points, scores=np.ones((1, 3, 25), np.float32))
    report = prepare_table(write_table(tmp_path / "t.csv", rows), tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert index.classes == [str(n) for n in range(12)] == list(report["classes"])
    assert all(str(record["label"]) == record["class"] for record in index.records)
    export_annotations(tmp_path / "out", tmp_path / "export.pkl")
    exported = read_annotations(tmp_path / "export.pkl", layout="ntu25")
    assert exported.classes == tuple(index.classes)
    assert {clip.id: clip.label for clip in exported} == {str(n): n for n in range(12)}


def test_segments_share_files_and_split(tmp_path):
    rows = []
    for num, name in enumerate("abcde", 30):
        write_clip(tmp_path / f"day {name}.mp4", frames=num, fps=FPS)
        write_poses(tmp_path / f"day {name}.npz", num=num, value=ord(name))
        files = {"path": f"day {name}.mp4", "skeleton": f"day {name}.npz", "layout": "coco17", "camera": "c1"}
        rows += [
            {**files, "label": "eat", "start": "0", "end": "1.25"},
            {**files, "label": "read", "start": "1,5", "end": ""},
            {**files, "label": "nap", "start": "", "end": "99"},
        ]
    report = prepare_table(write_table(tmp_path / "t.csv", rows, separator=";"), tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert (report["records"], report["dropped"]) == (15, [])
    spans = {record["id"]: extent_of(record) for record in index.records if record["path"] == "day a.mp4"}
    assert {name: (span.start, span.end) for name, span in spans.items()} == {
        "day_a_0-1.25": (0.0, 1.25),
        "day_a_1.5-end": (1.5, 3.0),
        "day_a_0-99": (0.0, 3.0),
    }
    assert report["notes"][-1] == "line 16: end 99 s is past 'day e.mp4': cut at 3.40 s"
    assert len({(record["path"], record["official"]["split1"]) for record in index.records}) == 5
    assert len(PoseStore(tmp_path / "out" / STORE)) == 5
    assert {record["sources"]["skeleton"]["clip"] for record in index.records if record["path"] == "day b.mp4"} == {1}
    assert check_dataset(index)["problems"] == []


def test_skeletons_take_clock_of_video(tmp_path, rows):
    one = 1 << 16
    raw = bytearray((tmp_path / rows[0]["path"]).read_bytes())
    struct.pack_into(">9i", raw, raw.index(b"tkhd") + 44, 0, one, 0, -one, 0, 0, 0, 0, 1 << 30)  # as telephones turn
    (tmp_path / rows[0]["path"]).write_bytes(raw)
    numbers = [6, 12, 12, 6]
    for row, num in zip(rows, numbers, strict=False):
        write_poses(tmp_path / "poses" / f"{row['label']}{row['subject']}.npz", num=num)
        row |= {"skeleton": f"poses/{row['label']}{row['subject']}.npz", "layout": "coco17"}
    rows[1]["fps"] = 20
    rows[3]["skeleton"] = "poses/gone.npz"
    del rows[5]["path"]
    rows[5] |= {"skeleton": rows[0]["skeleton"], "layout": "coco17", "fps": 15}
    report = prepare_table(write_table(tmp_path / "t.csv", rows), tmp_path / "out", dtype="float16")
    index = load_index(tmp_path / "out")
    assert index.metainfo["streams"]["skeleton"] == {"modality": "skeleton", "layout": "coco17", "channels": 2}
    skeletons = {record["path"]: record["sources"].get("skeleton") for record in index.records}
    assert skeletons[rows[0]["path"]] == {"path": STORE, "clip": 0, "num": 6, "fps": 10.0, "size": [32, 24]}
    assert skeletons[rows[1]["path"]] == {"path": STORE, "clip": 1, "num": 12, "fps": 20.0, "size": [24, 32]}
    assert skeletons[rows[2]["path"]] is None
    skeleton_reasons = [row["reason"] for row in report["dropped"] if "no file" not in row["reason"]]
    assert sorted(skeleton_reasons) == [
        "skeleton: fps must be given where frames do not tell it, got 12 poses and 6 frames; add column fps",
        f"skeleton: skeleton file must be a file, got '{tmp_path}/poses/gone.npz', which does not exist; "
        "check the path",
    ]
    assert report["records"] == 10
    assert skeletons[rows[0]["skeleton"]] == {"path": STORE, "clip": 3, "num": 6, "fps": 15.0, "size": [240, 320]}
    assert "1 files name no size of their frames" in report["notes"][-1]


def test_skeletons_in_dataset_format(tmp_path):
    rows = []
    for n in range(3):
        lines = [f"{n + time} {joint} 2000" for time in range(4) for joint in range(15)]
        (tmp_path / f"{n}.txt").write_text("\n".join(lines))
        rows.append({"skeleton": f"{n}.txt", "label": "clap", "format": "florence", "fps": 15})
    report = prepare_table(write_table(tmp_path / "t.csv", rows), tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert (report["records"], report["dropped"]) == (3, [])
    assert index.metainfo["streams"] == {"skeleton": {"modality": "skeleton", "layout": "florence15", "channels": 3}}
    assert index.record("2")["sources"]["skeleton"] == {"path": STORE, "clip": 2, "num": 4, "fps": 15.0}
    assert check_dataset(index)["problems"] == []


def test_existing_flow_is_used(tmp_path, rows):
    for row, num in zip(rows, (5, 4), strict=False):
        with FlowWriter(tmp_path / f"{row['label']}.flow") as writer:
            writer.add(np.zeros((num, 24, 32, 2), np.float32))
        row["flow_dis"] = f"{row['label']}.flow"
    report = prepare_table(write_table(tmp_path / "t.csv", rows), tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert index.metainfo["streams"] == {"rgb": {"modality": "rgb"}, "flow_dis": {"modality": "flow"}}
    flows = {record["id"]: record["sources"]["flow_dis"] for record in index.records if "flow_dis" in record["sources"]}
    assert flows == {"Küche_trinken_A": {"path": "../trinken.flow", "num": 5, "fps": 10.0}}
    assert reasons(report) == {
        "Küche_eat_up_A": f"flow_dis: flow '{tmp_path}/eat up.flow' must have 5 fields as the video has 6 frames, got 4"
    }


def test_invalid_rows_are_dropped(tmp_path, rows):
    first = rows[0]
    write_clip(tmp_path / "single.mp4", frames=1, fps=FPS)
    bad = [
        {**first, "label": " "},
        {**first, "start": "0.5", "end": "0.5"},
        {**first, "start": "-1"},
        {**first, "start": "soon"},
        {**first, "start": "0.6"},
        first,
        {**first, "path": f"./{first['path']}", "label": "nap"},
        {**first, "path": "gone.mp4"},
        {**first, "path": "x" * 300},
        {"path": "", "label": "eat up", "subject": "A"},
        {**rows[1], "subject": "", "end": "0.3"},
        {**first, "path": "single.mp4"},
    ]
    report = prepare_table(write_table(tmp_path / "t.csv", rows + bad), tmp_path / "out")
    assert report["records"] == 10
    dropped = reasons(report)
    assert {name: reason.partition("; ")[0] for name, reason in dropped.items()} == {
        "t.csv, line 12": "label must have a value, got none",
        "t.csv, line 13": "start and end must be seconds from 0, the end after the start, got 0.5 and 0.5",
        "t.csv, line 14": "start and end must be seconds from 0, the end after the start, got -1 and inf",
        "t.csv, line 15": "start must be a number, got 'soon'",
        "Küche_trinken_A_0.6-end": f"start must be before the end of '{first['path']}' at 0.60 s, got 0.6",
        "t.csv, line 17": f"the clip must be named once, got '{first['path']}' of line 2 again",
        "t.csv, line 18": f"the clip must be named once, got './{first['path']}' of line 2 again",
        "gone": f"video: video must be a file, got '{tmp_path}/gone.mp4', which does not exist",
        "t.csv, line 20": f"path must be a name that files can have, got '{'x' * 40}'",
        "t.csv, line 21": "path must have a value, got none",
        "t.csv, line 22": "subject must have a value where other rows have one, got none",
        "single": "video of 'single.mp4' must have at least 2 frames, for an action takes time, got 1",
    }
    assert dropped["t.csv, line 17"].endswith("it counts once")
    assert dropped["t.csv, line 18"].endswith("a clip has one label: the first one counts")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path,lable\na.mp4,x\n", r"column of '.*t.csv' must be one of .*, got 'lable' \(did you mean 'label'\?\)"),
        ("path,label,flow_diss\n", r"got 'flow_diss' \(did you mean 'flow_dis'\?\)"),
        ("path,label,label\n", "column 'label' of '.*' must be there once, got 2"),
        ("path,subject\na.mp4,x\n", "must have the columns path and label, got path, subject"),
        ("path,label\n", "'.*t.csv' must have rows below its header, got none; add a row for each clip"),
        ("path,label\na,b,c\n", "'t.csv, line 2': the row must have as many fields as the header, got more"),
        ("skeleton,label\na.npz,x\n", "layout in line 2 of '.*' could not be found: .*a.npz.*; add the column layout"),
        ("skeleton,label,layout\na,x,coco71\n", r"joint layout must be one of .* \(did you mean 'coco17'\?\)"),
        ("skeleton,label,format\na,x,nttu\n", r"format in line 2 must be one of .*got 'nttu' \(did you mean 'ntu'\?\)"),
        (
            "skeleton,label,layout\na,x,coco17\nb,x,ntu25\n",
            "layout in line 3 .* must be 'coco17' as in the rows before",
        ),
        ("path,label,split\na,x,tset\n", r"split must be one of .*, got 'tset' \(did you mean 'test'\?\)"),
        (b"path,label\n\xff,x\n", "must be text in UTF-8, got byte 0x.. in line 2; .* save it as CSV UTF-8"),
        (b"", "table must have content, got"),
    ],
)
def test_invalid_tables_are_refused(tmp_path, text, message):
    (tmp_path / "t.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message) as caught:
        prepare_table(tmp_path / "t.csv", tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"path": "a"}, "must be a list of objects, got dict"),
        ([{"path": "a", "label": "x", "lable": "y"}], "did you mean 'label'"),
        ([{"path": "\ud800.mp4", "label": "x"}], r"'t.json, row 1': path must be text, got '\\ud800.mp4'"),
        ([{"path": "a", "label": None}], "'t.json, row 1': label must have a value, got none"),
    ],
)
def test_invalid_json_is_refused(tmp_path, document, message):
    (tmp_path / "t.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match=message):
        prepare_table(tmp_path / "t.json", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_unusable_table_keeps_old_index(tmp_path, rows):
    prepare_table(write_table(tmp_path / "t.csv", rows), tmp_path / "out")
    before = digest(tmp_path / "out")
    with pytest.raises(InputError, match="at least one usable recording"):
        prepare_table(write_table(tmp_path / "t.csv", [{"path": "gone.mp4", "label": "x"}]), tmp_path / "out")
    assert digest(tmp_path / "out") == before


def test_first_kinds_of_reasons_are_listed(tmp_path):
    """Without fps, 16 poses beside no video have no clock: the reason is in the error, with the number of others."""
    rows = [{"skeleton": f"{n}.npz", "label": "x", "layout": "ntu25"} for n in range(4)]
    for row in rows:
        points = np.random.default_rng(0).normal(size=(1, 16, 25, 3)).astype(np.float32)
        write_arrays(tmp_path / row["skeleton"], keypoints=points, scores=np.ones((1, 16, 25), np.float32))
    rows.append({"skeleton": "gone.npz", "label": "x", "layout": "ntu25"})
    with pytest.raises(InputError) as caught:
        prepare_table(write_table(tmp_path / "t.csv", rows), tmp_path / "out")
    message = str(caught.value)
    assert "got none; dropped: '0' and 3 more: skeleton: fps must be given where frames do not tell it" in message
    assert "add column fps; 'gone': skeleton: skeleton file must be a file" in message


def test_kinetics_list_over_folder(tmp_path):
    """Cut files are named with their times or as short as the segment; of others the segment is taken."""
    for name, frames in (("train/a b/abcdefghijk_000010_000012.mp4", 20), ("whole.mp4", 60), ("v/short.mp4", 20)):
        write_clip(tmp_path / "videos" / name, frames=frames, fps=FPS)
    header = "label,youtube_id,time_start,time_end,split,is_cc"
    lines = ["a b,abcdefghijk,10,12,train,0", "c,whole,2,4,validate,0", "c,short,30,32,test,0", "c,gone,0,9,test,0"]
    (tmp_path / "k.csv").write_bytes("\r\n".join(["\ufeff" + header, *lines]).encode())
    report = prepare_table(tmp_path / "k.csv", tmp_path / "out", videos=str(tmp_path / "videos"))
    index = load_index(tmp_path / "out")
    spans = {record["path"]: tuple(extent_of(record)) for record in index.records}
    assert spans == {"train/a b/abcdefghijk_000010_000012.mp4": (0, 2), "whole.mp4": (2, 4), "v/short.mp4": (0, 2)}
    assert {record["path"]: record["official"]["split1"] for record in index.records} == {
        "train/a b/abcdefghijk_000010_000012.mp4": "train",
        "whole.mp4": "val",
        "v/short.mp4": "test",
    }
    assert reasons(report)["k.csv, line 5"].startswith("video 'gone' must be below '")
    assert "line 4: 'v/short.mp4' is cut already: its 2.00 s are all taken" in report["notes"]


def test_folder_of_mmaction_lists(tmp_path):
    names = [f"{c}/{c} {n}.mp4" for c in ("wave", "walk") for n in range(4)]
    for name in names:
        write_clip(tmp_path / "videos" / name, frames=4, fps=FPS)
    lists = tmp_path / "annotations"
    lists.mkdir()
    rows = [
        f'"{name}" {int("walk" in name)}' if n % 2 else f"{name} {int('walk' in name)}" for n, name in enumerate(names)
    ]
    (lists / "my_train_list_videos.txt").write_text("\n".join(rows[:3] + rows[4:7]))
    (lists / "my_val_list_videos.txt").write_text("\r\n".join([rows[3], f"{names[7]} 1 3", names[7]]))
    (tmp_path / "label_map.txt").write_text("wave\nwalk\n")
    report = prepare_table(
        lists, tmp_path / "out", videos=str(tmp_path / "videos"), classes=str(tmp_path / "label_map.txt")
    )
    index = load_index(tmp_path / "out")
    assert index.classes == ["wave", "walk"]  # in the order of the file
    assert report["protocol"]["given"] == ["train", "val"]
    assert report["classes"]["wave"] == {"train": 2, "val": 1, "test": 1}
    assert all(record["class"] == record["path"].split("/")[0] for record in index.records)
    dropped = reasons(report)
    assert dropped["my_val_list_videos.txt, line 2"].startswith("'walk/walk 3.mp4' must have one label, got 2, 1, 3")
    assert dropped["my_val_list_videos.txt, line 3"].startswith("row 'walk/walk 3.mp4' must end with a label, got none")
