"""Rows of the zoo against counts by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from triad.fusion.training.config import build_config
from triad.fusion.training.zoo import (
    blank_clips,
    build_without_weights,
    describe,
    fill_clip,
    find_leaves,
    max_persons_of,
)
from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders import TimmImage

CONFIGS = Path(__file__).resolve().parents[3] / "configs"


def test_stgcnpp_ntu60_has_published_figures() -> None:
    row = describe(CONFIGS / "skeleton/stgcnpp_ntu60.py")
    encoder = 1_403_144 - (256 * 60 + 60)
    head = 256 * 60 + 60  # weights and biases of the classifier
    assert row["parameters"] == encoder + head
    assert row["gmacs"] == pytest.approx(2.925, rel=1e-3)
    assert row["input"] == [{"stream": "skeleton", "axes": "MCTV", "shape": [2, 3, 100, 25]}]
    assert (row["config"], row["model"], row["modality"]) == (
        "configs/skeleton/stgcnpp_ntu60.py",
        "StGcnPlusPlus",
        "skeleton",
    )
    published = row["published"]
    assert (published["parameters"], published["gmacs"], published["differs"]) == (1_403_144, 2.925, [])


def test_ctrgcn_parameters_follow_joints_and_classes() -> None:
    nucla, ntu = (describe(CONFIGS / f"skeleton/ctrgcn_{name}.py") for name in ("nucla", "ntu60"))
    assert nucla["parameters"] == 1_426_892
    assert ntu["parameters"] == 1_446_672
    assert nucla["input"][0]["shape"] == [1, 3, 52, 20]
    # NTU has five joints more in the 3 graphs of 10 stages, and norms of 2 · 25 joints instead of 20
    graphs = 10 * 3 * (25**2 - 20**2)
    norms = 2 * 3 * (2 * 25 - 20)
    assert ntu["parameters"] - 257 * 60 - (nucla["parameters"] - 257 * 10) == graphs + norms


def test_wide_skeleton_networks_have_published_figures() -> None:
    wide_leaves = [path for path in CONFIGS.glob("skeleton/*_nucla.py") if not path.stem.startswith("stgcnpp")]
    rows = [describe(path) for path in wide_leaves]
    assert {row["model"] for row in rows} == {
        *("StGcn", "TwoStreamAgcn", "Aagcn", "CtrGcn", "MsG3d"),
        *("Sgn", "ShiftGcn", "Hyperformer", "SkeletonLstm"),
    }
    assert all(row["published"] is not None for row in rows)
    smarthome = describe(CONFIGS / "skeleton/agcn_smarthome.py")
    assert smarthome["parameters"] == smarthome["published"]["parameters"] == 3_449_847
    assert smarthome["published"]["differs"] == []


def test_narrow_and_fused_networks_are_unpublished() -> None:
    narrow = describe(CONFIGS / "skeleton/stgcnpp_minihome.py")
    fused = describe(CONFIGS / "fusion/separable_sta_minihome_two_heads.py")
    assert narrow["published"] is fused["published"] is None
    assert fused["modality"] == "rgb+skeleton"
    assert fused["model"] == "SmallR2Plus1d + StGcnPlusPlus + SeparableSTA"
    assert [(row["stream"], row["axes"]) for row in fused["input"]] == [("rgb", "CTHW"), ("skeleton", "MCTV")]
    rgb = describe(CONFIGS / "rgb/r2plus1d_small_minihome.py")
    assert fused["parameters"] > rgb["parameters"] + narrow["parameters"]
    assert fused["gmacs"] > rgb["gmacs"] + narrow["gmacs"]


def test_network_is_built_without_weights() -> None:
    config = build_config(CONFIGS / "rgb/r2plus1d_18_jhmdb.py")
    config.streams["rgb"]["encoder"]["weights"] = "not_here.pth"
    config.model["pretrained"] = {"rgb": "not_here.pth"}
    model = build_without_weights(config)
    assert all(tensor.is_meta for tensor in (*model.parameters(), *model.encoders.buffers()))
    assert config.streams["rgb"]["encoder"]["weights"] == "not_here.pth"


def test_frames_with_network_over_time_are_named() -> None:
    config = build_config(CONFIGS / "rgb/gru_jhmdb.py")
    config.model["streams"]["rgb"]["encoder"]["frames"]["weights"] = "not_here.pth"
    config.streams["rgb"]["encoder"]["frames"]["weights"] = "not_here.pth"
    assert all(parameter.is_meta for parameter in build_without_weights(config).parameters())
    row = describe(CONFIGS / "rgb/gru_jhmdb.py")
    assert row["model"] == "RecurrentNetwork(gru, TimmImage(tf_efficientnet_lite0))"
    gru = 3 * 256 * (1280 + 256)
    frames = TimmImage(network="tf_efficientnet_lite0")
    assert row["parameters"] == count_parameters(frames) + gru + 6 * 256 + 257 * 14


def test_filled_clip_has_all_persons() -> None:
    config = build_config(CONFIGS / "skeleton/stgcnpp_ntu60.py")
    assert max_persons_of(config) == 2
    config.data["index"] = "data/ntu61"
    with pytest.raises(InputError, match="did you mean 'ntu60'"):
        max_persons_of(config)
    assert {name: len(clip.times) for name, clip in blank_clips(config).items()} == {"skeleton": 100}
    clip = fill_clip(blank_clips(config, max_times=7)["skeleton"], 2)
    assert clip.keypoints.shape == (2, 7, 25, 3)
    np.testing.assert_array_equal(clip.scores, np.ones((2, 7, 25)))
    assert clip.valid.all()


def test_folder_without_configs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "_base_").mkdir()
    (tmp_path / "_base_/runtime.py").touch()
    with pytest.raises(InputError, match="must hold configs"):
        find_leaves(tmp_path)
