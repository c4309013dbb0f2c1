"""Contract of the frame-level networks, for RGB and for flow, with published costs."""

from __future__ import annotations

from functools import partial

from video_contract import (  # noqa: F401
    Case,
    test_bfloat16_agrees,
    test_compiles,
    test_cost_is_published,
    test_map_and_gradients,
    test_other_channels_are_refused,
    test_sample_does_not_depend_on_batch,
    test_step_lowers_loss,
)

from modalities.video_encoders import Trn, Tsm, frame_level

TRN_CLASSIFIER = (7 * 256 + 1) * 174
TRN_BIASES = 6 * 174  # the published network has a classifier with biases for each of seven scales; their sum is one

CASES = {
    "tsm_r50": Case(
        partial(Tsm, network="resnet50"),
        *((3, 64, 64), (512, 3, 2, 2)),
        *(24_327_632, (8, 224, 224), 32.697, 2049 * 400),
        build_small=partial(Tsm, network="resnet18"),
    ),
    "tsm_mobilenet_v2": Case(
        partial(Tsm, network="mobilenet_v2"),
        *((2, 64, 64), (1280, 2, 2, 2)),
        *(3_504_872, (1, 224, 224), 0.2995, 1281 * 1000),
    ),
    "tsm_efficientnet_lite0": Case(
        partial(Tsm, network="tf_efficientnet_lite0"),
        *((2, 64, 64), (1280, 2, 2, 2)),
        *(4_652_008, (1, 224, 224), 0.3839, 1281 * 1000),
    ),
    "trn_r50": Case(
        partial(Trn, network="resnet50"),
        *((8, 32, 32), (512, 8, 1, 1)),
        *(26_641_154, (8, 224, 224), 32.697, TRN_CLASSIFIER + TRN_BIASES),
        build_small=partial(Trn, network="resnet18", dropout=0.0),
    ),
    "trn_single_r18": Case(
        partial(Trn, network="resnet18", num_frames=3, scales="single", dropout=0.0),
        *((3, 32, 32), (512, 3, 1, 1)),
        *(11_176_512 + 513 * 256 + 769 * 512, (3, 224, 224), 3 * 1.8136),
    ),
}


def test_every_encoder_has_a_case():
    classes = {getattr(frame_level, name) for name in frame_level.__all__}
    assert {case.build.func for case in CASES.values()} == classes
