"""Checkpoints and configs that a model is loaded from, or that are refused."""

from pathlib import Path

import pytest
import torch
from trained_models import CONFIGS, load_untrained

from fusion.inference.loaded_model import load_for_inference
from modalities.checks import InputError

CONFIG = CONFIGS / "skeleton/stgcnpp_minihome.py"
OPTIONS = ["streams.skeleton.num_frames=4", "streams.skeleton.encoder.widths=(16,32)"]
CURE = "give --config with the shipped config"


@pytest.fixture(scope="module")
def checkpoint(tiny, tmp_path_factory) -> Path:
    return load_untrained(tmp_path_factory.mktemp("model"), CONFIG, tiny, OPTIONS).checkpoint


def test_classes_come_from_the_checkpoint(checkpoint):
    loaded = load_for_inference(checkpoint, CONFIG, OPTIONS)
    assert loaded.classes == ("left", "right", "still")
    assert loaded.config.model["num_classes"] == 3
    assert (loaded.clip_lengths.median, loaded.clip_lengths.longest) == (1.0, 1.0)
    assert loaded.checkpoint == checkpoint


def test_checkpoint_without_classes_is_refused(checkpoint, tmp_path):
    torch.save({"state_dict": torch.load(checkpoint, weights_only=True)["state_dict"]}, tmp_path / "old.pth")
    with pytest.raises(InputError, match=r"old.pth' must name its classes, got none; train again"):
        load_for_inference(tmp_path / "old.pth", CONFIG)


def test_checkpoint_without_clip_lengths_loads(checkpoint, tmp_path):
    content = torch.load(checkpoint, weights_only=True)
    del content["meta"]["clips"]
    torch.save(content, tmp_path / "old.pth")
    assert load_for_inference(tmp_path / "old.pth", CONFIG, OPTIONS).clip_lengths is None


def test_folder_without_config_is_refused(checkpoint):
    with pytest.raises(InputError, match=r"must hold one config, as training leaves it, got none; give --config"):
        load_for_inference(checkpoint)


@pytest.mark.parametrize(
    "config",
    [
        "streams = dict(rgb=dict(count=8))\ndata = dict(index='i', protocol='p')\nmodel = dict(num_classes=2)\n",
        "from fusion.data.clock import Clock\n",
        "model = dict(type='modalities.view.RandomView')\n",
    ],
    ids=["old key", "old import", "old class"],
)
def test_config_of_earlier_version_is_refused(checkpoint, tmp_path, config):
    (tmp_path / "last_checkpoint").write_text("epoch_1.pth")
    (tmp_path / "epoch_1.pth").write_bytes(checkpoint.read_bytes())
    (tmp_path / "model.py").write_text(config)
    with pytest.raises(InputError, match=r"config .*--config") as error:
        load_for_inference(tmp_path)
    assert "\n" not in str(error.value)
    assert load_for_inference(tmp_path, CONFIG, OPTIONS).classes == ("left", "right", "still")
