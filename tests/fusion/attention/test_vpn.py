from __future__ import annotations

import pytest
import torch
from fusion_features import gradient_rows, make_features, randomise, shape_of_features

from triad.fusion.attention import Vpn
from triad.fusion.attention.pose_attention import PoseAttention
from triad.fusion.models import FeatureShape
from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters

VIDEO_SIZES = (3, 2, 4, 5)


def make_inputs():
    """Three samples with video, of which the second has no pose; the poses come in another order."""
    video = make_features("BCTHW", VIDEO_SIZES, rows=[0, 1, 3])
    pose = make_features("BC", (6,), rows=[3, 2, 0], seed=1)
    return {"rgb": video, "skeleton": pose}


def build() -> Vpn:
    shapes = {name: shape_of_features(stream) for name, stream in make_inputs().items()}
    module = Vpn(shapes=shapes, video="rgb", pose="skeleton", hidden=(5, 4), embedding=7)
    randomise(module)
    return module


def test_numbers_of_parameters_are_published():
    """VPN's pose vector of 128, I3D's map of 64 frames: z₁ 256, z₂ 128, 49 places, 8 times."""
    assert count_parameters(PoseAttention(128, (8, 7, 7))) == 129 * 256 + 257 * 49 + 129 * 128 + 129 * 8


def test_attention_starts_without_preference():
    inputs = make_inputs()
    module = Vpn(shapes={k: shape_of_features(v) for k, v in inputs.items()}, video="rgb", pose="skeleton")
    output = module(inputs, {})
    assert torch.equal(output.maps["α"].weights, torch.full((3, 4, 5), 0.5))
    assert torch.equal(output.maps["β"].weights, torch.full((3, 2), 0.5))
    torch.testing.assert_close(output.features["rgb"].map, 1.25 * inputs["rgb"].map)  # 1 + ½ · ½


def test_attended_map_and_losses_by_hand():
    inputs, module = make_inputs(), build()
    output = module(inputs, {})
    alpha, beta = module.attention(inputs["skeleton"].map[[2, 0]])  # samples 0 and 3
    video = inputs["rgb"].map
    torch.testing.assert_close(output.maps["α"].weights[[0, 2]], alpha)
    assert output.maps["β"].driven.tolist() == [True, False, True]
    torch.testing.assert_close(output.maps["β"].weights.sum(1), torch.ones(3))
    for row, sample in ((0, 0), (2, 1)):
        weights = beta[sample][:, None, None] * alpha[sample]
        torch.testing.assert_close(output.features["rgb"].map[row], video[row] * weights + video[row])
    torch.testing.assert_close(output.features["rgb"].map[1], 1.25 * video[1])
    distances = module.embedding_distance(video[[0, 2]], alpha)
    torch.testing.assert_close(output.losses["vpn_embedding"], 0.001 * distances.square().mean())
    penalty = (1 - alpha.sum((1, 2))).square().mean()
    torch.testing.assert_close(output.losses["vpn_attention"], 1e-5 * penalty)


def test_every_parameter_gets_a_gradient():
    inputs, module = make_inputs(), build()
    output = module(inputs, {})
    (output.features["rgb"].map.square().sum() + sum(output.losses.values())).backward()
    assert all((p.grad != 0).any() for p in module.parameters())
    assert gradient_rows(inputs["skeleton"].map) == [True, False, True]  # sample 2 has no video


def test_sample_without_pose_ignores_it():
    inputs, module = make_inputs(), build().eval()
    module(inputs, {}).features["rgb"].map[1].sum().backward()
    assert not inputs["skeleton"].map.grad.any()
    assert all(p.grad is None or not p.grad.any() for p in module.parameters())


@pytest.mark.parametrize("absent", ["rgb", "skeleton"])
def test_absent_stream_passes_through(absent: str):
    inputs, module = make_inputs(), build()
    del inputs[absent]
    output = module(inputs, {})
    assert output.losses == {}
    if absent == "skeleton":
        torch.testing.assert_close(output.features["rgb"].map, 1.25 * inputs["rgb"].map)
    else:
        assert output.features is inputs


def test_tokens_are_refused():
    shapes = {"rgb": FeatureShape("BTNC", (2, 16, 4)), "skeleton": FeatureShape("BC", (4,))}
    with pytest.raises(InputError, match=r"map of stream 'rgb' of Vpn.video must have axes BCTHW, got BTNC"):
        Vpn(shapes=shapes, video="rgb", pose="skeleton")
