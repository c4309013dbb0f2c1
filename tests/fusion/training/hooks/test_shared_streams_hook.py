"""A config whose model and datasets read different streams is refused before anything runs."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from triad.fusion.training.config import build_config
from triad.fusion.training.hooks import SharedStreamsHook
from triad.modalities.checks import InputError

CONFIGS = Path(__file__).parents[4] / "configs"


def check(config) -> None:
    SharedStreamsHook().before_run(SimpleNamespace(cfg=config))


@pytest.mark.parametrize(
    "leaf", ["skeleton/stgcnpp_minihome.py", "estimators/raft_small.py", "estimators/tcn27_lift.py"]
)
def test_built_configs_pass(leaf):
    check(build_config(CONFIGS / leaf))


def test_model_of_other_streams_is_refused():
    config = build_config(CONFIGS / "skeleton/stgcnpp_minihome.py")
    config.merge_from_dict({"model.streams.skeleton.num_frames": 3})
    with pytest.raises(InputError, match=r"'model\.streams' must be 'streams' of the config, got another; change"):
        check(config)


def test_dataset_of_other_index_is_refused():
    config = build_config(CONFIGS / "skeleton/stgcnpp_minihome.py")
    config.merge_from_dict({"val_dataloader.dataset.index": "elsewhere"})
    with pytest.raises(InputError, match=r"'val_dataloader\.dataset\.index' must be 'data/minihome' as data\.index"):
        check(config)
