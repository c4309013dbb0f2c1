"""Contract of the adapters, for RGB and for flow, with published costs."""

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

from modalities.video_encoders import Mmaction2Video, TorchvisionVideo, adapters

FC_400 = 513 * 400  # torchvision's published counts include a 400-way classifier
RESNET_18 = ((8, 32, 32), (512, 1, 2, 2))

CASES = {
    "r2plus1d_18": Case(
        partial(TorchvisionVideo, network="r2plus1d_18"), *RESNET_18, 31_505_325, (16, 112, 112), 40.519, FC_400
    ),
    "r3d_18": Case(partial(TorchvisionVideo, network="r3d_18"), *RESNET_18, 33_371_472, (16, 112, 112), 40.697, FC_400),
    "mc3_18": Case(
        partial(TorchvisionVideo, network="mc3_18"),
        *((2, 32, 32), (512, 2, 2, 2)),
        *(11_695_440, (16, 112, 112), 43.343, FC_400),
    ),
    "s3d": Case(
        partial(TorchvisionVideo, network="s3d"),
        *((16, 64, 64), (1024, 2, 2, 2)),
        *(8_320_048, (16, 224, 224), 17.979, 1025 * 400),
    ),
    "slowonly_r50": Case(
        partial(Mmaction2Video, backbone="slowonly_r50"),
        *((2, 64, 64), (2048, 2, 2, 2)),
        *(31_634_496, (4, 224, 224), 20.870),
    ),
    "posec3d": Case(  # published with 17 input channels, see test_mmaction2_video.py
        partial(Mmaction2Video, backbone="posec3d"),
        *((4, 16, 16), (512, 2, 2, 2)),
        *(1_972_128, (48, 56, 56), 12.326),
    ),
    "x3d": Case(
        partial(Mmaction2Video, backbone="x3d"),
        *((4, 64, 64), (432, 4, 2, 2)),
        *(2_089_986, (13, 160, 160), 1.961),
    ),
}


def test_every_encoder_has_a_case():
    classes = {getattr(adapters, name) for name in adapters.__all__}
    assert {case.build.func for case in CASES.values()} == classes
