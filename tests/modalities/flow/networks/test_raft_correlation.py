import pytest
import torch
from raft_networks import noise
from torchvision.models.optical_flow._utils import make_coords_grid
from torchvision.models.optical_flow.raft import CorrBlock

from triad.modalities.flow.networks.raft_correlation import CorrelationPyramid


@pytest.mark.parametrize(("radius", "height", "width"), [(3, 16, 21), (4, 19, 16)])
def test_lookup_equals_torchvision(radius, height, width):
    """Points inside the map, on cells and between them, and far outside of it."""
    first = noise(2, 24, height, width)
    second = noise(2, 24, height, width, seed=1)
    corr_block = CorrBlock(num_levels=4, radius=radius)
    corr_block.build_pyramid(first, second)
    points = noise(2, 2, height, width, seed=2) * 15 + 8
    points[0, :, 0] = torch.tensor([-1000.0, 5000.0])[:, None]
    points[0, :, 1] = torch.tensor([3.0, 2.0])[:, None]  # on a cell
    side = 2 * radius + 1
    expected = corr_block.index_pyramid(points).unflatten(1, (4, side, side))  # [P, level, x, y, h, w]
    flow = (points - make_coords_grid(2, height, width)).transpose(0, 1).contiguous()
    correlations = CorrelationPyramid(first, second, levels=4, radius=radius).lookup(flow)
    correlations = correlations.view(side, side, 4, 2, height, width).permute(3, 2, 1, 0, 4, 5)
    torch.testing.assert_close(correlations, expected, atol=1e-4, rtol=0)
    assert not correlations[0, :, :, :, 0].any()
