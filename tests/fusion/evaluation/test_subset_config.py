"""Streams taken out of the configs of joint models."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmengine.config import Config

from triad.fusion.evaluation.stream_masking import stream_subsets
from triad.fusion.evaluation.subset_config import keep_streams, streams_at_test
from triad.fusion.training.config import build_config
from triad.modalities.checks import InputError
from triad.modalities.registry import MODELS

ROOT = Path(__file__).parents[3]


def keep(name: str, data: Path, *streams: str) -> Config:
    config = build_config(ROOT / f"configs/fusion/{name}.py", data=data)
    keep_streams(config, streams)
    return config


@pytest.mark.parametrize("name", ["late_fusion_minihome", "separable_sta_minihome", "part_attention_minihome"])
def test_every_subset_builds(tiny, name):
    config = build_config(ROOT / f"configs/fusion/{name}.py", data=tiny)
    for subset in stream_subsets(streams_at_test(config)):
        reduced = keep(name, tiny, *subset)
        assert list(reduced.train_dataloader["dataset"]["streams"]) == list(subset)
        model = MODELS.build(reduced.model)
        assert set(model.test_streams) == set(subset)


def test_driven_module_goes_with_its_pose(tiny):
    config = keep("separable_sta_minihome_two_heads", tiny, "rgb")
    assert config.model["attention"] == []
    assert list(config.model["streams"]) == ["rgb"]
    assert list(config.model["pretrained"]) == ["rgb"]


def test_dropped_module_gives_streams_their_votes(tiny):
    """Without the skeleton no attention weighs the parts, so that all of them vote."""
    parts = ("left_hand", "body")
    assert keep("part_attention_minihome", tiny, *parts).model.get("fused") is None
    assert MODELS.build(keep("part_attention_minihome", tiny, *parts).model).scored_streams == list(parts)
    with_pose = keep("part_attention_minihome", tiny, *parts, "skeleton").model
    assert tuple(with_pose["attention"][0]["body_parts"]) == parts


def test_connections_go_with_their_stream(tiny):
    name = "rgb_pose_conv3d_minihome"
    reduced = keep(name, tiny, "rgb").model
    assert reduced["paired"] is None
    assert MODELS.build(reduced).paired is None
    assert keep(name, tiny, "rgb", "skeleton").model["paired"] is not None


def test_equals_keep_those_left(tiny):
    name = "attention_bottleneck_minihome"
    config = Config.fromfile(ROOT / f"configs/fusion/{name}.py", lazy_import=True, format_python_code=False)
    keep_streams(config, ["rgb", "skeleton"])
    assert config.model["attention"][0]["streams"] == ["rgb", "skeleton"]
    assert dict(config.train_dataloader["dataset"]["modality_dropout"]) == {"rgb": 0.1, "skeleton": 0.1}
    keep_streams(config, ["rgb"])
    assert config.model["attention"] == []
    assert config.train_dataloader["dataset"]["modality_dropout"] is None


def test_joint_head_needs_two_streams():
    path = ROOT / "configs/fusion/concat_head_minihome.py"
    config = Config.fromfile(path, lazy_import=True, format_python_code=False)
    keep_streams(config, ["rgb", "skeleton"])
    assert config.model["joint_head"] is not None
    keep_streams(config, ["rgb"])
    assert config.model["joint_head"] is None


def test_unknown_stream_is_refused(tiny):
    with pytest.raises(InputError, match="did you mean 'rgb'"):
        keep("late_fusion_minihome", tiny, "rgbb")
