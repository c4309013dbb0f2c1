from __future__ import annotations

import torch

from triad.modalities.video_encoders import Multiresolution, SingleFrame
from triad.modalities.video_encoders.frame_level.single_frame import FoveaAndContext


def test_published_maps_have_seven_by_seven_places():
    valid = torch.ones(1, 1, dtype=torch.bool)
    single = SingleFrame(full_channels=(8, 8))(torch.randn(1, 3, 1, 170, 170), valid)
    both = Multiresolution(full_channels=(8, 8))(torch.randn(1, 3, 1, 178, 178), valid)
    assert single.map.shape == (1, 256, 1, 7, 7)
    assert both.map.shape == (1, 512, 1, 7, 7)


def test_fovea_sees_the_centre_alone():
    torch.manual_seed(0)
    network = FoveaAndContext(3)
    frames = torch.randn(1, 3, 64, 64)
    border = frames.clone()
    border[:, :, :8] += 1.0
    change = (network(border) - network(frames)).abs().amax((0, 2, 3))
    assert change[:256].max() == 0
    assert change[256:].max() > 0
