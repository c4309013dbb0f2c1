"""Accuracy of several models on the same corrupted samples."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from triad.fusion.evaluation.robustness import corruptions_for, load_models
from triad.fusion.training.config import build_config
from triad.modalities.checks import InputError
from triad.modalities.registry import MODELS

CONFIGS = Path(__file__).parents[3] / "configs/fusion"
OPTIONS = (
    *("streams.rgb.num_frames=4", "streams.rgb.transform.size=(32,32)", "streams.skeleton.num_frames=4"),
    "test_dataloader.num_workers=0",
)
NAMES = ("late_fusion_minihome", "separable_sta_minihome")


@pytest.fixture(scope="module")
def checkpoints(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """Config and checkpoint of two untrained models."""
    folder = tmp_path_factory.mktemp("robustness")
    pairs = []
    for name in NAMES:
        torch.manual_seed(0)
        config = build_config(CONFIGS / f"{name}.py", options=OPTIONS, data=tiny)
        torch.save({"state_dict": MODELS.build(config.model).state_dict()}, folder / f"{name}.pth")
        pairs.append((CONFIGS / f"{name}.py", folder / f"{name}.pth"))
    return pairs


def test_corruptions_fit_the_streams():
    kinds = {corruption.kind for corruption in corruptions_for({"skeleton": "skeleton"})}
    assert kinds == {"joints_dropped", "joint_noise", "frames_lost"}
    both = corruptions_for({"rgb": "rgb", "skeleton": "skeleton"})
    assert [one.streams for one in both if one.kind == "absent"] == [("rgb",), ("skeleton",)]
    assert {one.streams for one in both if one.kind == "time_offset"} == {("skeleton",)}


def test_other_clips_are_refused(tiny: Path, checkpoints: list[tuple[Path, Path]], tmp_path: Path):
    other = tmp_path / "other.py"
    other.write_text(
        (CONFIGS / "late_fusion_minihome.py").read_text().replace("from ..", "from configs.")
        + 'streams["skeleton"]["num_frames"] = 7\n'
    )
    options = [option for option in OPTIONS if not option.startswith("streams.skeleton")]
    with pytest.raises(InputError, match=r"model 'other' must read the clips of 'late_fusion_minihome'"):
        load_models([checkpoints[0], (other, checkpoints[0][1])], data=tiny, options=options)
