"""Reading of configs, and options that change them."""

from pathlib import Path

import pytest

from triad.fusion.training.config import load_config
from triad.modalities.checks import InputError

LEAF = Path(__file__).parents[4] / "configs/skeleton/stgcnpp_minihome.py"


def test_options_change_nested_fields():
    config = load_config(LEAF, ["streams.skeleton.num_frames=4", "param_scheduler.0.pct_start=0.5", "load_from=a.pth"])
    assert config.streams.skeleton.num_frames == 4
    assert config.param_scheduler[0]["pct_start"] == 0.5
    assert config.load_from == "a.pth"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("train_cfg.max_epochs", "must be KEY=VALUE"),
        ("train_cfg.max_epochs=many", "must be a number, as"),
        ("custom_hook=[]", r"got 'custom_hook' \(did you mean 'custom_hooks'\?\)"),
        ("param_scheduler.5.pct_start=1", "name a field of 'param_scheduler': 0, got '5'"),
    ],
)
def test_bad_options_are_refused(option, message):
    with pytest.raises(InputError, match=message):
        load_config(LEAF, [option])


@pytest.mark.parametrize("name", ["triad.fusion.data.clock.Clock", "triad.modalities.skeleton.transforms.FillLost"])
def test_config_of_earlier_version_is_refused(tmp_path, name):
    old = tmp_path / "old.py"
    old.write_text(f"train_dataloader = dict(dataset=dict(clock=dict(type='{name}')))\nmodel = dict()\n")
    message = r"config '.*old\.py' must be of this version, got one of an earlier version; give the shipped one"
    with pytest.raises(InputError, match=message):
        load_config(old)


@pytest.mark.parametrize("name", ["triad.FlowModel", "FlowModel", "triad.fusion.estimators.flow.model.FlowModel"])
def test_type_strings_become_classes(tmp_path, name):
    leaf = tmp_path / "leaf.py"
    leaf.write_text(f"data = dict(index='d', protocol='p')\nmodel = dict(type='{name}')\n")
    assert load_config(leaf).model["type"].__name__ == "FlowModel"


def test_options_give_streams_their_weights():
    """A field that the config leaves out takes the names of its streams as keys."""
    options = ["model.pretrained.rgb=rgb.pth", "model.frozen_stages.rgb=2"]
    config = load_config("configs/rgb/r2plus1d_small_jhmdb.py", options)
    assert config.model.pretrained == {"rgb": "rgb.pth"}
    assert config.model.frozen_stages == {"rgb": 2}
    with pytest.raises(InputError, match=r"'model\.pretrained': rgb, got 'rbg' \(did you mean 'rgb'\?\)"):
        load_config("configs/rgb/r2plus1d_small_jhmdb.py", ["model.pretrained.rbg=rgb.pth"])


def test_options_give_streams_their_source():
    config = load_config("configs/skeleton/stgcnpp_minihome.py", ["streams.skeleton.source=lifted_thunder"])
    assert config.streams.skeleton.source == "lifted_thunder"
    with pytest.raises(InputError, match=r"name a field of 'streams.skeleton': .*source.*, got 'sorce' \(did you mean"):
        load_config("configs/skeleton/stgcnpp_minihome.py", ["streams.skeleton.sorce=lifted_thunder"])
