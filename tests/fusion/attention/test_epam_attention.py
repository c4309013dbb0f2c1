from __future__ import annotations

import pytest
import torch
from stream_features import batch_of, make_features
from tiny_recognizer import build_recognizer, compute_losses, make_batch
from torch import nn

from triad.fusion.attention import EpamAttention
from triad.fusion.attention.epam_attention import take_times
from triad.fusion.models import FeatureShape
from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters

SHAPES = {"rgb": FeatureShape("BCTHW", (6, 2, 3, 4)), "pose": FeatureShape("BCTHW", (5, 6, 7, 8))}


def build() -> EpamAttention:
    torch.manual_seed(0)
    return EpamAttention(shapes=SHAPES, video="rgb", pose="pose").eval()


def test_size_is_published():
    assert count_parameters(build()) == 2 * 7 * 7 + 2 + 7


def test_every_third_time_is_taken():
    times = torch.arange(48.0).view(1, 1, 48, 1, 1)
    assert take_times(times, 16).flatten().tolist() == list(range(0, 48, 3))
    assert take_times(times[:, :, :2], 4).flatten().tolist() == [0.0, 0.0, 1.0, 1.0]


def test_attention_by_hand():
    """With kernels of zeros S and T are one half everywhere, so that a quarter of the map is added."""
    module = build()
    nn.init.zeros_(module.spatial.weight)
    nn.init.zeros_(module.temporal.weight)
    features = make_features(SHAPES, {"rgb": [0, 1], "pose": [1]})
    output = module(features, batch_of(2))
    video = features["rgb"].map
    torch.testing.assert_close(output.features["rgb"].map, torch.stack([video[0], 1.25 * video[1]]))
    attention = output.maps["S · T"]
    assert (attention.axes, attention.driven.tolist()) == ("BTHW", [False, True])
    torch.testing.assert_close(attention.weights[1], torch.full((2, 3, 4), 0.25))
    assert not attention.weights[0].any()


def test_weights_of_places_and_times_by_hand():
    module = build()
    nn.init.zeros_(module.spatial.weight)
    module.spatial.weight.data[0, 0, 0, 3, 3] = 1.0  # the maximum over channels, at its own place
    nn.init.zeros_(module.temporal.weight)
    module.temporal.weight.data[0, 0, 3] = 2.0
    pose_map = torch.randn(2, 5, 3, 4, 4)
    places = (pose_map.amax(1) / (1 + 1e-5) ** 0.5).sigmoid()
    times = (2 * places.mean((2, 3))).sigmoid()
    torch.testing.assert_close(module.weights(pose_map), places * times[..., None, None])


def test_missing_pose_has_no_influence():
    module = build()
    features = make_features(SHAPES, {"rgb": [0, 1], "pose": [1]})
    module(features, batch_of(2)).features["rgb"].map[0].sum().backward()
    assert not features["pose"].map.grad.any()
    alone = module({"rgb": features["rgb"]}, batch_of(2)).features["rgb"].map
    assert torch.equal(alone, features["rgb"].map)


def test_poses_are_matched_to_videos():
    module = build()
    features = make_features(SHAPES, {"rgb": [0, 2], "pose": [2, 1, 0]})
    attention = module(features, batch_of(3)).maps["S · T"].weights
    reversed_rows = make_features(SHAPES, {"rgb": [2, 0], "pose": [2, 1, 0]})
    torch.testing.assert_close(module(reversed_rows, batch_of(3)).maps["S · T"].weights, attention.flip(0))


def test_every_parameter_gets_a_gradient():
    model = build_recognizer(attention=[{"type": EpamAttention, "video": "rgb", "pose": "flow"}]).train()
    sum(compute_losses(model, make_batch({"rgb": [True] * 3, "flow": [True, True, False]})).values()).backward()
    assert all((parameter.grad != 0).any() for parameter in model.attention.parameters())


@pytest.mark.parametrize("absent", ["rgb", "flow"])
def test_absent_stream_trains(absent: str):
    model = build_recognizer(attention=[{"type": EpamAttention, "video": "rgb", "pose": "flow"}]).train()
    batch = make_batch({name: [name != absent] * 2 for name in ("rgb", "flow")})
    sum(compute_losses(model, batch).values()).backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_skeleton_graph_is_refused():
    shapes = {**SHAPES, "pose": FeatureShape("BMCTV", (1, 5, 6, 7))}
    with pytest.raises(InputError, match=r"map of stream 'pose' of EpamAttention.pose must have axes BCTHW, got BMCTV"):
        EpamAttention(shapes=shapes, video="rgb", pose="pose")
