import torch
from torch import nn

from triad.modalities.skeleton.encoders.layers import SingleSampleBatchNorm1d


def test_single_sample_uses_running_statistics() -> None:
    norm = SingleSampleBatchNorm1d(2)
    norm.running_mean.copy_(torch.tensor([1.0, 2.0]))
    norm.running_var.fill_(4.0)
    torch.testing.assert_close(norm(torch.tensor([[3.0, 2.0]])), torch.tensor([[1.0, 0.0]]), atol=1e-5, rtol=0)
    assert norm.running_mean.tolist() == [1, 2]


def test_larger_batch_is_plain_batch_norm() -> None:
    norm, reference = SingleSampleBatchNorm1d(3), nn.BatchNorm1d(3)
    x = torch.randn(4, 3, 5)
    assert torch.equal(norm(x), reference(x))
    assert torch.equal(norm.running_var, reference.running_var)
