import pytest
import torch
from torch import nn
from torch.nn import functional as F

from triad.modalities.checks import InputError
from triad.modalities.skeleton.encoders.layers import branched_tcn, multi_scale_tcn


def test_branches_by_the_formula() -> None:
    """Each branch on its own channels: 1×1 convolution, norm, ReLU, then a dilated convolution or a pooling."""
    torch.manual_seed(0)
    layer = branched_tcn(6, 8, kernel=5, dilations=(1, 2), stride=2).eval()
    for norm in (layer.reduce_norm, layer.norm):
        nn.init.uniform_(norm.weight, 0.5, 1.5)
    x = torch.randn(2, 6, 7, 3)
    reduced = layer.reduce_norm(layer.reduce(x)).relu()  # 2 + 2 + 2 channels
    branches = [layer.dilated[0](reduced[:, :2]), layer.dilated[1](reduced[:, 2:4])]
    branches += [F.max_pool2d(reduced[:, 4:], (3, 1), stride=(2, 1), padding=(1, 0)), layer.plain(x)]
    torch.testing.assert_close(layer(x), layer.norm(torch.cat(branches, 1)))
    assert layer(x).shape == (2, 8, 4, 3)


def test_uneven_branches_are_refused() -> None:
    with pytest.raises(InputError, match="channels of parallel convolutions over time must be a multiple of 6, got 20"):
        branched_tcn(3, 20)


def test_multi_scale_branches_share_the_channels() -> None:
    branches = multi_scale_tcn(16, 64, stride=2)[0]
    assert branches.widths == [14, 10, 10, 10, 10]  # the fifth is the pooling
    assert [conv.dilation for conv in branches.dilated] == [(1, 1), (2, 1), (3, 1), (4, 1)]
    assert branches.plain.out_channels == 10
    assert multi_scale_tcn(16, 64, stride=2)(torch.zeros(1, 16, 5, 3)).shape == (1, 64, 3, 3)
