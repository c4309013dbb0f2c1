"""Contract of the video transformers, for RGB and for flow, with published costs."""

from __future__ import annotations

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

from triad.modalities.encoder import Encoder
from triad.modalities.video_encoders import (
    FactorisedAttentionViViT,
    FactorisedEncoderViViT,
    JointViViT,
    TimeSformer,
    TimmImage,
    TorchvisionImage,
    Vtn,
    transformers,
)
from triad.modalities.video_encoders.temporal import SequenceNetwork

SMALL: dict[str, Any] = dict(image_size=32, channels=16, depth=2, heads=2, drop_path=0.0)


def timesformer(attention: str, parameters: int, gmacs: float) -> Case:
    return Case(
        partial(TimeSformer, attention=attention),
        *((2, 32, 48), (2, 6, 16)),
        *(parameters, (8, 224, 224), gmacs),
        build_small=partial(TimeSformer, attention=attention, num_frames=2, **SMALL),
    )


def vivit(model: type[Encoder], parameters: int, gmacs: float) -> Case:
    return Case(
        partial(model),
        *((4, 32, 48), (2, 6, 16)),
        *(parameters, (32, 224, 224), gmacs),
        build_small=partial(model, num_frames=4, **SMALL),
    )


CASES = {
    "timesformer": timesformer("divided_space_time", 121_258_752, 195.830),
    "timesformer_joint": timesformer("joint_space_time", 85_804_800, 179.563),
    "timesformer_space": timesformer("space_only", 85_798_656, 140.505),
    "vivit_joint": vivit(JointViViT, 88_646_400, 451.524),
    "vivit_factorised_encoder": vivit(FactorisedEncoderViViT, 114_755_328, 283.342),
    "vivit_factorised_attention": vivit(FactorisedAttentionViViT, 117_011_712, 371.094),
    "vtn": Case(  # the paper prints 4,218G for 250 frames, where the products of attention are left out
        partial(Vtn, frames=dict(type=TorchvisionImage, network="vit_b_16")),
        *((4, 32, 32), (192, 4)),
        *(113_194_752, (16, 224, 224), 281.434),
        build_small=partial(
            Vtn, frames=dict(type=TimmImage, network="vit_tiny_patch16_224", image_size=(32, 32)), dropout=0.0
        ),
    ),
}


def test_every_encoder_has_a_case():
    classes = {getattr(transformers, name) for name in transformers.__all__}
    of_clips = {class_ for class_ in classes if not issubclass(class_, SequenceNetwork)}
    assert {case.build.func for case in CASES.values()} == of_clips
