"""show: picture of a sample, with and without an explanation of a model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from triad.fusion.training.config import build_config
from triad.modalities.registry import MODELS

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
CONFIG = CONFIGS / "skeleton/stgcnpp_minihome.py"
SMALL = ("streams.skeleton.num_frames=4", "streams.skeleton.encoder.widths=(16,16,32,32,64,64)")


@pytest.fixture
def checkpoint(tiny, tmp_path):
    settings = build_config(CONFIG, options=SMALL, data=tiny)
    path = tmp_path / "model.pth"
    torch.save({"state_dict": MODELS.build(settings.model).state_dict()}, path)
    return path


def test_model_adds_explanation(command, tiny, checkpoint, tmp_path):
    sizes = []
    for words in ([], ["--config", CONFIG, "--checkpoint", checkpoint, "--cfg-options", *SMALL]):
        code, out, _ = command("show.py", tiny, "left_s01", "--count", 2, "--out", tmp_path / "a.png", *words)
        assert code == 0
        assert out.strip() == str(tmp_path / "a.png")
        sizes.append(Image.open(tmp_path / "a.png").size)
    assert sizes[0][0] == sizes[1][0]
    assert sizes[1][1] > sizes[0][1] + 300


def test_unexplainable_model_is_refused(command, tiny, checkpoint):
    config = CONFIGS / "rgb/r2plus1d_small_minihome.py"
    code, _, err = command("show.py", tiny, "left_s01", "--config", config, "--checkpoint", checkpoint)
    assert code == 1
    assert err.strip().splitlines()[-1].startswith("error: model to explain must have a skeleton stream")
    assert command("show.py", tiny, "left_s01", "--config", CONFIG)[0] == 2


def test_maps_are_written(command, tiny, checkpoint, tmp_path):
    """ST-GCN++ has no fusion module, but a graph."""
    model = ("--config", CONFIG, "--checkpoint", checkpoint, "--cfg-options", *SMALL)
    code, out, err = command(
        "show.py", tiny, "left_s01", "--out", tmp_path / "a.png", "--maps", tmp_path / "a.npz", *model
    )
    assert (code, out) == (0, f"{tmp_path / 'a.png'}\n{tmp_path / 'a.npz'}\n"), err
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert arrays["maps"].tolist() == ["graph of skeleton"]
        assert arrays["weights/graph of skeleton"].shape == (1, 4, 16, 16)
    assert command("show.py", tiny, "left_s01", "--maps", tmp_path / "a.npz")[0] == 2
    assert command("show.py", tiny, "left_s01", "--maps", tmp_path / "a.png", *model)[0] == 2


def test_filters_of_config_and_checkpoint(command, tmp_path):
    config = CONFIGS / "rgb/r2plus1d_small_minihome.py"
    torch.manual_seed(0)
    path = tmp_path / "model.pth"
    torch.save({"state_dict": MODELS.build(build_config(config).model).state_dict()}, path)
    for model in (config, path):
        picture = tmp_path / f"{model.suffix[1:]}.png"
        code, out, err = command("show.py", "--filters", model, picture)
        assert (code, out) == (0, f"{picture}\n"), err
    assert Image.open(tmp_path / "py.png").size == Image.open(tmp_path / "pth.png").size
    code, _, err = command("show.py", "--filters", CONFIG, tmp_path / "a.png")
    assert code == 1
    assert "must have a convolution over images" in err
    assert command("show.py")[0] == command("show.py", "x", "y", "--filters", config, path)[0] == 2


def test_timeline_is_drawn(command, tmp_path, one_line):
    video = {"duration": 4.0, "truth": [{"start": 0.0, "end": 2.0, "label": "drink"}], "predicted": []}
    (tmp_path / "timeline.json").write_text(json.dumps({"videos": {"v1": video}}))
    words = ("--timeline", tmp_path / "timeline.json", "--out", tmp_path / "v1.png")
    assert command("show.py", "v1", *words)[0] == 0
    assert (tmp_path / "v1.png").read_bytes().startswith(b"\x89PNG")
    code, _, err = command("show.py", "v2", *words)
    assert (code, "such as v1" in one_line(err)) == (1, True)
    assert command("show.py", *words)[0] == 2
