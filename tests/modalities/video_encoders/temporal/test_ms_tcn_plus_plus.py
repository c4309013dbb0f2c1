"""MS-TCN++ has its published size and sees what its dilations say."""

from __future__ import annotations

import torch
from receptive_field import times_seen

from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders import MsTcnPlusPlus, MsTcnRefinement
from triad.modalities.video_encoders.temporal.ms_tcn_plus_plus import stage_probabilities


def test_parameters_are_published():
    """0.99 million for the 19 classes of 50 Salads and I3D's 2,048 features."""
    encoder = MsTcnPlusPlus(in_channels=2048)
    refinement = MsTcnRefinement(in_channels=64, num_classes=19, multi_label=False)
    classifier = torch.nn.Linear(64, 19)
    generation = 2048 * 64 + 64 + 11 * (2 * (3 * 64 * 64 + 64) + 128 * 64 + 64)
    stage = 19 * 64 + 64 + 10 * (3 * 64 * 64 + 64 + 64 * 64 + 64) + 64 * 19 + 19
    assert count_parameters(encoder, refinement, classifier) == generation + 64 * 19 + 19 + 3 * stage == 997_836


def test_measured_receptive_field():
    network = MsTcnPlusPlus(in_channels=1, channels=2, num_layers=3)  # dilations 4 and 1, 2 and 2, 1 and 4
    assert network.receptive_field == 1 + 2 * (4 + 2 + 4)
    seen = times_seen(network, 31, 15)
    assert (seen[0], seen[-1]) == (5, 25)


@torch.no_grad()
def test_each_stage_reads_probabilities_of_last():
    torch.manual_seed(0)
    refinement = MsTcnRefinement(in_channels=1, num_classes=3, multi_label=True, channels=4, num_layers=2).eval()
    logits = torch.randn(1, 3, 6)
    valid = torch.tensor([[True] * 5 + [False]])
    features = torch.randn(1, 1, 6)
    first, second, third = refinement(logits, features, valid)
    assert first.shape == second.shape == third.shape == logits.shape
    torch.testing.assert_close(refinement(logits, features + 9, valid)[2], third)  # no stage reads features
    one_stage = MsTcnRefinement(
        in_channels=1, num_classes=3, multi_label=True, channels=4, num_layers=2, num_stages=1
    ).eval()
    one_stage.stages[0].load_state_dict(refinement.stages[1].state_dict())
    torch.testing.assert_close(one_stage(first, features, valid)[0], second)


def test_probabilities_between_stages():
    logits = torch.zeros(1, 2, 2)
    valid = torch.tensor([[True, False]])
    assert stage_probabilities(logits, valid, multi_label=True).tolist() == [[[0.5, 0], [0.5, 0]]]
    assert stage_probabilities(logits + torch.tensor([[[9.0], [9.0]]]), valid, multi_label=False).tolist() == [
        [[0.5, 0], [0.5, 0]]
    ]
