from __future__ import annotations

import pytest
import torch
from fusion_features import gradient_rows, make_features, randomise, shape_of_features

from triad.fusion.attention import JointCrossAttention
from triad.fusion.models import FeatureShape
from triad.modalities.checks import InputError

BATCH = {"number": torch.arange(4)}


def make_inputs(axes: str = "BCTHW"):
    """Three samples with a pose, of which the second has no video; the videos come in another order."""
    sizes = (5, 2, 2, 3) if axes == "BCTHW" else (2, 6, 5)
    pose = make_features("BMCTV", (2, 4, 3, 7), rows=[0, 1, 3])
    return {"rgb": make_features(axes, sizes, rows=[3, 2, 0], seed=1), "skeleton": pose}


def build(axes: str = "BCTHW", **changes) -> JointCrossAttention:
    shapes = {name: shape_of_features(stream) for name, stream in make_inputs(axes).items()}
    options = {"channels": 8, "heads": 2, **changes}
    return JointCrossAttention(shapes=shapes, video="rgb", pose="skeleton", **options).eval()


def test_features_start_unchanged():
    inputs = make_inputs()
    output = build()(inputs, BATCH)
    assert torch.equal(output.features["skeleton"].map, inputs["skeleton"].map)
    assert output.features["rgb"] is inputs["rgb"]


def test_attention_by_hand():
    """What one joint reads, head by head."""
    inputs, module = make_inputs(), build()
    randomise(module)
    output = module(inputs, BATCH)
    person, time, joint = 1, 2, 5
    tokens = module.key_norm(inputs["rgb"].map[0].flatten(2).permute(1, 2, 0))  # sample 3: [T', N, C]
    keys = (module.key(tokens) + module.video_times + module.places).flatten(0, 1)
    values = module.value(tokens).flatten(0, 1)
    own = inputs["skeleton"].map[2, person, :, time, joint]
    query = module.query(module.query_norm(own)) + module.pose_times[time, 0] + module.joints[joint]
    read = []
    for head in (slice(0, 4), slice(4, 8)):
        weights = (keys[:, head] @ query[head] / 2).softmax(0)  # √4
        read.append(weights @ values[:, head])
    expected = own + module.out(torch.cat(read))
    torch.testing.assert_close(output.features["skeleton"].map[2, person, :, time, joint], expected)


@pytest.mark.parametrize(("axes", "map_axes", "places"), [("BCTHW", "BVTHW", (2, 3)), ("BTNC", "BVTN", (6,))])
def test_weights_sum_to_one(axes: str, map_axes: str, places: tuple[int, ...]):
    inputs, module = make_inputs(axes), build(axes)
    randomise(module)
    attention = module(inputs, BATCH).maps["joints"]
    assert attention.axes == map_axes
    assert attention.weights.shape == (3, 7, 2, *places)
    torch.testing.assert_close(attention.weights.flatten(2).sum(2), torch.ones(3, 7))
    assert attention.driven.tolist() == [True, False, True]
    torch.testing.assert_close(attention.weights[1], torch.full((7, 2, *places), 1 / 12))


def test_tokens_are_places_in_order():
    """A map and the same map as tokens give the same features and weights."""
    inputs, module, by_tokens = make_inputs(), build(), build("BTNC")
    randomise(module)
    by_tokens.load_state_dict(module.state_dict())
    video = inputs["rgb"]
    tokens = type(video)(video.rows, video.map.flatten(3).permute(0, 2, 3, 1), video.valid, "BTNC")
    output, expected = by_tokens({**inputs, "rgb": tokens}, BATCH), module(inputs, BATCH)
    torch.testing.assert_close(output.features["skeleton"].map, expected.features["skeleton"].map)
    weights = output.maps["joints"].weights.unflatten(3, (2, 3))
    torch.testing.assert_close(weights, expected.maps["joints"].weights)


def test_training_makes_no_map():
    assert not build().train()(make_inputs(), BATCH).maps


def test_sample_without_video_ignores_it():
    inputs, module = make_inputs(), build()
    randomise(module)
    output = module(inputs, BATCH)
    assert torch.equal(output.features["skeleton"].map[1], inputs["skeleton"].map[1])
    output.features["skeleton"].map[1].sum().backward()
    assert not inputs["rgb"].map.grad.any()


def test_every_parameter_gets_a_gradient():
    inputs, module = make_inputs(), build()
    randomise(module)
    module(inputs, BATCH).features["skeleton"].map.square().sum().backward()
    without_gradient = [name for name, p in module.named_parameters() if not (p.grad != 0).any()]
    assert not without_gradient
    assert gradient_rows(inputs["rgb"].map) == [True, False, True]  # sample 2 has no pose


def test_order_of_persons_is_free():
    inputs, module = make_inputs(), build()
    randomise(module)
    pose = inputs["skeleton"]
    swapped = module({**inputs, "skeleton": pose.with_map(pose.map.flip(1))}, BATCH)
    expected = module(inputs, BATCH)
    torch.testing.assert_close(swapped.features["skeleton"].map.flip(1), expected.features["skeleton"].map)
    torch.testing.assert_close(swapped.maps["joints"].weights, expected.maps["joints"].weights)


def test_invalid_times_are_not_read():
    inputs, module = make_inputs(), build()
    randomise(module)
    inputs["rgb"].valid[:, 1] = False
    weights = module(inputs, BATCH).maps["joints"].weights
    assert not weights[[0, 2], :, 1].any()


@pytest.mark.parametrize("absent", ["rgb", "skeleton"])
def test_absent_stream_passes_through(absent: str):
    inputs = make_inputs()
    del inputs[absent]
    assert build()(inputs, BATCH).features is inputs


def test_skeleton_without_joints_is_refused():
    shapes = {"rgb": FeatureShape("BTNC", (2, 6, 5)), "skeleton": FeatureShape("BC", (4,))}
    with pytest.raises(InputError, match=r"map of stream 'skeleton' of JointCrossAttention.pose must have axes BMCTV"):
        JointCrossAttention(shapes=shapes, video="rgb", pose="skeleton")
    with pytest.raises(InputError, match=r"JointCrossAttention.channels must divide into 3 heads, got 8"):
        build(heads=3)
