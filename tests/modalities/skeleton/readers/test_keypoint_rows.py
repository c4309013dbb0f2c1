"""Tables of keypoints with a row a joint, as data frames in long form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.readers import SkeletonRecording, find_format, read_skeleton

COCO = get_layout("coco17").joints


def read(folder: Path, text: str | bytes) -> SkeletonRecording:
    path = folder / "a.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    assert find_format(path).name == "csv"
    return read_skeleton(path)


def table(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


def test_rows_may_come_in_any_order(tmp_path: Path) -> None:
    rows = [
        f"{frame},{joint},{10 * frame + number},{number},0.5"
        for frame in (5, 4, 7)
        for number, joint in enumerate(COCO)
    ]
    recorded = read(tmp_path, table("frame,joint,x,y,likelihood", *reversed(rows)))
    poses = recorded.poses
    assert (poses.layout, poses.keypoints.shape, recorded.fps) == ("coco17", (1, 4, 17, 2), None)
    assert poses.keypoints[0, :, 3].tolist() == [[43, 3], [53, 3], [0, 0], [73, 3]]
    assert poses.scores[0, :, 3].tolist() == [0.5, 0.5, 0, 0.5]


def test_persons_times_and_depth_are_read(tmp_path: Path) -> None:
    rows = [f"{p};{40 * t};{j};0,5;{t},25;{p}" for t in range(3) for p in (1, 2) for j in range(33) if (p, t) != (2, 1)]
    recorded = read(tmp_path, table("person_id;timestamp_ms;landmark_id;x;y;z", *rows))
    assert (recorded.poses.layout, recorded.fps) == ("blazepose33", 25)
    assert recorded.poses.keypoints[1, 2, 32].tolist() == [0.5, 2.25, 2]
    assert (recorded.poses.scores > 0).all(-1).tolist() == [[True] * 3, [True, False, True]]


def test_joints_without_rows_or_numbers_are_missing(tmp_path: Path) -> None:
    rows = ["0,LeftWrist,1,2", "0,RightWrist,,2", "0,nose,0,0", "1,LeftWrist,3,NaN"]
    poses = read(tmp_path, table("frame,joint,x,y", *rows)).poses
    assert np.argwhere(poses.scores).tolist() == [[0, 0, COCO.index("left_wrist")]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_spreadsheets_save_it(tmp_path: Path, encoding: str) -> None:
    text = "sep=;\r\n" + table("frame;keypoint;x;y", "0;nose;1,5;2")
    assert read(tmp_path, text.encode(encoding)).poses.keypoints[0, 0, 0].tolist() == [1.5, 2]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["joint,x,y", "nose,1,2"], "must have the column frame beside joint, got none"),
        (
            ["frame,joint,x,y", "0,nose,1,2", "0,nose,1,2"],
            "must hold each joint of a frame once, got one twice; name persons",
        ),
        (["frame,joint,x,y", "0,nose,1"], "line 2 must have 4 fields as the header, got 3"),
        (["frame,joint,x,y", "a,nose,1,2"], "line 2: frame must be a whole number, got 'a'"),
        (["frame,joint,x,y", "0.5,nose,1,2"], "line 2: frame must be a whole number, got '0.5'"),
        (["frame,joint,x,y", "0,tail,1,2"], "layout of '.*' must be known by its joints, got tail; name it"),
        (["frame,joint,x,y"], "must have rows below its header, got none"),
        (["frame,joint,x,y", "0,nose,1,2", "9999999999,nose,1,2"], "10000000000 frames must take at most"),
    ],
)
def test_other_tables_are_refused(tmp_path: Path, rows: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, table(*rows))
