"""Videos are gathered from records of segments, and bad segments have a reason."""

from __future__ import annotations

import json

import pytest
from untrimmed import VIDEOS, record_of, write_untrimmed

from triad.fusion.datasets import get_protocol
from triad.fusion.index import load_index
from triad.fusion.inference.localization import gather_videos, narrow_classes
from triad.modalities.checks import InputError


def gather(out, split="test"):
    return gather_videos(load_index(out), get_protocol("tsu", "cross_subject"), split)


def rewrite(out, change):
    document = json.loads((out / "index.json").read_text())
    change(document)
    (out / "index.json").write_text(json.dumps(document))


def test_records_of_a_file_are_a_video(untrimmed):
    videos, reasons = gather(untrimmed)
    assert {video.id: [item[:3] for item in video.instances] for video in videos} == {
        "P02T01C01": [(0.0, 2.0, 0), (4.0, 6.0, 1)],
        "P10T01C01": [(0.0, 3.0, 1), (3.0, 6.0, 0)],
        "P11T01C01": [(1.0, 3.0, 1), (4.0, 6.0, 0)],
    }
    assert reasons == []
    assert {video.duration for video in videos} == {6.0}


def test_bad_segments_have_reasons(tmp_path):
    extra = {"P02T01C01": [(3.0, 2.0, 0), (5.5, 9.0, 0), (7.0, 8.0, 1), (1.0, 2.5, 0), (4.0, 6.0, 1)]}
    videos, reasons = gather(write_untrimmed(tmp_path, extra=extra))
    assert [item[:3] for item in videos[0].instances] == [(0.0, 2.5, 0), (4.0, 6.0, 1), (5.5, 6.0, 0)]
    assert [entry["reason"] for entry in reasons] == [
        "dropped: instance must end after it starts, from 0 s on, got 3.00 to 2.00 s",
        "cut: instance must end within the 6.00 s of the video, got 9.00 s",
        "dropped: instance must start within the 6.00 s of the video, got 7.00 s",
        "dropped: instance of class 1 from 4.00 to 6.00 s is there twice",
        "kept: 1 of its actions overlap another of their class and are one with it",
    ]
    assert {entry["id"] for entry in reasons} == {"P02T01C01"}


def test_video_without_label_is_left_out(tmp_path):
    def change(document):
        record = {**record_of("P14T01C01", 0, (0, 1, None), 60)}
        document["data_list"].append({key: record[key] for key in record if key not in ("start", "end")})

    rewrite(write_untrimmed(tmp_path), change)
    videos, reasons = gather(tmp_path)
    assert len(videos) == 3
    assert reasons == [{"id": "P14T01C01_0000", "reason": "dropped: video must be annotated, got no label"}]


def test_video_of_two_splits_is_left_out(tmp_path):
    rewrite(write_untrimmed(tmp_path), lambda document: document["data_list"][0].update(subject="P19"))
    videos, reasons = gather(tmp_path, "val")
    assert [video.id for video in videos] == ["P19T01C01"]
    assert reasons == [{"id": "P02T01C01", "reason": "dropped: its actions are of several splits (test, val)"}]


def test_durations_come_from_files_too(tmp_path):
    rewrite(write_untrimmed(tmp_path), lambda document: document["metainfo"].pop("durations"))
    assert {video.duration for video in gather(tmp_path)[0]} == {6.0}


def test_split_without_videos_is_refused(tmp_path):
    plans = {name: plan for name, plan in VIDEOS.items() if name.startswith("P03")}
    with pytest.raises(InputError, match=r"split 'test' of .* must have a video with labels"):
        gather(write_untrimmed(tmp_path, plans))


def test_clips_are_videos_of_their_own(tiny):
    index = load_index(tiny)
    videos, _ = gather_videos(index, get_protocol("minihome", "cross_subject"), "test")
    assert {video.instances[0][:2] for video in videos} == {(0.0, 1.0)}
    assert {video.id for video in videos} <= {record["id"] for record in index.records}


def test_other_classes_are_left_out(untrimmed):
    videos, _ = gather(untrimmed)
    narrowed, note = narrow_classes(videos, ["bright", "dark"], ["dark"])
    assert [item[:3] for item in narrowed[0].instances] == [(4.0, 6.0, 0)]
    assert note == "judged on 1 of 2 classes; without 3 actions of bright"


def test_record_without_files_is_left_out(tmp_path):
    rewrite(write_untrimmed(tmp_path), lambda document: document["data_list"][0].update(sources={}))
    videos, reasons = gather(tmp_path)
    assert [video.id for video in videos] == ["P02T01C01", "P10T01C01", "P11T01C01"]
    reason = "dropped: video must have a file of some stream, got none"
    assert reasons == [{"id": "P02T01C01_0000", "reason": reason}]


def test_videos_of_one_name_are_all_kept(tmp_path):
    """A clip has the id by which the segments of another file name their video."""

    def change(document):
        clip = {**record_of("P14T01C01", 0, (0, 1, 0), 60), "id": "P02T01C01", "subject": "P02"}
        document["data_list"].append({key: clip[key] for key in clip if key not in ("start", "end")})
        document["data_list"].append({**clip, "id": "P10T01C01", "source_video": "P10T01C01", "sources": {}})

    rewrite(write_untrimmed(tmp_path), change)
    videos, reasons = gather(tmp_path)
    counts = {video.id: len(video.instances) for video in videos}
    assert counts == {"P02T01C01": 2, "P10T01C01": 2, "P11T01C01": 2, "P14T01C01.mp4": 1}
    reason = "dropped: video must have a file of some stream, got none"
    assert reasons == [{"id": "P10T01C01 (2)", "reason": reason}]
