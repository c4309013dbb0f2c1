import pytest
import torch

from modalities.checks import InputError
from modalities.flow.transforms import FlowTransform


def make_view(**changes):
    fields = {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0, "flip": 0.0, **changes}
    return {name: torch.tensor([value]) for name, value in fields.items()}


def make_entry():
    """One field of 4 × 8 pixels that moves by (2, −1)."""
    return {"data": torch.tensor([2.0, -1.0]).expand(1, 1, 4, 8, 2), "valid": torch.ones(1, 1, dtype=torch.bool)}


def test_flow_scales_with_the_frame():
    flow, valid = FlowTransform(size=(8, 16), bound=8.0)(make_entry(), None)
    assert flow.shape == (1, 2, 1, 8, 16)
    torch.testing.assert_close(flow[0, :, 0, 3, 5], torch.tensor([4 / 8, -2 / 8]))
    assert valid.all()


def test_flip_negates_horizontal_flow():
    flow, _ = FlowTransform(size=(4, 8), bound=8.0)(make_entry(), make_view(flip=1.0))
    torch.testing.assert_close(flow[0, :, 0, 2, 2], torch.tensor([-2 / 8, -1 / 8]))


def test_crop_enlarges_vectors():
    flow, _ = FlowTransform(size=(4, 8), bound=8.0)(make_entry(), make_view(x=0.25, y=0.25, width=0.5, height=0.5))
    torch.testing.assert_close(flow[0, :, 0, 2, 4], torch.tensor([4 / 8, -2 / 8]))


def test_large_vectors_are_clipped():
    flow, _ = FlowTransform(size=(4, 8), bound=1.0)(make_entry(), None)
    torch.testing.assert_close(flow[0, :, 0, 2, 2], torch.tensor([1.0, -1.0]))


def test_bound_must_be_positive():
    with pytest.raises(InputError, match=r"FlowTransform.bound must be a positive number of pixels, got 0"):
        FlowTransform(size=(4, 8), bound=0)
