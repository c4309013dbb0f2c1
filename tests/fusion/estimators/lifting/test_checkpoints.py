"""Loading of lifters by the model that their config names."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from triad.fusion.estimators.lifting.checkpoints import load_lifter
from triad.fusion.training.config import build_config
from triad.modalities.checks import InputError
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.lifting import WindowLifter

CONFIG = Path(__file__).resolve().parents[4] / "configs/estimators/tcn27_lift.py"


def test_trained_weights_are_loaded(tmp_path: Path):
    pytest.importorskip("mmpose")
    model = MODELS.build(build_config(CONFIG).model)
    torch.save({"state_dict": model.state_dict(), "meta": {}}, tmp_path / "epoch_1.pth")
    lifter = load_lifter(CONFIG, tmp_path / "epoch_1.pth")
    assert isinstance(lifter, WindowLifter)
    for name, value in model.network.state_dict().items():
        torch.testing.assert_close(lifter.network.state_dict()[name], value)
    assert len(lifter.provenance["weights"]["sha256"]) == 64


def test_other_configs_are_refused(tmp_path: Path):
    (tmp_path / "broken.py").write_text("model = dict(\n")
    with pytest.raises(InputError, match=r"config '.*broken.py' cannot be read: SyntaxError"):
        load_lifter(tmp_path / "broken.py", "weights.pth")
    with pytest.raises(InputError, match=r"config of a lifter must be a file, got '.*missing.py'"):
        load_lifter(tmp_path / "missing.py", "weights.pth")
    (tmp_path / "other.py").write_text("model = dict(type='TopdownPoseEstimator')\n")
    (tmp_path / "weights.pth").write_text("none")
    with pytest.raises(InputError, match="must be a PoseLifter, got TopdownPoseEstimator"):
        load_lifter(tmp_path / "other.py", tmp_path / "weights.pth")
