from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
import torch
from stream_features import batch_of, make_features
from tiny_recognizer import build_recognizer, compute_losses, make_batch

from triad.fusion.attention import AttentionBottleneck
from triad.fusion.attention.attention_bottleneck import mean_of_streams
from triad.fusion.models import FeatureShape
from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.meta_device import build_on_meta

SHAPES = {
    "rgb": FeatureShape("BCTHW", (6, 2, 3, 4)),
    "tokens": FeatureShape("BTNC", (2, 5, 7)),
    "track": FeatureShape("BCT", (3, 4)),
    "skeleton": FeatureShape("BMCTV", (1, 8, 3, 5)),
    "vector": FeatureShape("BC", (9,)),
}
EVERYONE = {stream: [0, 1] for stream in SHAPES}


def build(streams: tuple[str, ...] = tuple(SHAPES), **options: object) -> AttentionBottleneck:
    torch.manual_seed(0)
    return AttentionBottleneck(shapes=SHAPES, streams=streams, width=8, heads=2, **options).eval()


def test_maps_keep_their_axes():
    module = build()
    output = module(make_features(SHAPES, EVERYONE), batch_of(2))
    shapes = {stream: tuple(features.map.shape) for stream, features in output.features.items()}
    assert shapes == {
        "rgb": (2, 8, 2, 3, 4),
        "tokens": (2, 2, 5, 8),
        "track": (2, 8, 4),
        "skeleton": (2, 2, 8, 3, 5),
        "vector": (2, 8),
    }
    assert {stream: shape.channels for stream, shape in module.out_shapes.items()} == dict.fromkeys(SHAPES, 8)


def test_published_blocks_have_published_size():
    shapes = {"rgb": FeatureShape("BTNC", (16, 196, 768)), "audio": FeatureShape("BTNC", (1, 50, 768))}
    options = {"width": 768, "heads": 12, "depth": 12, "fusion_layer": 8}
    module = build_on_meta(partial(AttentionBottleneck, shapes=shapes, streams=tuple(shapes), **options))
    assert count_parameters(module.blocks) == 170_108_928
    assert module.bottlenecks.shape == (4, 768)


def test_bottleneck_is_mean_over_present_streams():
    first = torch.tensor([[[1.0]], [[3.0]]])
    second = torch.tensor([[[5.0]]])
    mean = mean_of_streams([first, second], [torch.tensor([0, 2]), torch.tensor([2])], 3)
    assert mean.flatten().tolist() == [1.0, 0.0, 4.0]


def test_missing_stream_has_no_influence():
    """The first sample lacks RGB: it is computed as if no sample had it, and RGB has no gradient from it."""
    module = build(("rgb", "skeleton"))
    features = make_features(SHAPES, {"rgb": [1], "skeleton": [0, 1]})
    skeleton = module(features, batch_of(2)).features["skeleton"].map
    alone = module({"skeleton": features["skeleton"]}, batch_of(2)).features["skeleton"].map
    torch.testing.assert_close(skeleton[0], alone[0])
    assert not torch.allclose(skeleton[1], alone[1])
    skeleton[0].square().sum().backward()
    assert (features["rgb"].map.grad == 0).all()


def test_streams_exchange_what_they_know():
    module = build(("rgb", "vector"))
    features = make_features(SHAPES, {"rgb": [0, 1], "vector": [1, 0]})
    module(features, batch_of(2)).features["vector"].map[0].square().sum().backward()
    gradient = features["rgb"].map.grad.flatten(1).abs().sum(1)
    assert gradient[0] == 0
    assert gradient[1] > 0  # the first vector is that of sample 1


def test_nothing_crosses_before_fusion_layer():
    module = build(("rgb", "vector"), depth=1)
    features = make_features(SHAPES, {"rgb": [0], "vector": [0]})
    module(features, batch_of(1)).features["vector"].map.square().sum().backward()
    assert features["rgb"].map.grad is None  # the only exchange is behind the only block


