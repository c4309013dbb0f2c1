from pathlib import Path

import pytest

from triad.fusion.rendering import can_explain, open_explainer
from triad.fusion.training.config import build_config
from triad.modalities.checks import InputError

CONFIGS = Path(__file__).parents[3] / "configs"


def test_model_of_frames_alone_is_refused(tiny, sta_model, tmp_path):
    config = CONFIGS / "rgb/r2plus1d_small_minihome.py"
    assert not can_explain(build_config(config))
    assert can_explain(build_config(sta_model[0]))
    with pytest.raises(
        InputError, match=r"must have a skeleton stream, a fusion module or a joint head, got rgb; leave out --config"
    ):
        open_explainer(config, tmp_path / "any.pth", tiny)
