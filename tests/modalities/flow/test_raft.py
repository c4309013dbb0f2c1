import numpy as np
import pytest
import torch
from shared_data import needs_shared, shared_path
from torchvision.models.optical_flow import raft_large, raft_small

from modalities.checks import InputError
from modalities.flow.estimators.raft import Raft
from modalities.flow.networks.raft_preprocessing import pairs_per_pass, raft_padding
from modalities.flow.networks.raft_weights import to_torchvision_names

SHARED = shared_path("")
OFFICIAL = SHARED / "weights/raft-small.pth"


def official_names_of_raft_large():
    """Names of the official RAFT-large: both encoders, update block; instance norms have no parameters."""

    names = []
    conv = ("weight", "bias")
    norm = (*conv, "running_mean", "running_var", "num_batches_tracked")
    for net, norms in (("fnet", False), ("cnet", True)):
        modules = [("conv1", conv), ("conv2", conv)] + ([("norm1", norm)] if norms else [])
        for layer in (1, 2, 3):
            for block in (0, 1):
                at = f"layer{layer}.{block}"
                modules += [(f"{at}.conv1", conv), (f"{at}.conv2", conv)]
                modules += [(f"{at}.norm1", norm), (f"{at}.norm2", norm)] if norms else []
                if block == 0 and layer > 1:
                    modules += [(f"{at}.downsample.0", conv)]
                    modules += [(f"{at}.norm3", norm), (f"{at}.downsample.1", norm)] if norms else []
        names += [f"module.{net}.{module}.{kind}" for module, kinds in modules for kind in kinds]
    update = ["encoder.convc1", "encoder.convc2", "encoder.convf1", "encoder.convf2", "encoder.conv"]
    update += [f"gru.conv{gate}{turn}" for turn in (1, 2) for gate in "zrq"]
    update += ["flow_head.conv1", "flow_head.conv2", "mask.0", "mask.2"]
    return [*names, *(f"module.update_block.{module}.{kind}" for module in update for kind in conv)]


@pytest.fixture(scope="module")
def small_file(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("raft") / "small.pth"
    torch.save(raft_small(weights=None).state_dict(), path)
    return path


def test_official_names_of_raft_large_are_all_torchvision_s():
    named = to_torchvision_names({name: torch.zeros(()) for name in official_names_of_raft_large()}, large=True)
    assert set(named) == set(raft_large(weights=None).state_dict())


def test_torchvision_names_pass_unchanged():
    for build, large in ((raft_small, False), (raft_large, True)):
        names = list(build(weights=None).state_dict())
        assert list(to_torchvision_names(dict.fromkeys(names), large=large)) == names


@pytest.mark.parametrize(("height", "width"), [(120, 160), (30, 20), (129, 128), (240, 320)])
def test_padding_reaches_the_smallest_size_and_whole_cells(height, width):
    left, right, top, bottom = raft_padding(height, width)
    assert (height + top + bottom) % 8 == (width + left + right) % 8 == 0
    assert min(height + top + bottom, width + left + right) >= 128
    assert 0 <= right - left <= 1
    assert (height + top + bottom) - max(height, 128) < 8


def test_any_size_and_number_of_frames(small_file):
    raft = Raft("raft_small", weights=small_file, iterations=1)
    frames = np.random.default_rng(0).integers(0, 255, (3, 61, 83, 3), np.uint8)
    flow = raft(frames)
    assert flow.shape == (2, 61, 83, 2)
    assert flow.dtype == np.float32
    assert np.isfinite(flow).all()
    assert raft.provenance["settings"]["iterations"] == 1
    assert len(raft.provenance["weights_sha256"]) == 64


@pytest.mark.parametrize(("name", "height", "width"), [("raft_small", 128, 128), ("raft_large", 136, 128)])
def test_pairs_are_those_of_torchvision(name, height, width):
    """Every pair of a video against torchvision called on that pair alone."""
    raft = Raft(name, weights="random:0", iterations=2)
    frames = np.random.default_rng(1).integers(0, 255, (4, height, width, 3), np.uint8)
    pictures = torch.from_numpy(frames).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.inference_mode():
        pairs = [raft.network(pictures[at : at + 1], pictures[at + 1 : at + 2], num_flow_updates=2) for at in range(3)]
    expected = torch.cat([flows[-1] for flows in pairs]).permute(0, 2, 3, 1).numpy()
    np.testing.assert_allclose(raft(frames), expected, atol=1e-5, rtol=1e-6)


def test_pairs_of_a_pass_fit_a_bound_of_memory():
    pads = raft_padding(240, 320)  # 30 × 40 cells, 1.92 million correlations a pair
    assert pairs_per_pass(240, 320, pads, max_pairs=8, max_correlations=1 << 28) == 8
    assert pairs_per_pass(240, 320, pads, max_pairs=8, max_correlations=10_000_000) == 5
    assert pairs_per_pass(240, 320, pads, max_pairs=8, max_correlations=1) == 1


def test_random_weights_are_asked_for_by_name_and_seed():
    state = torch.get_rng_state()
    first, again, other = (Raft("raft_small", weights=f"random:{seed}") for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), state)
    assert first.provenance["weights"] == "random:3"
    assert "weights_sha256" not in first.provenance
    one, same, another = (each.network.feature_encoder.conv.weight for each in (first, again, other))
    assert torch.equal(one, same)
    assert not torch.equal(one, another)
    with pytest.raises(InputError, match="random:SEED runs it untrained"):
        Raft("raft_small", weights=None)
    with pytest.raises(InputError, match="random:x', which does not exist"):
        Raft("raft_small", weights="random:x")


def test_devices_that_are_not_there(small_file):
    with pytest.raises(InputError, match="--device must be one that torch knows and this machine has, got 'gpu'"):
        Raft("raft_small", weights=small_file, device="gpu")


def test_weights_that_do_not_fit(tmp_path, small_file):
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
    with pytest.raises(InputError, match="iterations must be at least 1"):
        Raft("raft_small", weights=small_file, iterations=0)


@needs_shared("weights/raft-small.pth")
def test_official_weights_see_a_shift():
    import cv2

    texture = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 255, (150, 150, 3), np.uint8), (0, 0), 2)
    texture = cv2.normalize(texture, None, 0, 255, cv2.NORM_MINMAX)
    frames = np.stack([texture[10:138, 10:138], texture[8:136, 13:141]])  # moves by (−3, 2)
    flow = Raft("raft_small", weights=OFFICIAL)(frames)
    np.testing.assert_allclose(np.median(flow[0, 16:-16, 16:-16], axis=(0, 1)), [-3, 2], atol=0.2)
