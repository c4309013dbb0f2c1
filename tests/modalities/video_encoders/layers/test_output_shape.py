from __future__ import annotations

import torch
from torch import nn

from triad.modalities.video_encoders.layers import find_output_shape


def test_network_is_left_alone():
    network = nn.Sequential(nn.Conv2d(2, 6, 3, 2), nn.BatchNorm2d(6)).train()
    assert find_output_shape(network, (1, 2, 9, 13)) == (1, 6, 4, 6)
    assert network.training
    assert network[0].weight.device == torch.device("cpu")
    assert network[1].num_batches_tracked == 0
