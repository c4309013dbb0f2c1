import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.flow.networks import multiscale_loss, sequence_loss


def test_sequence_loss_by_hand():
    truth = torch.zeros(1, 2, 1, 3)
    truth[0, :, 0, 2] = 1000  # too fast to count
    coarse = torch.full((1, 2, 1, 3), 4.0)
    fine = torch.full((1, 2, 1, 3), 1.0)
    assert sequence_loss([coarse, fine], truth, gamma=0.5).item() == pytest.approx(0.5 * 4 + 1)


def test_sequence_loss_without_valid_vectors():
    assert sequence_loss([torch.ones(1, 2, 1, 3)], torch.full((1, 2, 1, 3), 1000.0)).item() == 0


def test_multiscale_loss_by_hand():
    truth = torch.zeros(1, 2, 2, 2)
    truth[0, 0] = torch.tensor([[2.0, 4.0], [6.0, 1000.0]])
    coarse = torch.zeros(1, 2, 1, 1)  # the mean of the vectors that count is (4, 0)
    fine = truth.clone()
    fine[0, 1] = 3.0  # off by 3 everywhere
    assert multiscale_loss([coarse, fine], truth, weights=(1.0, 10.0)).item() == pytest.approx(4 + 30, abs=1e-3)


def test_every_scale_needs_a_weight():
    flows = [torch.zeros(1, 2, 1, 1), torch.zeros(1, 2, 2, 2)]
    with pytest.raises(InputError, match=r"be 2, one per scale, got \[1.0\]"):
        multiscale_loss(flows, torch.zeros(1, 2, 2, 2), weights=[1.0])
