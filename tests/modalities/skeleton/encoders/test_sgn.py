import pytest
import torch
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.skeleton.encoders import Sgn


def build_small(**changes: int) -> Sgn:
    torch.manual_seed(0)
    encoder = Sgn(**({"layout": "minihome16", "width": 8, "dropout": 0.0} | changes)).eval()
    for message in encoder.messages:
        nn.init.normal_(message.message.weight, std=0.1)  # zero at the start, as published
    return encoder


def all_valid(*shape: int) -> Tensor:
    return torch.ones(shape, dtype=torch.bool)


@pytest.mark.parametrize(("classes", "published"), [(60, 691_048), (120, 721_828)])
def test_number_of_parameters_is_published(classes: int, published: int) -> None:
    encoder = Sgn(layout="ntu25")
    assert count_parameters(encoder, nn.Linear(encoder.out_channels, classes)) == published


def test_joints_differ_by_type_alone() -> None:
    """Joints permuted together with their types give the same features; permuted without them they do not."""
    encoder, data = build_small(), torch.randn(2, 1, 3, 5, 16)
    expected = encoder(data, all_valid(2, 1, 5)).map
    order = torch.randperm(16)
    permuted = data[..., order]
    assert not torch.allclose(encoder(permuted, all_valid(2, 1, 5)).map, expected, atol=1e-4)
    joint_types = encoder.joint[0]  # over the one-hot joint types
    joint_types.weight.data = joint_types.weight.data[:, order]
    torch.testing.assert_close(encoder(permuted, all_valid(2, 1, 5)).map, expected, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(
    ("times", "positions"), [(4, [0, 1, 2, 3]), (8, [0, 0, 1, 1, 2, 2, 3, 3]), (1, [2]), (2, [1, 3])]
)
def test_times_take_the_nearest_position(times: int, positions: list[int]) -> None:
    encoder, inputs = build_small(time_positions=4), []
    encoder.place.register_forward_hook(lambda module, args, output: inputs.append(args[0]))
    encoder(torch.randn(1, 1, 3, times, 16), all_valid(1, 1, times))
    assert [one_hot.argmax(1).flatten().tolist() for one_hot in inputs] == [positions]


def test_velocity_is_computed_inside() -> None:
    """Positions 0, 1, 3, 6 of a joint have velocities 0 (no frame before the first), 1, 2, 3."""
    encoder, inputs = build_small(), []
    encoder.velocity_norm.register_forward_hook(lambda module, args, output: inputs.append(args[0]))
    data = torch.tensor([0.0, 1.0, 3.0, 6.0])[:, None].expand(1, 1, 3, 4, 16)
    encoder(data, all_valid(1, 1, 4))
    assert inputs[0][0, 0, 0, :, 0].tolist() == [0, 1, 2, 3]


def test_pooling_over_times_and_persons() -> None:
    """The maximum over valid times, then the mean over present persons."""
    encoder, valid = build_small(), all_valid(2, 2, 5)
    valid[0, 0, 3:] = False
    valid[1, 1] = False
    output = encoder(torch.randn(2, 2, 3, 5, 16), valid)
    features = output.map[..., 0]
    first = (features[0, 0, :, :3].amax(1) + features[0, 1].amax(1)) / 2
    torch.testing.assert_close(output.pooled, torch.stack([first, features[1, 0].amax(1)]))


def test_attention_is_stored_on_request() -> None:
    encoder = build_small()
    encoder(torch.randn(2, 1, 3, 5, 16), all_valid(2, 1, 5))
    assert encoder.graph.attention is None
    encoder.graph.keep_attention = True
    encoder(torch.randn(2, 1, 3, 5, 16), all_valid(2, 1, 5))
    assert encoder.graph.attention.shape == (2, 5, 1, 16, 16)
    torch.testing.assert_close(encoder.graph.attention.sum(-1), torch.ones(2, 5, 1, 16))


def test_zero_time_positions_are_refused() -> None:
    with pytest.raises(InputError, match=r"Sgn.time_positions must be at least 1, got 0"):
        build_small(time_positions=0)
