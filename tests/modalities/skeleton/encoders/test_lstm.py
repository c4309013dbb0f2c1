import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.skeleton.encoders import SkeletonLstm


@pytest.mark.parametrize(
    ("layout", "persons", "inputs", "trainable"),
    [("smarthome13", 1, 39, 5_328_896), ("ntu25", 2, 150, 5_556_224)],  # 4 · (150 · 512 + 512² + 512) + 4,198,400
)
def test_number_of_parameters_is_published(layout: str, persons: int, inputs: int, trainable: int) -> None:
    encoder = SkeletonLstm(layout=layout, persons=persons)
    assert encoder.lstm.input_size == inputs
    assert sum(p.numel() for p in encoder.parameters() if p.requires_grad) == trainable
    assert sum(p.numel() for p in encoder.parameters()) == trainable + 3 * 4 * 512  # torch's second bias


def test_weights_start_as_in_keras() -> None:
    encoder = SkeletonLstm(layout="minihome16", hidden=8)
    assert encoder.lstm.bias_ih_l1.tolist() == [0.0] * 8 + [1.0] * 8 + [0.0] * 16  # the forget gate is the second
    assert not encoder.lstm.bias_hh_l1.any()
    recurrent = encoder.lstm.weight_hh_l2
    torch.testing.assert_close(recurrent.T @ recurrent, torch.eye(8))


def test_frames_after_the_last_are_ignored() -> None:
    encoder = SkeletonLstm(layout="minihome16", hidden=8, persons=2)
    data, valid = torch.randn(3, 2, 3, 7, 16), torch.ones(3, 2, 7, dtype=torch.bool)
    valid[1, :, 4:] = False
    valid[2, 0, 2:] = False  # the second person stays, so the clip goes on
    features = encoder(data, valid).map
    torch.testing.assert_close(features[1:2], encoder(data[1:2, :, :, :4], valid[1:2, :, :4]).map)
    assert not torch.allclose(features[2:], encoder(data[2:, :, :, :2], valid[2:, :, :2]).map)


def test_order_of_frames_matters() -> None:
    encoder = SkeletonLstm(layout="minihome16", hidden=8)
    data, valid = torch.randn(1, 1, 3, 7, 16), torch.ones(1, 1, 7, dtype=torch.bool)
    assert not torch.allclose(encoder(data, valid).map, encoder(data.flip(3), valid).map, atol=1e-3)


def test_order_of_persons_matters() -> None:
    encoder = SkeletonLstm(layout="minihome16", hidden=8, persons=2)
    data, valid = torch.randn(1, 2, 3, 4, 16), torch.ones(1, 2, 4, dtype=torch.bool)
    assert not torch.allclose(encoder(data, valid).map, encoder(data.flip(1), valid).map, atol=1e-3)


def test_wrong_number_of_persons_is_refused() -> None:
    encoder = SkeletonLstm(layout="minihome16", hidden=8, persons=2)
    with pytest.raises(InputError, match=r"be at most 2, SkeletonLstm.persons, got 3"):
        encoder(torch.zeros(1, 3, 3, 4, 16), torch.ones(1, 3, 4, dtype=torch.bool))
    with pytest.raises(InputError, match=r"SkeletonLstm.persons must be at least 1, got 0"):
        SkeletonLstm(layout="minihome16", persons=0)
