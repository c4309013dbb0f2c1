import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.skeleton.encoders import ShiftGcn
from triad.modalities.skeleton.encoders.shift_gcn import ShiftSpatial


def test_number_of_parameters_is_published() -> None:
    """The published code also counts shifts across joints, which it keeps at zero, and tables of the spatial shift."""
    encoder = ShiftGcn(layout="ntu25")
    parameters = count_parameters(encoder, nn.Linear(encoder.out_channels, 60))
    linears = [block.spatial.linear for block in encoder.blocks]
    zero_shifts = sum(2 * linear.out_features for linear in linears)
    tables = sum(25 * (linear.in_features + linear.out_features) for linear in linears)
    assert zero_shifts == 2_816
    assert parameters + zero_shifts == 693_107
    assert parameters + zero_shifts + tables == 757_182


def test_joints_form_a_ring() -> None:
    """Rotating the joints rotates the features, by any number of joints."""
    encoder = ShiftGcn(layout="minihome16", widths=(16, 32, 32)).eval()
    data, valid = torch.randn(2, 1, 3, 6, 16), torch.ones(2, 1, 6, dtype=torch.bool)
    feature_map, rotated = (encoder(x, valid).map for x in (data, data.roll(5, 4)))
    torch.testing.assert_close(rotated, feature_map.roll(5, 4), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(("channels", "sources"), [(16, 16), (3, 5)])
def test_channels_bound_the_source_joints(channels: int, sources: int) -> None:
    """With as many channels as joints a joint receives from all; with 3, from two neighbours on each side."""
    layer = ShiftSpatial(channels, channels, 16).eval()
    data = torch.randn(32, channels, 2, 16, requires_grad=True)
    layer(data)[..., 0].sum().backward()
    assert (data.grad.abs().amax((0, 1, 2)) > 0).sum() == sources


def test_wrong_input_is_refused() -> None:
    with pytest.raises(InputError, match="be at least 16"):
        ShiftGcn(layout="minihome16", widths=(8,))
    encoder = ShiftGcn(layout="minihome16", widths=(16,))
    with pytest.raises(InputError, match="hold at most 2 persons, got 3"):
        encoder(torch.zeros(1, 3, 3, 4, 16), torch.ones(1, 3, 4, dtype=torch.bool))
