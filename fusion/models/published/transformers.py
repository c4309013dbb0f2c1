"""Published figures of video transformers."""

from __future__ import annotations

from fusion.models.published.record import Published

_KINETICS = 400
_TIMESFORMER = "Bertasius et al. 2021, TimeSformer; counted in mmaction2"
_VIVIT = "Arnab et al. 2021, ViViT-B/16x2"
_ROUNDED = "the paper prints 0.1 million parameters, and up to 0.8 % more operations than products of matrices"
_CLIP_32 = (3, 32, 224, 224)
_CLIP_8 = (3, 8, 224, 224)

TRANSFORMERS = (
    Published("TimeSformer", {}, _CLIP_8, _KINETICS, 121_566_352, 195.830, _TIMESFORMER),
    Published(
        *("TimeSformer", {"attention": "joint_space_time"}, _CLIP_8, _KINETICS, 86_112_400, 179.563),
        _TIMESFORMER,
    ),
    Published(
        *("TimeSformer", {"attention": "space_only"}, _CLIP_8, _KINETICS, 86_106_256, 140.505),
        _TIMESFORMER,
    ),
    Published("JointViViT", {}, _CLIP_32, _KINETICS, 88_900_000, 455.2, f"{_VIVIT}, model 1", _ROUNDED),
    Published(
        *("FactorisedEncoderViViT", {}, _CLIP_32, _KINETICS, 115_100_000, 284.4),
        *(f"{_VIVIT}, model 2", _ROUNDED),
    ),
    Published(
        *("FactorisedAttentionViViT", {}, _CLIP_32, _KINETICS, 117_300_000, 372.3),
        *(f"{_VIVIT}, model 3", _ROUNDED),
    ),
)
