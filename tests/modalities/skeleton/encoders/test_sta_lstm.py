import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.skeleton.encoders import StaLstm


def make_batch(persons: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    return torch.randn(3, persons, 3, 5, 16), torch.ones(3, persons, 5, dtype=torch.bool)


def build(**changes) -> StaLstm:
    torch.manual_seed(1)
    return StaLstm(layout="minihome16", **{"hidden": 6, "dropout": 0.0, **changes})


def randomise(encoder: StaLstm) -> StaLstm:
    for parameter in encoder.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    return encoder


def test_numbers_of_parameters_by_hand() -> None:
    """NTU's two persons of 25 joints; torch's LSTM has a second bias."""
    encoder = StaLstm(layout="ntu25")
    first = 4 * 100 * (150 + 100 + 2)
    assert count_parameters(encoder.lstm) == first + 2 * 4 * 100 * (100 + 100 + 2)
    assert count_parameters(encoder.joint_weights) == first + 150 * 100 + 100 + 100 * 100 + 100 * 50 + 50
    assert count_parameters(encoder.time_weights) == first + 150 + 1 + 100


def test_attention_starts_uniform() -> None:
    encoder = build().eval()
    output = encoder(*make_batch())
    torch.testing.assert_close(output.taps["joint_weights"], torch.full((3, 2, 5, 16), 1 / 32))
    assert torch.equal(output.taps["time_weights"], torch.ones(3, 5))
    torch.testing.assert_close(output.map, output.taps["states"].mean(2))
    assert output.losses == {}


def test_weights_by_hand() -> None:
    """The weights of a time follow from its pose and the state before it."""
    encoder = randomise(build()).eval()
    data, valid = make_batch()
    poses = data.permute(0, 3, 1, 4, 2).flatten(2)  # [B, T, M·V·C]
    weights = encoder.joint_weights
    states, _ = weights.lstm(poses[:, :2])
    score = weights.score(torch.tanh(weights.pose(poses[:, 2]) + weights.state(states[:, 1])))
    output = encoder(data, valid)
    torch.testing.assert_close(output.taps["joint_weights"][:, :, 2].flatten(1), score.softmax(1))
    times = encoder.time_weights
    states, _ = times.lstm(poses[:, :2])
    expected = torch.relu(times.pose(poses[:, 2]) + times.state(states[:, 1]))[:, 0]
    torch.testing.assert_close(output.taps["time_weights"][:, 2], expected)
    torch.testing.assert_close(output.map, (output.taps["states"] * output.taps["time_weights"][:, None]).mean(2))


def test_weights_of_present_joints_sum_to_one() -> None:
    encoder = randomise(build()).eval()
    data, valid = make_batch()
    valid[0, 1] = False
    weights = encoder(data, valid).taps["joint_weights"]
    torch.testing.assert_close(weights.sum((1, 3)), torch.ones(3, 5))
    assert not weights[0, 1].any()


def test_three_losses_by_hand() -> None:
    encoder = randomise(build()).train()
    data, valid = make_batch()
    output = encoder(data, valid)
    alpha = output.taps["joint_weights"].transpose(1, 2).flatten(2)  # [B, T, K]
    spatial = (1 - alpha.mean(1)).square().sum(1).mean()
    torch.testing.assert_close(output.losses["spatial"], 1e-3 * spatial)
    torch.testing.assert_close(output.losses["temporal"], 1e-4 * output.taps["time_weights"].square().mean())
    matrices = sum(p.detach().abs().sum().item() for p in encoder.parameters() if p.ndim > 1)
    assert output.losses["sparse"].item() == pytest.approx(5e-4 * matrices, rel=1e-5)


def test_first_stage_goes_on_in_the_second() -> None:
    """A network of both attentions that takes the first stage's weights starts as that network."""
    first = randomise(build(temporal=False)).eval()
    second = build().eval()
    missing = second.load_state_dict(first.state_dict(), strict=False).missing_keys
    assert all(key.startswith("time_weights.") for key in missing)
    torch.testing.assert_close(second(*make_batch()).map, first(*make_batch()).map)


def test_too_many_persons_are_refused() -> None:
    with pytest.raises(InputError, match=r"be at most 2, StaLstm.persons, got 3"):
        build()(*make_batch(persons=3))
