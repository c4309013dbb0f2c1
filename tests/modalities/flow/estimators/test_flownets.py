import numpy as np
import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.flow.estimators import build_estimator
from triad.modalities.flow.networks import FlowNetS, RaftSmall, predict_flow


def save_checkpoint(network, path, **changes):
    """Save a network as ``tools/train.py`` does."""
    state = {f"network.{key}": value for key, value in network.state_dict().items()}
    torch.save({"state_dict": {**state, **changes}, "meta": {"epoch": 1}}, path)


@pytest.mark.parametrize(
    ("name", "network"), [("flownets", FlowNetS(width=1 / 16)), ("raft_small", RaftSmall(iterations=12))]
)
def test_trained_checkpoint_is_an_estimator(tmp_path, name, network):
    save_checkpoint(network, tmp_path / "epoch_1.pth")
    frames = np.random.default_rng(0).integers(0, 256, (2, 40, 60, 3), np.uint8)
    estimator = build_estimator(name, weights=tmp_path / "epoch_1.pth")
    with torch.inference_mode():
        expected = predict_flow(network.eval(), *torch.from_numpy(frames)[:, None])
    np.testing.assert_allclose(estimator(frames)[0], expected[0].permute(1, 2, 0).numpy(), atol=1e-4)


def test_weights_must_be_of_flownets(tmp_path):
    with pytest.raises(InputError, match=r"weights of flownets must be given, got none; .*configs/estimators"):
        build_estimator("flownets")
    save_checkpoint(FlowNetS(width=1 / 16), tmp_path / "a.pth", **{"network.flows.0.bias": torch.zeros(3)})
    message = r"'flows.0.bias' of weights of flownets '.*a.pth' must have shape \[2\], got \[3\]"
    with pytest.raises(InputError, match=message):
        build_estimator("flownets", weights=tmp_path / "a.pth")
    torch.save({"state_dict": {"network.raft.x": torch.zeros(1)}}, tmp_path / "b.pth")
    with pytest.raises(InputError, match="must be of FlowNetS, got another network's"):
        build_estimator("flownets", weights=tmp_path / "b.pth")
