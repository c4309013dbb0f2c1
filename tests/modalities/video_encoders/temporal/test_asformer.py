"""ASFormer has its published size, and its attention is what a mask would leave."""

from __future__ import annotations

import math

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders import Asformer, AsformerDecoders
from triad.modalities.video_encoders.temporal.asformer import instance_norm, local_attention


def test_parameters_are_published():
    """1.134 million for the 19 classes of 50 Salads and I3D's 2,048 features."""
    encoder = Asformer(in_channels=2048)
    decoders = AsformerDecoders(in_channels=64, num_classes=19, multi_label=False)
    assert count_parameters(encoder, decoders, torch.nn.Linear(64, 19)) == 1_134_476


@pytest.mark.parametrize("width", [1, 2, 4, 8, 16, 64])
def test_local_attention_equals_masked_attention(width):
    torch.manual_seed(0)
    query, key, value = torch.randn(3, 2, 4, 11).unbind(0)
    valid = torch.arange(11).expand(2, 11) < torch.tensor([[11], [7]])
    distance = torch.arange(11)[None] - torch.arange(11)[:, None]  # key − query
    is_near = (distance >= -(width // 2)) & (distance < width - width // 2)
    scores = (query.transpose(1, 2) @ key / math.sqrt(4)).masked_fill(~(is_near & valid[:, None]), -torch.inf)
    expected = (scores.softmax(-1).nan_to_num() @ value.transpose(1, 2)).transpose(1, 2)
    torch.testing.assert_close(local_attention(query, key, value, valid, width=width), expected)


def test_norm_reads_valid_times_alone():
    features = torch.tensor([[[1.0, 3.0, 99.0]]])
    normed = instance_norm(features, torch.tensor([[True, True, False]]))
    assert normed.tolist() == [[pytest.approx([-1.0, 1.0, 0.0], abs=1e-5)]]


@torch.no_grad()
def test_decoder_attends_to_features_of_encoder():
    torch.manual_seed(0)
    decoders = AsformerDecoders(in_channels=4, num_classes=3, multi_label=True, num_layers=2).eval()
    logits, features = torch.randn(1, 3, 8), torch.randn(1, 4, 8)
    valid = torch.ones(1, 8, dtype=torch.bool)
    outputs = decoders(logits, features, valid)
    assert [output.shape for output in outputs] == [logits.shape] * 3
    assert not torch.allclose(decoders(logits, features + 1, valid)[0], outputs[0])


def test_odd_channels_are_refused():
    with pytest.raises(InputError, match="channels of Asformer must be a multiple of 2, got 5"):
        Asformer(in_channels=1, channels=5)
