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

from triad.modalities.video_encoders import (
    CnnM2048,
    ConvPooling,
    EarlyFusion,
    LateFusion,
    Multiresolution,
    SingleFrame,
    SlowFusion,
    Trn,
    Tsm,
    frame_level,
)

TRN_CLASSIFIER = (7 * 256 + 1) * 174
TRN_BIASES = 6 * 174  # the published network has a classifier with biases for each of seven scales; their sum is one

# Karpathy et al. publish no counts; these are the sums over their layers
CONV2 = 256 * 96 * 25
CONVS_3_TO_5 = (384 * 256 + 384 * 384 + 256 * 384) * 9
BIASES = 96 + 256 + 384 + 384 + 256
FULL = 256 * 49 * 4096 + 4096 * 4096
FULL_BIASES = 4096 + 4096
SINGLE_MACS = 54**2 * 96 * 3 * 121 + 27**2 * CONV2 + 14**2 * CONVS_3_TO_5  # of one frame, without the full layers
HALF_MACS = 27**2 * 96 * 3 * 121 + 14**2 * CONV2 + 7**2 * CONVS_3_TO_5  # at 89², without the last pool
SLOW_1_TO_3 = 96 * 3 * 121 * 4 + 256 * 96 * 25 * 2 + 384 * 256 * 9 * 2
SLOW_MACS = (
    4 * 54**2 * 96 * 3 * 121 * 4 + 2 * 27**2 * CONV2 * 2 + 14**2 * (CONVS_3_TO_5 + 384 * 256 * 9)  # the third spans two
)
NARROW = (32, 16)

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
    "cnn_m_2048": Case(
        partial(CnnM2048),
        *((2, 96, 96), (512, 2, 2, 2)),
        *(90_627_813, (1, 224, 224), 1.664, 2049 * 101),
        channels=(3, 2, 20),
        build_small=partial(CnnM2048, full6_channels=32, full7_channels=16),
    ),
    "cnn_m_2048_temporal": Case(
        partial(CnnM2048, second_norm=False),
        *((1, 96, 96), (512, 1, 2, 2)),
        *(90_707_781, (1, 224, 224), 2.614, 2049 * 101),
        channels=(20,),
        build_small=partial(CnnM2048, second_norm=False, full6_channels=32, full7_channels=16),
    ),
    "conv_pooling": Case(  # AlexNet without its last layer
        partial(ConvPooling),
        *((3, 64, 64), (256, 3, 1, 1)),
        *(61_100_840, (1, 224, 224), 0.714 - 4.096e-3, 4097 * 1000),
        build_small=partial(ConvPooling, full_channels=NARROW),
    ),
    "single_frame": Case(
        partial(SingleFrame),
        *((2, 64, 64), (256, 2, 3, 3)),
        96 * 3 * 121 + CONV2 + CONVS_3_TO_5 + BIASES + FULL + FULL_BIASES,
        *((1, 170, 170), (SINGLE_MACS + FULL) / 1e9),
        build_small=partial(SingleFrame, full_channels=NARROW),
    ),
    "early_fusion": Case(
        partial(EarlyFusion),
        *((10, 64, 64), (256, 1, 3, 3)),
        96 * 30 * 121 + CONV2 + CONVS_3_TO_5 + BIASES + FULL + FULL_BIASES,
        *((10, 170, 170), (SINGLE_MACS + 54**2 * 96 * 27 * 121 + FULL) / 1e9),
        build_small=partial(EarlyFusion, full_channels=NARROW),
    ),
    "late_fusion": Case(
        partial(LateFusion),
        *((2, 64, 64), (256, 2, 3, 3)),
        96 * 3 * 121 + CONV2 + CONVS_3_TO_5 + BIASES + FULL + 256 * 49 * 4096 + FULL_BIASES,
        *((2, 170, 170), (2 * SINGLE_MACS + FULL + 256 * 49 * 4096) / 1e9),
        build_small=partial(LateFusion, full_channels=NARROW),
    ),
    "late_fusion_mean": Case(
        partial(LateFusion, num_frames=3, merge="mean"),
        *((3, 64, 64), (256, 3, 3, 3)),
        96 * 3 * 121 + CONV2 + CONVS_3_TO_5 + BIASES,
        *((3, 170, 170), 3 * SINGLE_MACS / 1e9),
    ),
    "slow_fusion": Case(
        partial(SlowFusion),
        *((10, 64, 64), (256, 1, 3, 3)),
        SLOW_1_TO_3 + CONVS_3_TO_5 - 384 * 256 * 9 + BIASES + FULL + FULL_BIASES,
        *((10, 170, 170), (SLOW_MACS + FULL) / 1e9),
        build_small=partial(SlowFusion, full_channels=NARROW),
    ),
    "multiresolution": Case(
        partial(Multiresolution),
        *((2, 89, 89), (512, 2, 3, 3)),
        2 * (96 * 3 * 121 + CONV2 + CONVS_3_TO_5 + BIASES) + FULL + 256 * 49 * 4096 + FULL_BIASES,
        *((1, 178, 178), (2 * HALF_MACS + FULL + 256 * 49 * 4096) / 1e9),
        build_small=partial(Multiresolution, full_channels=NARROW),
    ),
}


def test_every_encoder_has_a_case():
    classes = {getattr(frame_level, name) for name in frame_level.__all__}
    assert {case.build.func for case in CASES.values()} == classes