def test_invalid_times_and_persons_do_not_count():
    module = build(("rgb", "skeleton"), fusion_layer=1, depth=3)
    features = make_features(SHAPES, {"rgb": [0], "skeleton": [0]})
    features["rgb"].valid[:, 1] = False
    features["skeleton"].valid[:, 1] = False
    output = module(features, batch_of(1)).features
    loss = output["rgb"].map[:, :, 0].square().sum() + output["skeleton"].map[:, 0].square().sum()
    loss.backward()
    assert not features["rgb"].map.grad[:, :, 1].any()
    assert not features["skeleton"].map.grad[:, 1].any()


def test_order_of_persons_means_nothing():
    module = build(("rgb", "skeleton"))
    features = make_features(SHAPES, {"rgb": [0], "skeleton": [0]})
    swapped = replace(features["skeleton"], map=features["skeleton"].map.flip(1))
    first = module(features, batch_of(1)).features
    second = module({**features, "skeleton": swapped}, batch_of(1)).features
    torch.testing.assert_close(first["rgb"].map, second["rgb"].map)
    torch.testing.assert_close(first["skeleton"].map, second["skeleton"].map.flip(1))


def test_attention_sums_to_one():
    module = build(("rgb", "skeleton"))
    features = make_features(SHAPES, {"rgb": [0, 1], "skeleton": [1]})
    features["rgb"].valid[0, 1] = False
    maps = module(features, batch_of(2)).maps
    rgb, skeleton = maps["bottleneck of rgb"], maps["bottleneck of skeleton"]
    assert (rgb.axes, skeleton.axes) == ("BTHW", "BMTV")
    assert (rgb.weights.shape, skeleton.weights.shape) == ((2, 2, 3, 4), (1, 2, 3, 5))
    torch.testing.assert_close(rgb.weights.sum((1, 2, 3)), torch.ones(2))
    assert not rgb.weights[0, 1].any()
    torch.testing.assert_close(skeleton.weights.sum(), torch.tensor(1.0))
    assert rgb.driven.tolist() == [False, True]  # the first sample has no skeleton
    assert not module.train()(features, batch_of(2)).maps


def test_every_parameter_gets_a_gradient():
    model = build_recognizer(attention=[{"type": AttentionBottleneck, "streams": ["rgb", "flow"], "width": 8}])
    batch = make_batch({"rgb": [True, True, False], "flow": [True, False, True]})
    sum(compute_losses(model.train(), batch).values()).backward()
    assert all((parameter.grad != 0).any() for parameter in model.attention.parameters())


def test_clip_of_another_length_is_read():
    longer = {**SHAPES, "rgb": FeatureShape("BCTHW", (6, 3, 3, 4))}
    features = make_features(longer, {"rgb": [0], "vector": [0]})
    assert build(("rgb", "vector"))(features, batch_of(1)).features["rgb"].map.shape == (1, 8, 3, 3, 4)


@pytest.mark.parametrize("absent", ["rgb", "flow"])
def test_absent_stream_trains(absent: str):
    model = build_recognizer(attention=[{"type": AttentionBottleneck, "streams": ["rgb", "flow"], "width": 8}])
    batch = make_batch({name: [name != absent] * 2 for name in ("rgb", "flow")})
    sum(compute_losses(model.train(), batch).values()).backward()
    assert all(parameter.grad is not None for parameter in model.attention.parameters())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"streams": ("rgb",)}, r"streams must name at least two streams, got \('rgb',\)"),
        ({"streams": ("rgb", "depth")}, r"AttentionBottleneck.streams must be one of .*, got 'depth'"),
        ({"fusion_layer": 2}, r"fusion_layer must be 0 to 1, below its depth, got 2"),
        ({"bottlenecks": 0}, r"bottlenecks must be at least 1, got 0"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        build(**options)
