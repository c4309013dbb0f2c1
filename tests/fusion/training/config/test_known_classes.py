"""Classes that plain data may name."""

import json
from pathlib import Path

import pytest

from triad.fusion.training.config import build_config
from triad.fusion.training.config.known_classes import known_classes, own_classes, resolve_types
from triad.modalities.checks import InputError
from triad.modalities.rgb import RgbReader

ROOT = Path(__file__).resolve().parents[4]
CONFIG = ROOT / "configs/rgb/r2plus1d_small_minihome.py"


@pytest.mark.parametrize("name", ["RgbReader", "triad.RgbReader", "triad.modalities.rgb.RgbReader"])
def test_names_of_a_class_agree(name):
    node = {"readers": [{"type": name, "frame_size": [4, 4]}]}
    resolve_types(node, own_classes, "document", "cure")
    assert node["readers"][0]["type"].build() is RgbReader


@pytest.mark.parametrize(
    "name",
    [
        "os.system",
        "system",
        "evil.RgbReader",
        "mmengine.RgbReader.x",
        "antigravity",
        "triad.modalities.checks.fail",
        "triad.fusion.none.RgbReader",
        3,
        [],
        {},
    ],
)
def test_other_names_are_refused(name):
    node = {"type": name} if not isinstance(name, list | dict) else {"type": {"type": "os.system"}}
    with pytest.raises(InputError, match=r"type in document must be a registered class, got .*; cure"):
        resolve_types(node, known_classes, "document", "cure")


def test_config_in_json_equals_python(tmp_path):
    expected = build_config(CONFIG)
    expected.dump(str(tmp_path / "model.json"))
    config = build_config(tmp_path / "model.json")
    assert config.model["type"] is expected.model["type"]
    optimizers = [built.optim_wrapper["optimizer"] for built in (config, expected)]
    assert optimizers[0]["type"] is optimizers[1]["type"]
    assert optimizers[0]["lr"] == optimizers[1]["lr"]
    assert config.streams["rgb"]["reader"]["type"] is RgbReader


def test_config_in_json_names_no_function(tmp_path):
    build_config(CONFIG).dump(str(tmp_path / "model.json"))
    document = json.loads((tmp_path / "model.json").read_text())
    document["model"]["type"] = "os.system"
    (tmp_path / "model.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match=r"must be a registered class, got 'os.system'"):
        build_config(tmp_path / "model.json")
