"""Every leaf config: it is read and complete, its model learns from what its readers give, little is written twice."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from fusion.data.collate import collate
from fusion.data.dataset import Clip, Sample
from fusion.datasets import get_protocols
from fusion.training.config import build_config
from fusion.training.config.config_checks import check_fields
from fusion.training.zoo import blank_clips, find_leaves, persons_of, shown
from modalities.augmentation import SpatialAugmentation
from modalities.clips import PoseClip, RgbClip
from modalities.registry import MODELS
from modalities.sampling import Span

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
LEAVES = find_leaves(CONFIGS)
SIZE = 2  # samples of a batch
TIMES = 16  # of a clip at most: which parameters learn does not depend on more, and published clips have up to 400


def filled(clip: Clip, rng: np.random.Generator) -> Clip:
    """A reader's blank clip with something in it."""
    if isinstance(clip, PoseClip):
        unit = 100 if clip.keypoints.shape[-1] == 2 else 1  # pixels, metres
        return replace(clip, keypoints=(unit * rng.uniform(0.5, 1.5, clip.keypoints.shape)).astype(np.float32))
    data = rng.integers(0, 256, clip.data.shape) if isinstance(clip, RgbClip) else rng.normal(0, 2, clip.data.shape)
    return replace(clip, data=data.astype(clip.data.dtype))


def batch_for(config, rng: np.random.Generator) -> dict:
    """A batch as the config's own readers would fill it."""
    samples = []
    for number in range(SIZE):
        blank = blank_clips(config, most=TIMES)
        clips = {name: filled(shown(clip, persons_of(config)), rng) for name, clip in blank.items()}
        view = SpatialAugmentation(x=0.1, width=0.8, flip=number == 1)
        samples.append(Sample(f"s{number}", number, 0, Span(0.0, 1.0), view, clips, dict.fromkeys(clips, True)))
    return collate(samples)


@pytest.mark.parametrize("path", LEAVES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_builds_and_every_parameter_learns(path):
    config = build_config(path)
    check_fields(config)
    assert config.data["protocol"] in get_protocols(Path(config.data["index"]).name)
    torch.manual_seed(0)
    model = MODELS.build(config.model).train()
    for parameter in model.parameters():  # what starts at zero keeps what it multiplies from learning, for one step
        if parameter.requires_grad and not parameter.any():
            nn.init.normal_(parameter, std=0.2)
    batch = model.data_preprocessor(batch_for(config, np.random.default_rng(0)), True)
    losses = model(**batch, mode="loss")
    assert {f"loss_{name}" for name in config.streams} <= set(losses)
    sum(losses.values()).backward()
    silent = [
        name
        for name, parameter in model.named_parameters()
        if parameter.requires_grad and not (parameter.grad is not None and (parameter.grad != 0).any())
    ]
    assert not silent
    assert all(torch.isfinite(parameter.grad).all() for parameter in model.parameters() if parameter.requires_grad)


@pytest.mark.parametrize("path", LEAVES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_says_what_it_is_and_validation_is_not_test(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))
    config = build_config(path)
    splits = [config[f"{part}_dataloader"]["dataset"]["split"] for part in ("train", "val", "test")]
    assert splits == ["train", "val", "test"]
    assert [
        config[f"{part}_dataloader"]["dataset"].get("augmentation") is None for part in ("train", "val", "test")
    ] == [
        False,
        True,
        True,
    ]


def test_there_are_configs_of_every_kind():
    assert {"rgb", "flow", "skeleton", "fusion"} <= {path.parent.name for path in LEAVES}


def test_little_is_written_twice():
    """Copied configs are what users of this field complain of most: 23.8 in pyskl, 12.7 in mmaction2."""
    lines = [line.strip() for path in CONFIGS.rglob("*.py") for line in path.read_text("utf-8").splitlines()]
    lines = [line for line in lines if line]
    assert len(lines) / len(set(lines)) < 2
