from __future__ import annotations

import pytest
import torch
from torchvision.ops import SqueezeExcitation as TorchvisionSqueezeExcitation

from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders.layers import SqueezeExcitation, fold_times, unfold_times


@pytest.mark.parametrize(
    ("channels", "bias", "parameters"),
    [(64, False, 512), (256, False, 8_192), (512, False, 32_768), (2048, False, 524_288), (256, True, 8_464)],
)
def test_parameters_are_published(channels: int, bias: bool, parameters: int) -> None:
    assert count_parameters(SqueezeExcitation(channels=channels, bias=bias)) == parameters


def test_weights_by_hand() -> None:
    """Means 2 and 1; the first layer adds them to 3, the second makes 0 and ln 3 of it: sigmoids 1/2 and 3/4."""
    block = SqueezeExcitation(channels=2, reduction=2, bias=False)
    with torch.no_grad():
        block.fc1.weight.copy_(torch.tensor([[1.0, 1.0]]))
        block.fc2.weight.copy_(torch.tensor([[0.0], [torch.tensor(3.0).log() / 3]]))
    data = torch.tensor([[1.0, 3.0], [0.0, 2.0]]).reshape(1, 2, 1, 1, 2)
    output, weights = block(data)
    torch.testing.assert_close(weights["channels"], torch.tensor([[[0.5], [0.75]]]))
    torch.testing.assert_close(output.flatten(), torch.tensor([0.5, 1.5, 0.0, 1.5]))


def test_each_frame_equals_torchvision() -> None:
    ours = SqueezeExcitation(channels=32)
    reference = TorchvisionSqueezeExcitation(32, 2)
    reference.load_state_dict(
        {key: value[..., None, None] if value.ndim == 2 else value for key, value in ours.state_dict().items()}
    )
    data = torch.randn(2, 32, 3, 4, 5)
    torch.testing.assert_close(ours(data).map, unfold_times(reference(fold_times(data)), 2))
