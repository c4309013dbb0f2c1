from __future__ import annotations

import torch
from torch import nn

from triad.modalities.cost import TOTAL, count_macs
from triad.modalities.video_encoders.layers import NonLocal, PyramidNonLocal
from triad.modalities.video_encoders.layers.pyramid_non_local import mean_of_regions, repeat_regions


def test_one_place_a_region_is_non_local() -> None:
    single = NonLocal(channels=8, sub_sample=False).eval()
    pyramid = PyramidNonLocal(channels=8, regions=((1, 1, 1),)).eval()
    for parameter in single.parameters():
        nn.init.normal_(parameter, std=0.5)
    pyramid.load_state_dict(single.state_dict())
    data = torch.randn(2, 8, 3, 4, 5)
    torch.testing.assert_close(pyramid(data).map, single(data).map)
    torch.testing.assert_close(pyramid(data).weights["read_0"], single(data).weights["read"])


def test_regions_by_hand() -> None:
    data = torch.tensor([1.0, 3.0, 5.0]).reshape(1, 1, 1, 1, 3)
    means = mean_of_regions(data, (1, 1, 2))
    assert means.flatten().tolist() == [2.0, 5.0]
    assert repeat_regions(means, (1, 1, 2), (1, 1, 3)).flatten().tolist() == [2.0, 2.0, 5.0]


def test_levels_add_up() -> None:
    """On a constant map every region reads the same value: two levels give twice the value of ``g``."""
    block = PyramidNonLocal(channels=4, regions=((1, 2, 2), (2, 3, 3))).eval()
    nn.init.ones_(block.bn.weight)
    data = torch.randn(1, 4, 1, 1, 1).expand(-1, -1, 3, 5, 5)
    expected = data + block.bn(block.out(2 * block.g(data)))
    torch.testing.assert_close(block(data).map, expected)


def test_costs_less_than_non_local() -> None:
    data = torch.zeros(1, 64, 4, 14, 14)
    single = count_macs(NonLocal(channels=64), data)[TOTAL]
    assert count_macs(PyramidNonLocal(channels=64), data)[TOTAL] < 0.8 * single
