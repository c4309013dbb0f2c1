import pytest
import torch
from torch import nn

from triad.modalities.skeleton.encoders.layers import temporal_conv, unit_tcn


@pytest.mark.parametrize(("times", "stride", "expected"), [(7, 1, 7), (7, 2, 4), (6, 2, 3), (1, 2, 1)])
@pytest.mark.parametrize("dilation", [1, 3])
def test_number_of_times(times: int, stride: int, expected: int, dilation: int) -> None:
    conv = temporal_conv(4, 5, 5, stride=stride, dilation=dilation)
    assert conv(torch.zeros(2, 4, times, 3)).shape == (2, 5, expected, 3)


def test_kernel_covers_dilated_times() -> None:
    conv = temporal_conv(1, 1, 3, dilation=2)
    nn.init.ones_(conv.weight)
    pulse = torch.tensor([0.0, 0, 0, 1, 0, 0, 0]).view(1, 1, 7, 1)
    assert conv(pulse).flatten().tolist() == [0, 1, 0, 1, 0, 1, 0]


def test_unit_tcn_normalises_the_convolution() -> None:
    torch.manual_seed(0)
    layer, x = unit_tcn(4, dropout=0.5).eval(), torch.randn(2, 4, 12, 3)
    conv, norm, _ = layer
    torch.testing.assert_close(layer(x), norm(conv(x)))
    assert conv.kernel_size == (9, 1)
