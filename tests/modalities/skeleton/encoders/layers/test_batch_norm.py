import torch
from torch import nn

from triad.modalities.skeleton.encoders.layers.batch_norm import BatchNorm2d


def test_equals_torchs_but_for_its_count():
    ours, reference = BatchNorm2d(3), nn.BatchNorm2d(3)
    data = torch.randn(4, 3, 5, 6, generator=torch.Generator().manual_seed(0))
    for training in (True, False):
        ours.train(training)
        reference.train(training)
        assert torch.equal(ours(data), reference(data))
    state = ours.state_dict()
    assert list(state) == list(reference.state_dict())
    assert torch.equal(state["running_var"], reference.running_var)
    assert state["num_batches_tracked"] == 0
