import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.flow.transforms import FlowTransform


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


def make_stacks():
    """Two samples of three stacks of four random fields of 6 × 8 pixels."""
    data = torch.randn(2, 3, 4, 6, 8, 2, generator=torch.Generator().manual_seed(0))
    return {"data": data, "valid": torch.ones(2, 3, dtype=torch.bool)}


def view_of_two(**changes):
    return {name: value.expand(2) for name, value in make_view(**changes).items()}


@pytest.mark.parametrize("view", [None, view_of_two(x=0.1, y=0.2, width=0.7, height=0.6, flip=1.0)])
def test_stack_becomes_channels(view):
    entry = make_stacks()
    transform = FlowTransform(size=(5, 7), bound=2.0)
    flow, valid = transform(entry, view)
    assert flow.shape == (2, 8, 3, 5, 7)
    assert valid.shape == (2, 3)
    for number in range(4):  # u1 v1 u2 v2 …
        plain, _ = transform({**entry, "data": entry["data"][:, :, number]}, view)
        torch.testing.assert_close(flow[:, 2 * number : 2 * number + 2], plain, rtol=0, atol=1e-6)


def test_flip_negates_every_stacked_u():
    entry = {"data": torch.tensor([[2.0, -1.0], [4.0, 3.0]])[None, None, :, None, None].expand(1, 1, 2, 4, 8, 2)}
    entry["valid"] = torch.ones(1, 1, dtype=torch.bool)
    flow, _ = FlowTransform(size=(4, 8), bound=8.0)(entry, make_view(flip=1.0))
    torch.testing.assert_close(flow[0, :, 0, 2, 2], torch.tensor([-2.0, -1.0, -4.0, 3.0]) / 8)


def test_mean_of_each_field_is_subtracted():
    entry = make_stacks()
    entry["data"] = entry["data"] + torch.tensor([3.0, -2.0])  # a panning camera
    flow, _ = FlowTransform(size=(6, 8), bound=100.0, subtract_mean=True)(entry, None)
    torch.testing.assert_close(flow.mean((3, 4)), torch.zeros(2, 8, 3), rtol=0, atol=1e-6)
    plain, _ = FlowTransform(size=(6, 8), bound=100.0)(entry, None)
    torch.testing.assert_close(flow, plain - plain.mean((3, 4), keepdim=True), rtol=0, atol=1e-6)


def test_mean_is_subtracted_before_clipping():
    data = torch.zeros(1, 1, 2, 2, 2)
    data[0, 0, :, 0, 0] = 4.0  # u is 4 on the left and 0 on the right; its mean is 2
    entry = {"data": data, "valid": torch.ones(1, 1, dtype=torch.bool)}
    flow, _ = FlowTransform(size=(2, 2), bound=2.0, subtract_mean=True)(entry, None)
    torch.testing.assert_close(flow[0, :, 0, 0], torch.tensor([[1.0, -1.0], [0.0, 0.0]]))
