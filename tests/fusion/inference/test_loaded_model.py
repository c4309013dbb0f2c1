"""Checkpoints and configs that a model is loaded from, or that are refused."""

from pathlib import Path

import pytest
import torch
from trained_models import CONFIGS, load_untrained

from triad.fusion.inference.loaded_model import load_for_inference
from triad.modalities.checks import InputError

CONFIG = CONFIGS / "skeleton/stgcnpp_minihome.py"
OPTIONS = ["streams.skeleton.num_frames=4", "streams.skeleton.encoder.widths=(16,32)"]


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


def test_checkpoint_describes_its_model(checkpoint, tmp_path):
    path = tmp_path / "epoch_1.pth"
    path.write_bytes(checkpoint.read_bytes())
    (tmp_path / "model.py").write_text("print('code beside a checkpoint ran')\nraise SystemExit(3)\n")
    loaded = load_for_inference(path)
    expected = load_for_inference(checkpoint, CONFIG, OPTIONS)
    assert loaded.config.streams["skeleton"]["encoder"]["widths"] == (16, 32)
    weights = loaded.recognizer.state_dict()
    assert all(torch.equal(weights[name], value) for name, value in expected.recognizer.state_dict().items())


def change(checkpoint: Path, path: Path, *keys: str, value: object) -> Path:
    content = torch.load(checkpoint, weights_only=True)
    node = content["meta"]
    for key in keys[:-1]:
        node = node[key]
    node[keys[-1]] = value
    torch.save(content, path)
    return path


def test_code_beside_is_not_run(checkpoint, tmp_path, capsys):
    path = change(checkpoint, tmp_path / "epoch_1.pth", "model_config", value=None)
    (tmp_path / "model.py").write_text("print('code beside a checkpoint ran')\n")
    with pytest.raises(InputError, match=r"must describe its model in .*: --config .*/model.py"):
        load_for_inference(path)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("keys", "value", "message"),
    [
        (("model_config",), [1], "must be described by a mapping"),
        (("model_config", "model", "type"), "os.system", "must be a registered class, got 'os.system'"),
        (("model_config", "model", "type"), "antigravity", "must be a registered class"),
        (("model_config", "model", "type"), "ActionDataset", "cannot be built|must be one of"),
        (
            ("model_config", "streams", "skeleton", "encoder", "type"),
            "evil.StGcnPlusPlus",
            "must be a registered class",
        ),
        (
            ("model_config", "streams", "skeleton", "encoder", "widths"),
            (10**9, 10**9),
            "cannot be built|must have shape",
        ),
        (("model_config", "streams", "skeleton", "encoder", "widths"), "wide", "cannot be built"),
        (("model_config", "streams", "skeleton", "reader"), 3, "cannot be built"),
        (("model_config", "streams"), [], "streams"),
        (("model_config", "test_dataloader"), {}, "cannot be read"),
        (("model_config", "model"), {"type": "Recognizer", "x": [[]] * 20_001}, "at most 20000 values"),
    ],
)
def test_hostile_description_is_one_line(checkpoint, tmp_path, keys, value, message):
    path = change(checkpoint, tmp_path / "epoch_1.pth", *keys, value=value)
    with pytest.raises(InputError, match=message) as error:
        load_for_inference(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "config",
    [
        "streams = dict(rgb=dict(count=8))\ndata = dict(index='i', protocol='p')\nmodel = dict(num_classes=2)\n",
        "from triad.fusion.data.clock import Clock\n",
        "model = dict(type='modalities.view.RandomView')\n",
    ],
    ids=["old key", "old import", "old class"],
)
def test_config_of_earlier_version_is_refused(checkpoint, tmp_path, config):
    (tmp_path / "model.py").write_text(config)
    with pytest.raises(InputError, match=r"config .*|config key") as error:
        load_for_inference(checkpoint, tmp_path / "model.py")
    assert "\n" not in str(error.value)
