from __future__ import annotations

from functools import partial

import pytest
import torch
from stream_features import batch_of, make_features
from tiny_recognizer import build_recognizer, compute_losses, make_batch
from torch import nn

from triad.fusion.attention import ConvFusion
from triad.fusion.models import FeatureShape
from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.meta_device import build_on_meta
from triad.modalities.video_encoders import TorchvisionImage

SHAPES = {"rgb": FeatureShape("BCTHW", (4, 3, 5, 5)), "flow": FeatureShape("BCTHW", (4, 3, 5, 5))}
STREAMS = {"first": "rgb", "second": "flow"}
SUM = {"initial": "sum", "pool": None}


def build(**options: object) -> ConvFusion:
    torch.manual_seed(0)
    return ConvFusion(shapes=SHAPES, **STREAMS, **options).eval()


def test_3d_fused_network_has_39_million_parameters():
    """Carreira & Zisserman 2017: two Inception-V1 and the convolution, for 400 classes."""
    shape = FeatureShape("BCTHW", (1024, 5, 7, 7))
    shapes = {"rgb": shape, "flow": shape}
    fusion = build_on_meta(partial(ConvFusion, shapes=shapes, **STREAMS, channels=512))
    rgb, flow = (
        build_on_meta(partial(TorchvisionImage, network="googlenet", in_channels=channels)) for channels in (3, 20)
    )
    assert fusion.layers[0].weight.numel() == 28_311_552
    assert round(count_parameters(rgb, flow, fusion, nn.Linear(512, 400)) / 1e6, 1) == 39.8  # printed as 39
    assert fusion.out_shapes["rgb"].sizes == (512, 3, 4, 4)


@pytest.mark.parametrize("kernel", [1, 3])
def test_initial_sum_by_hand(kernel: int):
    module = build(**SUM, kernel=kernel)
    features = make_features(SHAPES, {"rgb": [0, 1], "flow": [1, 0]})
    fused = module(features, batch_of(2)).features["rgb"]
    torch.testing.assert_close(fused.map, (features["rgb"].map + features["flow"].map.flip(0)).relu())


def test_missing_stream_counts_as_zeros():
    module = build(**SUM)
    features = make_features(SHAPES, {"rgb": [0], "flow": [2]})
    fused = module(features, batch_of(3)).features["rgb"]
    assert fused.rows.tolist() == [0, 2]
    torch.testing.assert_close(fused.map, torch.cat([features["rgb"].map, features["flow"].map]).relu())
    fused.map[0].sum().backward()
    assert not features["flow"].map.grad.any()
    alone = module({"flow": features["flow"]}, batch_of(3)).features["rgb"]
    torch.testing.assert_close(alone.map[0], fused.map[1])


def test_second_map_of_other_size_is_resized():
    shapes = {**SHAPES, "flow": FeatureShape("BCTHW", (4, 6, 10, 10))}
    module = ConvFusion(shapes=shapes, **STREAMS, **SUM)
    features = make_features(shapes, {"rgb": [0], "flow": [0]})
    expected = features["rgb"].map + nn.functional.avg_pool3d(features["flow"].map, 2)
    torch.testing.assert_close(module(features, batch_of(1)).features["rgb"].map, expected.relu())


def test_pool_halves_sizes_and_validity():
    features = make_features(SHAPES, {"rgb": [0], "flow": [0]})
    for name in SHAPES:
        features[name].valid[:, 1:] = False
    fused = build().forward(features, batch_of(1)).features["rgb"]
    assert fused.map.shape == (1, 4, 2, 3, 3)
    assert fused.valid.tolist() == [[True, False]]


def test_every_parameter_gets_a_gradient():
    model = build_recognizer(attention=[{"type": ConvFusion, **STREAMS}], heads={"flow": None}, fused="rgb").train()
    assert model.heads["rgb"].fc.in_features == 4
    sum(compute_losses(model, make_batch({"rgb": [True, False, True], "flow": [True] * 3})).values()).backward()
    assert all((parameter.grad != 0).any() for parameter in model.parameters())


@pytest.mark.parametrize("absent", ["rgb", "flow"])
def test_absent_stream_trains(absent: str):
    model = build_recognizer(attention=[{"type": ConvFusion, **STREAMS}], heads={"flow": None}, fused="rgb").train()
    batch = make_batch({name: [name != absent] * 2 for name in ("rgb", "flow")})
    sum(compute_losses(model, batch).values()).backward()
    assert all(parameter.grad is not None for parameter in model.parameters())
    with torch.no_grad():
        predictions = model.eval()(**model.data_preprocessor(batch, False), mode="predict")
    assert all((prediction["fused"] != prediction["fused"][0]).any() for prediction in predictions)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"initial": "mean"}, "ConvFusion.initial must be one of random, sum, got 'mean'"),
        ({"initial": "sum", "channels": 8}, "must have equal channels to be added, got 4, 4 and 8"),
        ({"kernel": 2}, "ConvFusion.kernel and pool must be odd, got 2 and 3"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        build(**options)
