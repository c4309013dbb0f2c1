from __future__ import annotations

import pytest
from torch import nn

from triad.modalities.video_encoders.layers import replace_input_conv


@pytest.mark.parametrize("kind", [nn.Conv2d, nn.Conv3d])
@pytest.mark.parametrize("bias", [True, False])
def test_new_convolution_keeps_its_shape(kind: type[nn.Conv2d] | type[nn.Conv3d], bias: bool):
    network = nn.Sequential(nn.Sequential(kind(3, 8, 5, 2, 1, bias=bias)))
    replace_input_conv(network, "0.0", 20)
    conv = network[0][0]
    assert isinstance(conv, kind)
    assert conv.in_channels == 20
    assert (conv.out_channels, conv.stride, conv.padding) == (
        8,
        (2,) * (conv.weight.ndim - 2),
        (1,) * (conv.weight.ndim - 2),
    )
    assert conv.weight.shape[2:] == (5,) * (conv.weight.ndim - 2)
    assert (conv.bias is not None) == bias


def test_another_module_is_refused():
    with pytest.raises(TypeError, match="'0' must be a convolution, got ReLU"):
        replace_input_conv(nn.Sequential(nn.ReLU()), "0", 2)
