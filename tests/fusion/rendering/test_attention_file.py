"""Attention maps as a file of arrays."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.models import SampleMap
from triad.fusion.rendering import Explanation, write_attention
from triad.fusion.rendering.attention_maps import AttentionMaps, MappedStream
from triad.fusion.rendering.saliency import Saliency
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.clips import Span
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.skeleton import PoseReader, get_layout

SPAN = Span(1.0, 3.0)
POSE = PoseReader(layout="minihome16", frame_size=(48, 64))


def test_file_holds_axes_names_and_times(tmp_path):
    joints = np.arange(32, dtype=np.float32).reshape(1, 2, 16)
    maps = (
        SampleMap("α", "rgb", "HW", np.array([[0.25, 0.75]], np.float32), SPAN, driven=False, missing=("flow",)),
        SampleMap("joints", "skeleton", "MTV", joints, SPAN),
        SampleMap("parts", "rgb", "N", np.array([0.5, 0.5], np.float32), SPAN, names=("hand", "body")),
    )
    streams = {"rgb": MappedStream("rgb", RgbReader(frame_size=(48, 64))), "skeleton": MappedStream("skeleton", POSE)}
    attention = AttentionMaps(SpatialAugmentation(x=0.25, width=0.5), maps, streams)
    write_attention(Explanation(SPAN, attention), "eat_s01", tmp_path / "maps.npz")
    with np.load(tmp_path / "maps.npz", allow_pickle=False) as arrays:
        assert arrays["maps"].tolist() == ["α", "joints", "parts"]
        assert arrays["id"] == "eat_s01"
        assert arrays["span"].tolist() == [1.0, 3.0]
        assert arrays["view"].tolist() == [0.25, 0.0, 0.5, 1.0]
        assert arrays["missing"].tolist() == ["flow"]
        assert arrays["weights/α"].tolist() == [[0.25, 0.75]]
        assert (arrays["axes/α"], arrays["stream/α"], bool(arrays["driven/α"])) == ("HW", "rgb", False)
        assert "times/α" not in arrays
        np.testing.assert_array_equal(arrays["weights/joints"], joints)
        assert arrays["times/joints"].tolist() == [1.5, 2.5]
        assert tuple(arrays["joints/joints"]) == get_layout("minihome16").joints
        assert arrays["names/parts"].tolist() == ["hand", "body"]


def test_graph_of_network_is_a_map(tmp_path):
    graph = np.ones((1, 4, 16, 16), np.float32)
    saliency = Saliency("skeleton", "skeleton", POSE, "left", 0.5, np.zeros((1, 4, 16)), np.zeros((1, 16)), graph)
    write_attention(Explanation(SPAN, saliencies=(saliency,)), "eat_s01", tmp_path / "maps.npz")
    with np.load(tmp_path / "maps.npz", allow_pickle=False) as arrays:
        assert arrays["maps"].tolist() == ["graph of skeleton"]
        assert arrays["axes/graph of skeleton"] == "MTVV"
        assert arrays["times/graph of skeleton"].tolist() == [1.25, 1.75, 2.25, 2.75]


def test_nothing_to_write_is_refused(tmp_path):
    with pytest.raises(InputError, match="sample 'eat_s01' must have attention maps, got none; its model has none, or"):
        write_attention(Explanation(SPAN), "eat_s01", tmp_path / "maps.npz")
    assert not (tmp_path / "maps.npz").exists()
