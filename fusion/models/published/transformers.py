"""Published figures of video transformers."""

from __future__ import annotations

from fusion.models.published.record import Published

_KINETICS = 400
_TIMESFORMER = "Bertasius et al. 2021, TimeSformer; counted in mmaction2"
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
)
