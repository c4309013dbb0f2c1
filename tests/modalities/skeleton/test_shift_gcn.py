import pytest
import torch
from torch import nn

from modalities.checks import InputError
from modalities.skeleton.encoders import ShiftGcn
from modalities.skeleton.encoders.shift_gcn import ShiftSpatial


def test_published_parameters() -> None:
    encoder = ShiftGcn(layout="ntu25")
    ours = sum(p.numel() for module in (encoder, nn.Linear(encoder.out_channels, 60)) for p in module.parameters())
    widths = [block.spatial.linear.out_features for block in encoder.blocks]
    across_joints = sum(2 * width for width in widths)  # shifts the published code counts as learned and holds at zero
    assert across_joints == 2_816
    assert ours + across_joints == 693_107
    tables = sum(
        25 * (block.spatial.linear.in_features + block.spatial.linear.out_features) for block in encoder.blocks
    )
    assert ours + across_joints + tables == 757_182


def test_joints_in_a_ring() -> None:
    """Every joint hears from the next ones around: turned joints are turned features, at any angle."""
    encoder = ShiftGcn(layout="minihome16", widths=(16, 32, 32)).eval()
    data, valid = torch.randn(2, 1, 3, 6, 16), torch.ones(2, 1, 6, dtype=torch.bool)
    found, turned = (encoder(x, valid)["map"] for x in (data, data.roll(5, 4)))
    torch.testing.assert_close(turned, found.roll(5, 4), atol=1e-5, rtol=1e-4)


def test_every_joint_hears_every_other_at_once() -> None:
    """With as many channels as joints, one stage is enough; with fewer, each hears so many neighbours of the ring."""
    for channels, heard in ((16, 16), (3, 5)):
        block = ShiftSpatial(channels, channels, 16).eval()
        data = torch.randn(32, channels, 2, 16, requires_grad=True)
        block(data)[..., 0].sum().backward()
        assert (data.grad.abs().amax((0, 1, 2)) > 0).sum() == heard


def test_refuses() -> None:
    with pytest.raises(InputError, match="be at least 16"):
        ShiftGcn(layout="minihome16", widths=(8,))
    two = ShiftGcn(layout="minihome16", widths=(16,))
    with pytest.raises(InputError, match="person"):
        two(torch.zeros(1, 3, 3, 4, 16), torch.ones(1, 3, 4, dtype=torch.bool))
