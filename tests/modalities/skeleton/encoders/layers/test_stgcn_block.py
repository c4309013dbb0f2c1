import torch
from torch import nn

from triad.modalities.skeleton.encoders.layers import StGcnBlock, strided_shortcut


def test_residual_is_added_before_the_relu() -> None:
    x = torch.tensor([-3.0, 2.0]).view(1, 1, 1, 2)
    block = StGcnBlock(nn.Identity(), nn.Identity(), nn.Identity())
    assert block(x).flatten().tolist() == [0, 4]
    assert StGcnBlock(nn.Identity(), nn.Identity(), None)(x).flatten().tolist() == [0, 2]


def test_block_without_residual_has_gradients() -> None:
    """The last layer may need its own output for its gradient, as a ReLU does."""
    x = torch.tensor([-3.0, 2.0], requires_grad=True)
    StGcnBlock(nn.Identity(), nn.ReLU(), None)(x).sum().backward()
    assert x.grad.tolist() == [0, 1]


def test_shortcut_is_identity_for_equal_shapes() -> None:
    assert isinstance(strided_shortcut(16, 16, 1), nn.Identity)
    assert strided_shortcut(16, 16, 2)(torch.zeros(1, 16, 5, 3)).shape == (1, 16, 3, 3)
    assert strided_shortcut(16, 32, 1)(torch.zeros(1, 16, 5, 3)).shape == (1, 32, 5, 3)
