"""Lifting of a stream: names, layouts, and files whose marks are kept."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from triad.fusion.estimators.lifting.lift_stream import layout_to_lift, lift_recording, lift_stream, lifted_name
from triad.fusion.index import load_index, write_index
from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.skeleton import PoseLoader, Poses, get_layout

STREAMS = {
    "rgb": {"modality": "rgb"},
    "skeleton": {"modality": "skeleton", "layout": "ntu25", "channels": 3},
    "pose_x": {"modality": "skeleton", "layout": "coco17", "channels": 2},
}


class OnesLifter:
    """Lifter that puts all joints at (1, 1, 1)."""

    layout = "minihome16"
    provenance: ClassVar[dict] = {"lifter": "ones", "layout": "minihome16"}

    def __call__(self, poses: Poses, size_hw: tuple[int, int]) -> Poses:
        shape = (*poses.scores.shape[:2], 16)
        return Poses(np.ones((*shape, 3), np.float32), np.ones(shape, np.float32), self.layout)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Folder of two recordings with 2D poses, of which the second is damaged."""
    scores = np.ones((2, 3, 17), np.float32)
    scores[1, 0] = 0
    arrays = {"tracks": np.int32([[0, 0, 0], [-1, 4, 4]]), "filled": np.array([[False, True, False], [False] * 3])}
    write_arrays(tmp_path / "pose_x/a.npz", keypoints=np.ones((2, 3, 17, 2), np.float32), scores=scores, **arrays)
    (tmp_path / "pose_x/b.npz").write_text("damaged")
    source = {"num": 3, "fps": 10.0, "size": [48, 64]}
    records = [
        {"id": name, "label": 0, "subject": "s1", "sources": {"pose_x": {"path": f"pose_x/{name}.npz", **source}}}
        for name in "ab"
    ]
    write_index(tmp_path / "index.json", {"dataset": "table", "classes": ["walk"], "streams": STREAMS}, records)
    return tmp_path


def test_names_of_lifted_streams():
    assert [lifted_name(stream) for stream in ("pose_rtmpose", "skeleton")] == ["lifted_rtmpose", "lifted_skeleton"]


def test_only_2d_streams_are_lifted(data: Path):
    index = load_index(data)
    assert layout_to_lift(index, "pose_x") == "coco17"
    with pytest.raises(InputError, match="stream 'skeleton' to lift must be of 2D poses, got skeleton of layout ntu25"):
        layout_to_lift(index, "skeleton")


def test_tracks_and_filled_are_kept(data: Path):
    source = Source(data / "pose_x/a.npz", 3, fps=10.0, size_hw=(48, 64))
    loader = PoseLoader(get_layout("coco17"))
    lift_recording(source, loader, OnesLifter(), data / "out.npz", {})
    arrays = read_arrays(data / "out.npz", cure="lift again")
    assert arrays["tracks"].tolist() == [[0, 0, 0], [-1, 4, 4]]
    assert arrays["filled"].tolist() == [[False, True, False], [False] * 3]
    assert arrays["keypoints"].shape == (2, 3, 16, 3)
    without_size = Source(data / "pose_x/a.npz", 3, fps=10.0)
    with pytest.raises(InputError, match=r'must have "size": \[H, W\] of their frames in the index, got none'):
        lift_recording(without_size, loader, OnesLifter(), data / "out.npz", {})


def test_failures_stop_nothing_and_are_skipped(data: Path):
    summary = lift_stream(data, "pose_x", OnesLifter())
    assert (summary.stream, summary.num_lifted, summary.num_skipped) == ("lifted_x", 1, 0)
    assert list(summary.failures) == ["b"]
    assert load_index(data).metainfo["streams"]["lifted_x"]["layout"] == "minihome16"
    assert lift_stream(data, "pose_x", OnesLifter()).num_skipped == 2
    retried = lift_stream(data, "pose_x", OnesLifter(), retry_failed=True)
    assert (retried.num_skipped, list(retried.failures)) == (1, ["b"])


def test_stream_name_of_an_index_is_no_path(data: Path):
    document = (data / "index.json").read_text().replace('"pose_x"', '"../pose_x"')
    (data / "index.json").write_text(document)
    with pytest.raises(InputError, match=r"name of a stream in .*index.json' must be a name that files can have"):
        lift_stream(data, "../pose_x", OnesLifter())
