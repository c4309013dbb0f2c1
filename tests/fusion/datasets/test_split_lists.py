"""Videos in official lists are prepared, and others are dropped with a reason."""

from __future__ import annotations

from dataset_files import write_clip

from triad.fusion.datasets.split_lists import ListedVideo, prepare_listed_videos
from triad.fusion.index import load_index


def test_listed_videos_are_prepared(tmp_path):
    for name in ("a.avi", "copy/a.avi", "b.mp4"):
        write_clip(tmp_path / "source" / name, frames=3, fps=10)
    listed = {name: ListedVideo(0, f"film_{name}", {"split1": "train"}) for name in ("a", "c")}
    metainfo = {"dataset": "toy", "classes": ["x"]}
    report = prepare_listed_videos(tmp_path / "source", tmp_path / "out", listed, metainfo=metainfo)
    (record,) = load_index(tmp_path / "out").records
    assert (record["id"], record["label"], record["source_video"]) == ("a", 0, "film_a")
    assert record["official"] == {"split1": "train"}
    assert [(entry["id"], entry["reason"].partition("'")[0]) for entry in report["dropped"]] == [
        ("a", "video: "),
        ("b", "video: "),
        ("c", "video: in an official list, but there is no file"),
    ]
