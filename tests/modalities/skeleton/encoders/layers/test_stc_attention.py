import pytest
import torch
from torch import nn

from triad.modalities.skeleton.encoders.layers import StcAttention


@pytest.mark.parametrize("joints", [15, 16])
def test_attentions_act_in_turn(joints: int) -> None:
    """Each attention reads the map that the previous one left."""
    torch.manual_seed(0)
    attention = StcAttention(8, joints)
    for parameter in attention.parameters():
        nn.init.normal_(parameter, std=0.5)
    x = torch.randn(2, 8, 5, joints)
    y = x * (1 + attention.joints(x.mean(2)).sigmoid()[:, :, None])
    y = y * (1 + attention.times(y.mean(3)).sigmoid()[..., None])
    y = y * (1 + attention.excite(attention.squeeze(y.mean((2, 3))).relu()).sigmoid()[:, :, None, None])
    torch.testing.assert_close(attention(x), y, atol=1e-5, rtol=1e-5)


def test_times_and_channels_start_uniform() -> None:
    attention = StcAttention(8, 15)
    x = torch.randn(2, 8, 5, 15)
    joint = 1 + attention.joints(x.mean(2)).sigmoid()[:, :, None]
    torch.testing.assert_close(attention(x), x * joint * 1.5 * 1.5)
