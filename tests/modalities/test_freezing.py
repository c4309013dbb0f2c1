from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.freezing import freeze, frozen_modules
from triad.modalities.skeleton.encoders import StGcn
from triad.modalities.video_encoders import InceptionI3d, JointViViT, SmallR2Plus1d, TimmImage, TorchvisionImage


def trainable(encoder: nn.Module) -> set[str]:
    """Return the first two parts of the names of all trainable parameters."""
    names = [name for name, parameter in encoder.named_parameters() if parameter.requires_grad]
    return {".".join(name.split(".")[:2]) for name in names}


@pytest.mark.parametrize(("num_stages", "expected"), [(0, {0, 1, 2, 3}), (1, {1, 2, 3}), (3, {3}), (4, set())])
def test_stages_after_the_depth_learn(num_stages: int, expected: set[int]):
    encoder = SmallR2Plus1d()
    freeze(encoder, num_stages)
    assert trainable(encoder) == {f"layers.{stage}" for stage in expected}


def test_what_runs_before_freezes_too():
    graph = StGcn(layout="minihome16", widths=(16, 16, 32))
    freeze(graph, 1)
    assert trainable(graph) == {"blocks.1", "blocks.2"}
    transformer = JointViViT(channels=16, depth=2, heads=2, image_size=32, num_frames=4)
    freeze(transformer, 1)
    assert "blocks.1" in trainable(transformer)
    assert not {name for name in trainable(transformer) if name.split(".")[0] not in ("blocks", "norm")}


@pytest.mark.parametrize(
    ("encoder", "num_stages"),
    [(partial(TimmImage, network="tf_efficientnet_lite0"), 9), (partial(TorchvisionImage, network="resnet18"), 5)],
)
def test_image_networks_freeze_by_stage(encoder: partial[nn.Module], num_stages: int):
    network = encoder()
    freeze(network, num_stages - 1)
    assert trainable(network) == {f"layers.{num_stages - 1}"}


def test_end_points_are_stages():
    with torch.device("meta"):
        encoder = InceptionI3d()
    freeze(encoder, encoder.end_points.index("Mixed_5b"))
    assert {name.split(".")[0] for name in trainable(encoder)} == {"Mixed_5b", "Mixed_5c"}


def test_wrong_depths_are_refused():
    with pytest.raises(InputError, match=r"frozen_stages of SmallR2Plus1d must be 0 to 4, its number of stages, got 5"):
        frozen_modules(SmallR2Plus1d(), 5)
    with pytest.raises(InputError, match=r"be left out, because the network has no list of stages, got 1; name the"):
        frozen_modules(nn.Linear(2, 2), 1)
