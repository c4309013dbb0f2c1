import torch

from triad.modalities.standardize import standardize


def test_bytes_are_standardized_by_channel():
    data = torch.tensor([[[10, 30]], [[20, 40]]], dtype=torch.uint8)
    output = standardize(data, torch.tensor([10.0, 20.0]), torch.tensor([5.0, 10.0]))
    torch.testing.assert_close(output, torch.tensor([[[0.0, 1.0]], [[2.0, 2.0]]]))


def test_values_stay_within_limit():
    output = standardize(torch.tensor([[-40.0, 4.0, 40.0]]), 0.0, 8.0, limit=1.0)
    assert output.tolist() == [[-1.0, 0.5, 1.0]]
