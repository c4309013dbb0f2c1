from itertools import pairwise

import cv2
import numpy as np
import pytest
import torch
from shared_data import needs_shared, shared_path
from torchvision.models.optical_flow import raft_small

from triad.modalities.checks import InputError
from triad.modalities.flow.estimators.raft import Raft

OFFICIAL = shared_path("weights/raft-small.pth")


@pytest.fixture(scope="module")
def small_file(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("raft") / "small.pth"
    torch.save(raft_small(weights=None).state_dict(), path)
    return path


def test_flow_of_odd_frame_size(small_file):
    raft = Raft("raft_small", weights=small_file, iterations=1)
    frames = np.random.default_rng(0).integers(0, 255, (3, 61, 83, 3), np.uint8)
    flow = raft(frames)
    assert flow.shape == (2, 61, 83, 2)
    assert flow.dtype == np.float32
    assert np.isfinite(flow).all()
    assert raft.provenance["settings"]["iterations"] == 1
    assert len(raft.provenance["weights_sha256"]) == 64


@pytest.mark.parametrize(("name", "height", "width"), [("raft_small", 128, 128), ("raft_large", 136, 128)])
def test_pairs_equal_torchvision(name, height, width):
    raft = Raft(name, weights="random:0", iterations=2)
    frames = np.random.default_rng(1).integers(0, 255, (4, height, width, 3), np.uint8)
    images = (torch.from_numpy(frames).permute(0, 3, 1, 2).float() / 127.5 - 1).split(1)
    with torch.inference_mode():
        refinements = [raft.network(first, second, num_flow_updates=2) for first, second in pairwise(images)]
    expected = torch.cat([flows[-1] for flows in refinements]).permute(0, 2, 3, 1).numpy()
    np.testing.assert_allclose(raft(frames), expected, atol=1e-5, rtol=1e-6)


def test_missing_device_is_refused(small_file):
    with pytest.raises(InputError, match="--device must be one that torch knows and this machine has, got 'gpu'"):
        Raft("raft_small", weights=small_file, device="gpu")


def test_provenance_names_random_weights():
    raft = Raft("raft_small", weights="random:3")
    assert raft.provenance["weights"] == "random:3"
    assert "weights_sha256" not in raft.provenance


def test_wrong_weights_are_refused(tmp_path, small_file):
    with pytest.raises(
        InputError, match=r"of raft_large '.*' must .*, got .*; give it with --weights FILE: raft-things.pth"
    ):
        Raft("raft_large", weights=small_file)
    (tmp_path / "junk.pth").write_bytes(b"junk")
    with pytest.raises(InputError, match=r"junk.pth' must load with weights_only=True"):
        Raft("raft_small", weights=tmp_path / "junk.pth")
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(InputError, match="must hold a state dict, got list"):
        Raft("raft_small", weights=tmp_path / "list.pth")
    with pytest.raises(InputError, match="random:SEED runs it untrained"):
        Raft("raft_small", weights=None)
    with pytest.raises(InputError, match="random:x', which does not exist"):
        Raft("raft_small", weights="random:x")


def test_iterations_must_be_positive(small_file):
    with pytest.raises(InputError, match="iterations must be at least 1"):
        Raft("raft_small", weights=small_file, iterations=0)


@needs_shared("weights/raft-small.pth")
def test_official_weights_estimate_a_shift():
    texture = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 255, (150, 150, 3), np.uint8), (0, 0), 2)
    texture = cv2.normalize(texture, None, 0, 255, cv2.NORM_MINMAX)
    frames = np.stack([texture[10:138, 10:138], texture[8:136, 13:141]])  # moves by (−3, 2)
    flow = Raft("raft_small", weights=OFFICIAL)(frames)
    np.testing.assert_allclose(np.median(flow[0, 16:-16, 16:-16], axis=(0, 1)), [-3, 2], atol=0.2)
