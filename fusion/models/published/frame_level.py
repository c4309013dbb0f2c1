"""Published figures of image networks on every frame, and of networks that relate frames."""

from __future__ import annotations

from triad.fusion.models.published.record import Published

FRAME_LEVEL = (
    Published(
        *("TorchvisionImage", {"network": "resnet50"}, (3, 8, 224, 224), 400, 24_327_632, 32.697),
        "Wang et al. 2016, TSN; counted in mmaction2",
    ),
    Published(
        *("Tsm", {"network": "resnet50"}, (3, 8, 224, 224), 400, 24_327_632, 32.697),
        "Lin et al. 2019, TSM; counted in mmaction2",
    ),
    Published(
        *("Trn", {"network": "resnet50"}, (3, 8, 224, 224), 174, 26_641_154, 32.697),
        "Zhou et al. 2018, TRN; parameters counted in mmaction2, MACs those of its ResNet-50 alone",
        "one linear head over all scales has one bias a class, where seven classifiers have seven",
    ),
    Published(
        *("CnnM2048", {}, (3, 1, 224, 224), 101, 90_627_813, 1.664),
        "Simonyan & Zisserman 2014, two-stream network, spatial stream on UCF101; summed over its layers",
    ),
    Published(
        *("CnnM2048", {"second_norm": False}, (20, 1, 224, 224), 101, 90_707_781, 2.614),
        "Simonyan & Zisserman 2014, two-stream network, temporal stream on UCF101; summed over its layers",
    ),
)
