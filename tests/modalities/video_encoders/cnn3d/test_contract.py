"""Contract of the convolutional networks, for RGB and for flow, with published costs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

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

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders import (
    C3d,
    ConvNet3d,
    CorrNet,
    InceptionI3d,
    MfNet,
    P3d,
    ResNet3d,
    RgbPosePathway,
    S3dG,
    SmallR2Plus1d,
    cnn3d,
)
from triad.modalities.video_encoders.layers import (
    Cbam,
    Cgnl,
    NonLocal,
    PyramidNonLocal,
    SelfAttention3d,
    SqueezeExcitation,
)

I3D = dict(
    temporal_kernels={"conv1": 5, "layer1": 3, "layer2": (3, 1), "layer3": (3, 1), "layer4": (1, 3)},
    temporal_strides={"conv1": 2, "maxpool": 2, "pool2": 2},
)
"""Kernels and strides of ResNet-I3D."""


def resnet3d(
    parameters: int,
    thw: tuple[int, int, int],
    gmacs: float,
    *,
    block: dict[str, Any] | None = None,
    after: dict[str, Sequence[int]] | None = None,
    classes: int = 0,
    **options: Any,
) -> Case:
    """Case of a ResNet-50 with attention after some blocks; the small tests run 18 layers with one stage of it."""
    attention = block and dict.fromkeys(after or {}, block)
    small = partial(ResNet3d, depth=18, temporal_kernels={"layer3": 3}, attention=block and {"layer3": block})
    return Case(
        partial(ResNet3d, attention=attention, attention_after=after, **options),
        *((3, 64, 64), (512, 3, 2, 2), parameters, thw, gmacs, 2049 * classes),
        build_small=small,
    )


FIVE = {"layer2": (1, 3), "layer3": (1, 3, 5)}
ONE = {"layer3": (4,)}
ALL = {"layer1": range(3), "layer2": range(4), "layer3": range(6), "layer4": range(3)}
CASES = {
    "mfnet": Case(partial(MfNet), (4, 64, 64), (768, 2, 2, 2), 7_842_568, (16, 224, 224), 11.0451, 769 * 200),
    "p3d": Case(  # counted here, equal to the public port to PyTorch
        partial(P3d),
        *((16, 64, 64), (2048, 1, 2, 2)),
        *(66_492_240, (16, 160, 160), 18.4025, 2049 * 400),
        build_small=partial(P3d, layers=63),
    ),
    "s3dg": Case(  # counted here: S3D of torchvision, 8,320,048, and gates
        partial(S3dG), (16, 64, 64), (1024, 2, 2, 2), 8_320_048 + 1_219_328, (64, 224, 224), 71.9147, 1025 * 400
    ),
    "small": Case(partial(SmallR2Plus1d), (8, 32, 48), (64, 4, 2, 3), 218_832, (8, 84, 112), 0.13876),
    "rgb_pose_pathway_rgb": Case(
        partial(RgbPosePathway, pathway="rgb", lateral=False),
        *((2, 32, 32), (2048, 2, 1, 1)),
        *(31_757_436, (8, 224, 224), 41.740, 2049 * 60),
    ),
    "rgb_pose_pathway_pose": Case(
        partial(RgbPosePathway, pathway="pose", lateral=False),
        *((4, 16, 16), (512, 4, 2, 2)),
        *(2_024_860, (32, 56, 56), 11.333, 513 * 60),
        channels=(17,),
    ),
    "c3d": Case(
        partial(C3d),
        *((8, 32, 32), (512, 1, 2, 2)),
        *(78_409_573, (16, 112, 112), 38.547, 4097 * 101),
        build_small=partial(C3d, fc_channels=64),
    ),
    "convnet_3d": Case(  # published as 79 million
        partial(ConvNet3d),
        *((16, 32, 32), (512, 1, 2, 2)),
        *(79_645_520, (16, 112, 112), 19.8189, 4097 * 400),
        build_small=partial(ConvNet3d, fc_channels=64),
    ),
    "corrnet": Case(partial(CorrNet), (4, 64, 64), (2048, 1, 2, 2), 20_503_728, (32, 224, 224), 130.54, 2049 * 400),
    "inception_i3d": Case(
        partial(InceptionI3d), (16, 32, 32), (1024, 2, 1, 1), 12_697_264, (64, 224, 224), 111.153, 1025 * 400
    ),
    "resnet3d": resnet3d(24_327_632, (3, 224, 224), 12.261, classes=400),
    "resnet3d_i3d": resnet3d(28_043_472, (32, 224, 224), 33.127, classes=400, **I3D),
    **{
        f"resnet3d_{mode}": resnet3d(
            *(parameters, (32, 224, 224), gmacs),
            **I3D,
            block={"type": NonLocal, "mode": mode},
            after=FIVE,
            classes=400,
        )
        for mode, parameters, gmacs in (
            ("gaussian", 31_723_728, 41.722),
            ("embedded_gaussian", 35_397_840, 44.338),
            ("dot_product", 35_397_840, 44.338),
            ("concatenation", 35_397_840 + 2 * 2 * 256 + 3 * 2 * 512, 42.847),  # our count: a sum of two products
        )
    },
    # timm's seresnet50; the authors' 28.1 million and, of CBAM, 28.09 million
    "resnet3d_se": resnet3d(
        28_088_024, (1, 224, 224), 4.0897, block={"type": SqueezeExcitation}, after=ALL, classes=1000
    ),
    "resnet3d_cbam": resnet3d(
        28_089_624, (1, 224, 224), 4.0935, block={"type": Cbam, "mlp_bias": True}, after=ALL, classes=1000
    ),
    # our counts
    "resnet3d_cgnl": resnet3d(25_148_480, (8, 224, 224), 35.266, block={"type": Cgnl}, after=ONE),
    "resnet3d_pyramid": resnet3d(25_608_768, (8, 224, 224), 36.160, block={"type": PyramidNonLocal}, after=ONE),
    "resnet3d_attention": resnet3d(27_708_480, (8, 224, 224), 44.309, block={"type": SelfAttention3d}, after=ONE),
}


def test_every_encoder_has_a_case():
    classes = {getattr(cnn3d, name) for name in cnn3d.__all__}
    assert {case.build.func for case in CASES.values()} == classes


def test_registry_builds_by_class_and_name():
    for type_ in (SmallR2Plus1d, "SmallR2Plus1d", "triad.SmallR2Plus1d"):
        encoder = MODELS.build({"type": type_, "in_channels": 2})
        assert isinstance(encoder, SmallR2Plus1d)
        assert encoder.in_channels == 2
