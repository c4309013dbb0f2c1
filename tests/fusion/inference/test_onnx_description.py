"""Description of an exported model: JSON that is enough to feed it without this project."""

from __future__ import annotations

import json

import numpy as np
import onnx
from trained_models import assert_same_scores, compute_scores, load_batch

from triad.fusion.index import load_index
from triad.fusion.inference.onnx_description import METADATA_KEY, to_json
from triad.modalities.rgb.reader import RgbReader


def test_config_becomes_json_with_defaults():
    class Step:
        def __init__(self, size: int, *, ratio: float = 0.5) -> None: ...

    node = {"type": Step, "size": (2, 3), "inner": [{"type": Step, "ratio": 1.0}]}
    assert to_json(node) == {
        "type": "Step",
        "ratio": 0.5,
        "size": [2, 3],
        "inner": [{"type": "Step", "ratio": 1.0}],
    }
    assert to_json(None) is None


def test_registered_names_are_resolved():
    expected = {"type": "RgbReader", "frame_size": [2, 3], "crop_mode": "border"}
    assert to_json({"type": "triad.RgbReader", "frame_size": (2, 3)}) == expected
    assert to_json({"type": RgbReader, "frame_size": (2, 3)}) == expected


def test_metadata_is_complete_json(exported):
    properties = onnx.load(exported.path).metadata_props
    document = json.loads(next(entry.value for entry in properties if entry.key == METADATA_KEY))
    assert document == {key: value for key, value in exported.document.items() if key != "difference"}
    assert document["streams"]["rgb"]["transform"]["mean"] == [123.675, 116.28, 103.53]
    assert document["streams"]["skeleton"]["transform"]["steps"][2] == {"type": "ScaleByTorso"}
    assert document["streams"]["skeleton"]["layout"]["joints"][0] == "pelvis"
    assert len(document["checkpoint"]["sha256"]) == 64


def test_metadata_suffices_to_feed_it(exported, tiny):
    """Follow the words of ``times`` and ``feeding`` with numpy, PyAV and OpenCV alone."""
    import av
    import cv2
    import onnxruntime

    session = onnxruntime.InferenceSession(exported.path)
    document = json.loads(session.get_modelmeta().custom_metadata_map[METADATA_KEY])
    assert (document["temporal_sampler"]["length"], document["temporal_sampler"]["num_clips"]) == (None, 1)
    record = next(row for row in load_index(tiny).records if row["id"] == "left_s02")
    with av.open(str(tiny / record["video"])) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    start_times = np.arange(len(frames)) / 10.0

    def displayed_entries(num_frames: int) -> np.ndarray:
        times = (np.arange(num_frames) + 0.5) * (len(frames) / 10.0) / num_frames
        return np.array([np.flatnonzero(start_times <= time + 1e-6)[-1] for time in times])

    rgb = document["streams"]["rgb"]
    skeleton = document["streams"]["skeleton"]
    canvas_height, canvas_width = rgb["reader"]["frame_size"]
    height, width = frames[0].shape[:2]
    scale = min(canvas_height / height, canvas_width / width)
    size = (round(scale * width), round(scale * height))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    pictures = np.zeros((rgb["num_frames"], canvas_height, canvas_width, 3), np.uint8)
    x = int((canvas_width - scale * width) / 2)
    y = int((canvas_height - scale * height) / 2)
    for picture, index in zip(pictures, displayed_entries(rgb["num_frames"]), strict=True):
        picture[y : y + size[1], x : x + size[0]] = cv2.resize(frames[index], size, interpolation=interpolation)
    poses = np.load(tiny / "skeleton/left_s02.npz")
    joints, scores = (poses[name][:, displayed_entries(skeleton["num_frames"])] for name in ("keypoints", "scores"))
    inputs = {
        "rgb.data": pictures,
        "rgb.valid": np.ones(rgb["num_frames"], bool),
        "skeleton.data": joints,
        "skeleton.scores": scores,
        "skeleton.valid": (scores > 0).any(-1),
    }
    inputs |= {f"{name}.present": np.array(True) for name in document["streams"]}
    outputs = [row["name"] for row in document["outputs"]]
    results = session.run(outputs, {row["name"]: inputs[row["name"]][None] for row in document["inputs"]})
    expected = compute_scores(exported.loaded, load_batch(exported.loaded, tiny, 1))
    assert_same_scores(dict(zip(outputs, results, strict=True)), expected)
