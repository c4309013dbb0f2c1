"""Models of ptlflow through the adapter; needs ptlflow, which `make setup` installs."""

import sys

import numpy as np
import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.flow.estimators import build_estimator

MODELS = ("flownets", "flownetc", "pwcnet", "sea_raft_s")


def moving_frames(num=2, height=131, width=150):
    texture = np.random.default_rng(0).integers(0, 255, (height + num, width + num, 3), np.uint8)
    return np.stack([texture[shift : shift + height, shift : shift + width] for shift in range(num)])


@pytest.fixture
def ptlflow():
    return pytest.importorskip("ptlflow", reason="needs the extra 'flow' and ptlflow, see modalities/flow/estimators")


@pytest.fixture
def pwcnet_file(ptlflow, tmp_path):
    torch.manual_seed(5)
    torch.save({"state_dict": ptlflow.get_model("pwcnet").state_dict()}, tmp_path / "pwcnet.ckpt")
    return tmp_path / "pwcnet.ckpt"


@pytest.mark.parametrize("model", [pytest.param(name, marks=pytest.mark.slow) for name in MODELS])
def test_flow_equals_ptlflow(ptlflow, model, tmp_path):
    """An odd size and weights from a file, against the call of ptlflow's documentation, which takes BGR."""
    from ptlflow.utils.io_adapter import IOAdapter

    torch.manual_seed(5)
    path = tmp_path / "some.ckpt"
    torch.save({"state_dict": ptlflow.get_model(model).state_dict()}, path)
    pair = moving_frames()
    estimator = build_estimator(f"ptlflow:{model}", weights=path)
    network = ptlflow.get_model(model, ckpt_path=str(path)).eval()
    adapter = IOAdapter(network.output_stride, pair.shape[1:3])
    with torch.inference_mode():
        outputs = network(adapter.prepare_inputs([frame[..., ::-1].copy() for frame in pair]))
    expected = adapter.unscale(outputs)["flows"][0, 0].permute(1, 2, 0).numpy()
    assert expected.any()
    np.testing.assert_allclose(estimator(pair)[0], expected, atol=1e-5)


def test_small_frames_are_padded(ptlflow):
    estimator = build_estimator("ptlflow:pwcnet", weights="random:2")
    flow = estimator.open()(moving_frames(3, 61, 83))
    assert flow.shape == (2, 61, 83, 2)
    assert flow.dtype == np.float32
    assert np.isfinite(flow).all()
    assert estimator.name == "ptlflow_pwcnet"
    assert estimator.provenance["weights"] == "random:2"
    assert estimator.provenance["versions"]["ptlflow"] == ptlflow.__version__


def test_wrong_weights_are_refused(pwcnet_file, tmp_path):
    estimator = build_estimator("ptlflow:pwcnet", weights=pwcnet_file)
    assert len(estimator.provenance["weights_sha256"]) == 64
    with pytest.raises(
        InputError, match=r"of ptlflow:flownets '.*' must .*, got .*; give it with --weights FILE: https"
    ):
        build_estimator("ptlflow:flownets", weights=pwcnet_file)
    torch.save({"net": 1}, tmp_path / "other.ckpt")
    with pytest.raises(InputError, match="must be a checkpoint of ptlflow with a state_dict, got dict"):
        build_estimator("ptlflow:pwcnet", weights=tmp_path / "other.ckpt")
    with pytest.raises(InputError, match=r"weights of ptlflow:pwcnet must be given.*cc223701.*random:SEED"):
        build_estimator("ptlflow:pwcnet")
    with pytest.raises(InputError, match="did you mean 'pwcnet'"):
        build_estimator("ptlflow:pwcnt", weights="random:0")


def test_missing_ptlflow_names_its_installation(monkeypatch):
    monkeypatch.setitem(sys.modules, "ptlflow", None)
    with pytest.raises(InputError, match=r"ptlflow must be installed, got .*pip install --no-deps ptlflow"):
        build_estimator("ptlflow:pwcnet", weights="random:0")
