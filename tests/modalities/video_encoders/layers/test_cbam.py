from __future__ import annotations

import pytest
import torch

from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders.layers import Cbam, fold_times, unfold_times


@pytest.mark.parametrize(
    ("channels", "mlp_bias", "parameters"),
    [(256, False, 8_292), (512, False, 32_868), (256, True, 8_564), (512, True, 33_412)],
)
def test_parameters_are_published(channels: int, mlp_bias: bool, parameters: int) -> None:
    assert count_parameters(Cbam(channels=channels, mlp_bias=mlp_bias)) == parameters


def test_weights_by_hand() -> None:
    """Mean 2 and maximum 3 of the one channel give sigmoid(2 + 3); the kernel passes the maximum over channels."""
    block = Cbam(channels=1, reduction=1).eval()
    with torch.no_grad():
        block.fc1.weight.fill_(1.0)
        block.fc2.weight.fill_(1.0)
        block.conv.weight.zero_()
        block.conv.weight[0, 1, 0, 3, 3] = 1.0
    data = torch.tensor([1.0, 3.0]).reshape(1, 1, 1, 1, 2)
    channel = torch.sigmoid(torch.tensor(5.0))
    output, weights = block(data)
    torch.testing.assert_close(weights["channels"].flatten(), channel[None])
    expected = torch.sigmoid(channel * torch.tensor([1.0, 3.0]) / (1 + block.bn.eps) ** 0.5)
    torch.testing.assert_close(weights["places"].flatten(), expected)
    torch.testing.assert_close(output.flatten(), torch.tensor([1.0, 3.0]) * channel * expected)


def test_each_frame_equals_timm() -> None:
    from timm.layers.cbam import CbamModule

    ours, reference = Cbam(channels=32).eval(), CbamModule(32).eval()
    names = {"fc1": "channel.fc1", "fc2": "channel.fc2", "conv": "spatial.conv.conv", "bn": "spatial.conv.bn"}
    state = reference.state_dict()
    for key, value in ours.state_dict().items():
        name, _, kind = key.partition(".")
        state[f"{names[name]}.{kind}"].copy_(value.reshape(state[f"{names[name]}.{kind}"].shape))
    data = torch.randn(2, 32, 3, 9, 8)
    torch.testing.assert_close(ours(data).map, unfold_times(reference(fold_times(data)), 2))
