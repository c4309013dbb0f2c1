"""Contract of the convolutional networks, for RGB and for flow, with published costs."""

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

from modalities.registry import MODELS
from modalities.video_encoders import C3d, InceptionI3d, MfNet, P3d, S3dG, SmallR2Plus1d, cnn3d

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
    "c3d": Case(
        partial(C3d),
        *((8, 32, 32), (512, 1, 2, 2)),
        *(78_409_573, (16, 112, 112), 38.547, 4097 * 101),
        build_small=partial(C3d, fc_channels=64),
    ),
    "inception_i3d": Case(
        partial(InceptionI3d), (16, 32, 32), (1024, 2, 1, 1), 12_697_264, (64, 224, 224), 111.153, 1025 * 400
    ),
}


def test_every_encoder_has_a_case():
    classes = {getattr(cnn3d, name) for name in cnn3d.__all__}
    assert {case.build.func for case in CASES.values()} == classes


def test_registry_builds_by_class_and_name():
    for type_ in (SmallR2Plus1d, "SmallR2Plus1d", "triad.SmallR2Plus1d"):
        encoder = MODELS.build({"type": type_, "in_channels": 2})
        assert isinstance(encoder, SmallR2Plus1d)
        assert encoder.in_channels == 2
