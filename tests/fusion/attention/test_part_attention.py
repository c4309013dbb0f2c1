from __future__ import annotations

import pytest
import torch

from triad.fusion.attention import PartAttention
from triad.fusion.models import FeatureShape, StreamFeatures
from triad.modalities.checks import InputError

PARTS = ("left_hand", "right_hand", "body")
BATCH = {"number": torch.zeros(3)}
SHAPE = FeatureShape("BCTHW", (4, 2, 3, 3))
SHAPES = {**dict.fromkeys(PARTS, SHAPE), "pose": FeatureShape("BC", (6,))}


def make_attention(*, trained: bool = True, **options) -> PartAttention:
    torch.manual_seed(0)
    module = PartAttention(shapes=SHAPES, body_parts=PARTS, pose="pose", **options)
    if trained:
        torch.nn.init.normal_(module.score.weight)
    return module


def make_features(**rows: list[int]) -> dict[str, StreamFeatures]:
    """Random features of streams for the samples that each has, the same ones for a sample whatever others have."""
    generator = torch.Generator().manual_seed(1)
    maps = {stream: torch.randn(3, 4, 2, 3, 3, generator=generator) for stream in PARTS}
    maps["pose"] = torch.randn(3, 6, generator=generator)
    return {
        name: StreamFeatures(
            torch.tensor(numbers), maps[name][numbers], torch.ones(len(numbers), 2) > 0, SHAPES[name].axes
        )
        for name, numbers in rows.items()
    }


def features_of(streams, rows: list[int]) -> dict[str, StreamFeatures]:
    return make_features(**{name: rows for name in streams})


def everything() -> dict[str, StreamFeatures]:
    return features_of((*PARTS, "pose"), [0, 1, 2])


def test_untrained_attention_is_the_mean():
    features = everything()
    output = make_attention(trained=False)(features, BATCH)
    assert torch.equal(output.maps["parts"].weights, torch.full((3, 3), 1 / 3))
    expected = torch.stack([features[stream].map for stream in PARTS]).mean(0)
    torch.testing.assert_close(output.features["body"].map, expected)


def test_published_number_of_parameters():
    """Dense 512 → 128 and 128 → 3 behind the skeleton LSTM."""
    module = PartAttention(shapes={**SHAPES, "pose": FeatureShape("BC", (512,))}, body_parts=PARTS, pose="pose")
    assert sum(parameter.numel() for parameter in module.parameters()) == 65664 + 387


def test_weights_are_named_and_sum_to_one():
    attention = make_attention()(everything(), BATCH).maps["parts"]
    torch.testing.assert_close(attention.weights.sum(1), torch.ones(3))
    assert (attention.weights.std(0) > 0).all()  # they depend on the sample
    assert attention.names == PARTS
    assert attention.axes == "BN"


def test_concatenation_keeps_parts_apart():
    module = make_attention(fusion="concat")
    features = everything()
    output = module(features, BATCH)
    assert module.out_shapes["body"].sizes == (12, 2, 3, 3)
    weight = output.maps["parts"].weights[:, 1, None, None, None, None]
    torch.testing.assert_close(output.features["body"].map[:, 4:8], features["right_hand"].map * weight)


def test_rows_are_matched():
    module = make_attention()
    whole = module(everything(), BATCH)
    features = make_features(left_hand=[0, 2], right_hand=[1, 2], body=[2, 1], pose=[2, 0])
    output = module(features, BATCH)
    assert output.features["body"].rows.tolist() == [0, 1, 2]
    weights = output.maps["parts"].weights
    assert weights[0].tolist() == [1, 0, 0]  # sample 0 has one part
    assert weights[1].tolist() == [0, 0.5, 0.5]  # sample 1 has no pose and two parts
    torch.testing.assert_close(output.features["body"].map[2], whole.features["body"].map[2])
    assert output.maps["parts"].driven.tolist() == [True, False, True]


def test_absent_pose_has_no_gradient():
    features = make_features(**{stream: [0, 1] for stream in PARTS}, pose=[0])
    pose = features["pose"].map.requires_grad_()
    output = make_attention()(features, BATCH).features["body"].map
    output[1].sum().backward(retain_graph=True)
    assert not pose.grad.any()
    output[0].square().sum().backward()
    assert pose.grad.any()


def test_every_parameter_gets_a_gradient():
    module = make_attention()
    module(everything(), BATCH).features["body"].map.square().sum().backward()
    assert all(parameter.grad.any() for parameter in module.parameters())


@pytest.mark.parametrize("streams", [(), ("pose",), ("body",), PARTS])
def test_missing_streams_come_through(streams):
    output = make_attention()(features_of(streams, [0, 2]), BATCH)
    assert ("body" in output.features) == ("body" in streams)


def test_misfit_streams_are_refused():
    with pytest.raises(InputError, match=r"PartAttention.body_parts must name at least two different streams"):
        PartAttention(shapes=SHAPES, body_parts=("body",), pose="pose")
    shapes = {**SHAPES, "body": FeatureShape("BCTHW", (8, 2, 3, 3))}
    with pytest.raises(InputError, match=r"maps of PartAttention.body_parts must have one shape"):
        PartAttention(shapes=shapes, body_parts=PARTS, pose="pose")
