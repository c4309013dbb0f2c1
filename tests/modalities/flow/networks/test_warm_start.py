import torch

from triad.modalities.flow.networks.warm_start import propagate_flow


def test_propagate_flow_by_hand():
    flow = torch.zeros(1, 2, 3, 5)
    flow[0, 0, 1, 1] = 2.0  # ends two cells to the right, where another vector stays: their mean
    flow[0, 1, 0, 0] = -1.0  # leaves the map
    expected = torch.zeros(1, 2, 3, 5)
    expected[0, 0, 1, 3] = 1.0
    expected[0, 0, 1, 1] = 2.0  # reached by none, so it keeps its vector
    expected[0, 1, 0, 0] = -1.0
    torch.testing.assert_close(propagate_flow(flow), expected)


def test_constant_motion_stays_constant():
    flow = torch.full((1, 2, 4, 6), 0.5)  # every vector ends between cells
    torch.testing.assert_close(propagate_flow(flow), flow)
