from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.meta_device import build_on_meta
from triad.modalities.video_encoders import TimmImage, TorchvisionImage, Vtn
from triad.modalities.video_encoders.temporal import RecurrentNetwork

VIT_TINY: dict[str, Any] = dict(type=TimmImage, network="vit_tiny_patch16_224", image_size=(32, 32))
VALID = torch.ones(1, 4, dtype=torch.bool)


def test_parameters_round_to_papers():
    """The paper prints 114M for ViT-B-VTN with three blocks, with Kinetics-400's classifier."""
    network = build_on_meta(partial(Vtn, frames=dict(type=TorchvisionImage, network="vit_b_16")))
    assert count_parameters(network, nn.Linear(768, 400)) == 113_502_352


def test_class_tokens_of_frames_are_read():
    torch.manual_seed(0)
    network = Vtn(frames=VIT_TINY).eval()
    data = torch.randn(1, 3, 4, 32, 32)
    with torch.no_grad():
        output = network(data, VALID)
        frames = network.frames(data, VALID)
        torch.testing.assert_close(output.taps["frames"].mean(2), frames.pooled)
        torch.testing.assert_close(network.temporal(output.taps["frames"], VALID).pooled, output.pooled)


def test_convolutional_frames_are_averaged():
    torch.manual_seed(0)
    network = Vtn(frames=dict(type=TorchvisionImage, network="shufflenet_v2_x0_5"), heads=8).eval()
    data = torch.randn(1, 3, 4, 64, 64)
    with torch.no_grad():
        output = network(data, VALID)
        expected = network.frames(data, VALID).map.mean((3, 4))
    torch.testing.assert_close(output.taps["frames"], expected)
    assert output.map.shape == (1, 1024, 4)


def test_frames_without_places_are_refused():
    with pytest.raises(InputError, match=r"map of Vtn.frames must have axes BCTHW or BTNC, got BCT"):
        Vtn(frames=dict(type=RecurrentNetwork))
