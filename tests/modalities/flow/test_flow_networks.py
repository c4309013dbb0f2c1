import numpy as np
import pytest
import torch

from modalities.checks import InputError
from modalities.flow.estimators import build_estimator
from modalities.flow.networks import FlowNetS, RaftSmall, multiscale_loss, predict_flow, sequence_loss


def pictures(height, width, batch=1):
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (2, batch, height, width, 3), dtype=torch.uint8, generator=generator)


def test_flownets_is_the_published_network():
    published, normalised = 38_676_506, 64 + 128 + 2 * 256 + 4 * 512 + 2 * 1024  # 38.68 M, Ilg et al. 2017
    assert sum(parameter.numel() for parameter in FlowNetS().parameters()) == published + normalised
    narrow = FlowNetS(width=0.125).eval()
    shapes = [list(flow.shape) for flow in narrow(torch.zeros(1, 3, 128, 192), torch.zeros(1, 3, 128, 192))]
    assert shapes == [[1, 2, 2, 3], [1, 2, 4, 6], [1, 2, 8, 12], [1, 2, 16, 24], [1, 2, 32, 48]]
    with pytest.raises(InputError, match=r"be a positive multiple of 1/64.*, got 0.3"):
        FlowNetS(width=0.3)


@pytest.mark.parametrize("network", [FlowNetS(width=1 / 16), RaftSmall(iterations=2)], ids=["flownets", "raft_small"])
def test_every_parameter_learns(network):
    first, second = (torch.rand(2, 3, 128, 128) * 2 - 1 for _ in range(2))
    truth = torch.rand(2, 2, 128, 128) * 8 - 4
    network.loss(network(first, second), truth).backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in network.parameters())


def test_sequence_loss_by_hand():
    truth = torch.zeros(1, 2, 1, 3)
    truth[0, :, 0, 2] = 1000  # too far to learn from
    rough, fine = torch.full((1, 2, 1, 3), 4.0), torch.full((1, 2, 1, 3), 1.0)
    assert sequence_loss([rough, fine], truth, gamma=0.5).item() == pytest.approx(0.5 * 4 + 1)
    nothing = sequence_loss([rough], truth + 1000)
    assert nothing.item() == 0


def test_multiscale_loss_by_hand():
    truth = torch.zeros(1, 2, 2, 2)
    truth[0, 0] = torch.tensor([[2.0, 4.0], [6.0, 1000.0]])
    half = torch.zeros(1, 2, 1, 1)  # the mean of what is known is (4, 0)
    whole = truth.clone()
    whole[0, 1] = 3.0  # off by 3 everywhere
    loss = multiscale_loss([half, whole], truth, weights=(1.0, 10.0))
    assert loss.item() == pytest.approx(4 + 30, abs=1e-3)
    with pytest.raises(InputError, match=r"be 2, one a scale, got \[1.0\]"):
        multiscale_loss([half, whole], truth, weights=[1.0])


def test_frames_of_any_size_are_padded_and_cut_back():
    class Place(torch.nn.Module):
        stride, min_size = 64, 64

        def forward(self, first, second):
            self.got = first.shape
            return [first[:, :2]]

    first, second = pictures(70, 50)
    network = Place()
    flow = predict_flow(network, first, second)
    assert network.got == (1, 3, 128, 64)
    torch.testing.assert_close(flow, first.permute(0, 3, 1, 2)[:, :2].float() / 127.5 - 1)


def test_a_small_network_learns_one_pair():
    """From nothing to a fifth of the error of no motion: gradients, losses and units agree."""
    torch.manual_seed(0)
    network = FlowNetS(width=6 / 64)
    rng = np.random.default_rng(0)
    small = rng.integers(0, 255, (10, 12, 3), np.uint8)
    first = torch.from_numpy(np.kron(small, np.ones((8, 8, 1), np.uint8)))[None].repeat(2, 1, 1, 1)
    second = first.roll(4, dims=2)  # 4 pixels to the right
    truth = torch.zeros(2, 2, 80, 96)
    truth[:, 0] = 4.0
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    inputs = [(frames[:, :64, :64].permute(0, 3, 1, 2).float() / 127.5 - 1) for frames in (first, second)]
    for _ in range(40):
        optimizer.zero_grad()
        network.loss(network(*inputs), truth[..., :64, :64]).backward()
        optimizer.step()
    flow = predict_flow(network, first[:, :64, :64], second[:, :64, :64])
    assert (flow - truth[..., :64, :64]).norm(dim=1).mean() < 0.8


@pytest.mark.parametrize(
    ("name", "network"), [("flownets", FlowNetS(width=1 / 16)), ("raft_small", RaftSmall(iterations=12))]
)
def test_a_trained_checkpoint_is_an_estimator(tmp_path, name, network):
    state = {f"network.{key}": value for key, value in network.state_dict().items()}
    torch.save({"state_dict": state, "meta": {"epoch": 1}}, tmp_path / "epoch_1.pth")
    frames = pictures(40, 60)[:, 0].numpy()
    found = build_estimator(name, weights=tmp_path / "epoch_1.pth")
    with torch.inference_mode():
        own = predict_flow(network.eval(), *torch.from_numpy(frames)[:, None])
    np.testing.assert_allclose(found(frames)[0], own[0].permute(1, 2, 0).numpy(), atol=1e-4)


def test_weights_of_flownets_must_be_its_own(tmp_path):
    with pytest.raises(InputError, match=r"weights of flownets must be given, got none; .*configs/estimators"):
        build_estimator("flownets")
    with pytest.raises(InputError, match="--iterations must be left out for 'flownets'"):
        build_estimator("flownets", weights="x.pth", iterations=3)
    state = {f"network.{key}": value for key, value in FlowNetS(width=1 / 16).state_dict().items()}
    torch.save({"state_dict": {**state, "network.flows.0.bias": torch.zeros(3)}}, tmp_path / "a.pth")
    with pytest.raises(
        InputError, match=r"'flows.0.bias' of weights of flownets '.*a.pth' must have shape \[2\], got \[3\]"
    ):
        build_estimator("flownets", weights=tmp_path / "a.pth")
    torch.save({"state_dict": {"network.raft.x": torch.zeros(1)}}, tmp_path / "b.pth")
    with pytest.raises(InputError, match="must be of FlowNetS, got another network's"):
        build_estimator("flownets", weights=tmp_path / "b.pth")
