"""Published figures of image networks on every frame, and of networks that relate frames."""

from __future__ import annotations

from fusion.models.published.record import Published

FRAME_LEVEL = (
    Published(
        *("TorchvisionImage", {"network": "resnet50"}, (3, 8, 224, 224), 400, 24_327_632, 32.697),
        "Wang et al. 2016, TSN; counted in mmaction2",
    ),
)
