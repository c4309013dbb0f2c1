import pytest
import torch
from torch import Tensor, nn

from modalities.checks import InputError
from modalities.skeleton.encoders import Sgn


def small(**changes: int) -> Sgn:
    torch.manual_seed(0)
    encoder = Sgn(**({"layout": "minihome16", "width": 8, "dropout": 0.0} | changes)).eval()
    for message in encoder.messages:
        nn.init.normal_(message.message.weight, std=0.1)  # zero at the start, as published
    return encoder


def valid(*shape: int) -> Tensor:
    return torch.ones(shape, dtype=torch.bool)


@pytest.mark.parametrize(("classes", "published"), [(60, 691_048), (120, 721_828)])
def test_published_parameters(classes: int, published: int) -> None:
    encoder = Sgn(layout="ntu25")
    head = nn.Linear(encoder.out_channels, classes)
    assert sum(p.numel() for module in (encoder, head) for p in module.parameters()) == published


def test_joints_are_known_by_their_type_alone() -> None:
    """Joints that change places together with their types are the same skeleton; without their types they are not."""
    encoder, data = small(), torch.randn(2, 1, 3, 5, 16)
    before = encoder(data, valid(2, 1, 5))["map"]
    order = torch.randperm(16)
    moved = data[..., order]
    assert not torch.allclose(encoder(moved, valid(2, 1, 5))["map"], before, atol=1e-4)
    kinds = encoder.joint[0]  # over the one-hot joint types
    kinds.weight.data = kinds.weight.data[:, order]
    torch.testing.assert_close(encoder(moved, valid(2, 1, 5))["map"], before, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(("times", "places"), [(4, [0, 1, 2, 3]), (8, [0, 0, 1, 1, 2, 2, 3, 3]), (1, [2]), (2, [1, 3])])
def test_places_of_a_clip(times: int, places: list[int]) -> None:
    encoder, seen = small(places=4), []
    encoder.place.register_forward_hook(lambda module, given, found: seen.append(given[0].argmax(1).flatten().tolist()))
    encoder(torch.randn(1, 1, 3, times, 16), valid(1, 1, times))
    assert seen == [places]


def test_velocity_is_computed_inside() -> None:
    """Frames 0, 1, 3, 6 of a joint: it moves by 0 (the first has no frame before it), 1, 2, 3."""
    encoder, seen = small(), []
    encoder.velocity_norm.register_forward_hook(lambda module, given, found: seen.append(given[0]))
    data = torch.tensor([0.0, 1.0, 3.0, 6.0])[:, None].expand(1, 1, 3, 4, 16)
    encoder(data, valid(1, 1, 4))
    assert seen[0][0, 0, 0, :, 0].tolist() == [0, 1, 2, 3]


def test_pooled_is_the_maximum_over_valid_times_and_the_mean_over_persons() -> None:
    encoder, there = small(), valid(2, 2, 5)
    there[0, 0, 3:] = False
    there[1, 1] = False
    found = encoder(torch.randn(2, 2, 3, 5, 16), there)
    best = found["map"][..., 0]
    expected = torch.stack([(best[0, 0, :, :3].amax(1) + best[0, 1].amax(1)) / 2, best[1, 0].amax(1)])
    torch.testing.assert_close(found["pooled"], expected)


def test_attention_is_kept_on_request() -> None:
    encoder = small()
    encoder(torch.randn(2, 1, 3, 5, 16), valid(2, 1, 5))
    assert encoder.graph.attention is None
    encoder.graph.keep_attention = True
    encoder(torch.randn(2, 1, 3, 5, 16), valid(2, 1, 5))
    assert encoder.graph.attention.shape == (2, 5, 1, 16, 16)
    torch.testing.assert_close(encoder.graph.attention.sum(-1), torch.ones(2, 5, 1, 16))


def test_refuses_no_places() -> None:
    with pytest.raises(InputError, match=r"Sgn.places must be at least 1, got 0"):
        small(places=0)
