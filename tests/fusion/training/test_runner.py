"""Changes of a config for a GPU, checked without one."""

from __future__ import annotations

from pathlib import Path

from mmengine.optim import AmpOptimWrapper

from triad.fusion.training.config import build_config
from triad.fusion.training.config.config_checks import check_fields
from triad.fusion.training.runner import use_bfloat16

CONFIG = Path(__file__).parents[3] / "configs/skeleton/stgcnpp_minihome.py"


def test_bfloat16_config_loads_again(tmp_path):
    config = build_config(CONFIG)
    use_bfloat16(config)
    use_bfloat16(config)  # a second call changes nothing
    check_fields(config)
    assert config.optim_wrapper["type"] is AmpOptimWrapper
    assert config.optim_wrapper["dtype"] == "bfloat16"
    config.dump(tmp_path / "written.py")
    written = build_config(tmp_path / "written.py")
    assert written.optim_wrapper["type"] is AmpOptimWrapper
    assert written.optim_wrapper["optimizer"] == config.optim_wrapper["optimizer"]
