from __future__ import annotations

import pytest
import torch
from tiny_recognizer import TinyVideo

from triad.fusion.attention import SkeletonGuidedRegions
from triad.fusion.models import FeatureShape, StreamFeatures
from triad.modalities.checks import InputError
from triad.modalities.skeleton.body_parts import EXTREMITIES
from triad.modalities.skeleton.layouts import get_layout

COCO = get_layout("coco17")
SHAPES = {"regions": FeatureShape("BCTHW", (3, 1, 10, 10)), "skeleton": FeatureShape("BMCTV", (1, 6, 5, 17))}


def make_module(**options) -> SkeletonGuidedRegions:
    torch.manual_seed(0)
    settings = {"regions": "regions", "skeleton": "skeleton", "layout": "coco17", "encoder": {"type": TinyVideo}}
    return SkeletonGuidedRegions(shapes=SHAPES, **{**settings, **options}).eval()


def make_features(skeleton: list[int]) -> dict[str, StreamFeatures]:
    generator = torch.Generator().manual_seed(1)
    picture = torch.randn(2, 3, 1, 10, 10, generator=generator)
    features = {"regions": StreamFeatures(torch.arange(2), picture, torch.ones(2, 1) > 0, "BCTHW")}
    maps = torch.randn(2, 2, 6, 5, 17, generator=generator)
    if skeleton:
        valid = torch.ones(len(skeleton), 2, 5) > 0
        features["skeleton"] = StreamFeatures(torch.tensor(skeleton), maps[skeleton], valid, "BMCTV")
    return features


def test_weights_by_hand():
    joints = torch.zeros(1, 2, 6, 5, 17)
    joints[0, 1, :2, 0, COCO.index("left_wrist")] = torch.tensor([3.0, 4.0])  # norm 5, the highest
    joints[0, 1, 0, 2:4, COCO.index("right_ankle")] = torch.tensor([1.0, 2.0])
    weights = make_module(top_times=0.4).weights(joints)[0]
    expected = {"head": 0.0, "right_hand": 0.0, "left_hand": 1.0, "right_foot": 0.6, "left_foot": 0.0}
    assert dict(zip(EXTREMITIES, weights.tolist(), strict=True)) == pytest.approx(expected)  # means of two times


def test_weight_multiplies_its_row():
    module = make_module()
    features = make_features([0, 1])
    output = module(features, {})
    weights = output.maps["regions"].weights
    picture = features["regions"].map.clone()
    for row in range(5):
        picture[..., 2 * row : 2 * row + 2, :] *= weights[:, row, None, None, None, None]
    torch.testing.assert_close(output.features["regions"].map, module.encoder(picture, None).map)
    assert output.maps["regions"].names == tuple(EXTREMITIES)


def test_sample_without_skeleton_keeps_its_picture():
    module = make_module()
    whole = module(make_features([0, 1]), {}).features["regions"].map
    features = make_features([1])
    output = module(features, {})
    plain = module.encoder(features["regions"].map, None).map
    torch.testing.assert_close(output.features["regions"].map[0], plain[0])
    torch.testing.assert_close(output.features["regions"].map[1], whole[1])
    assert output.maps["regions"].driven.tolist() == [False, True]
    torch.testing.assert_close(module(make_features([]), {}).features["regions"].map, plain)


def test_persons_in_any_order():
    module = make_module()
    joints = torch.randn(2, 3, 6, 5, 17)
    assert torch.equal(module.weights(joints), module.weights(joints.flip(1)))


def test_skeleton_has_no_gradient():
    features = make_features([0, 1])
    joints = features["skeleton"].map.requires_grad_()
    module = make_module().train()
    output = module(features, {}).features["regions"].map
    output.square().sum().backward()
    assert joints.grad is None
    assert all(parameter.grad is not None for parameter in module.parameters())


def test_shape_is_the_encoders():
    assert make_module().out_shapes["regions"].sizes == (4, 1, 10, 10)


def test_misfit_is_refused():
    with pytest.raises(InputError, match=r"map of stream 'skeleton' of .*skeleton must keep the 25 joints of 'ntu25'"):
        make_module(layout="ntu25")
    with pytest.raises(InputError, match=r"SkeletonGuidedRegions.top_times must be a share in \(0, 1\], got 0"):
        make_module(top_times=0)
