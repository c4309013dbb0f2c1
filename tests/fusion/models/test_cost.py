from functools import partial

import torch
from tiny_recognizer import ATTENTION, STREAM
from torch import nn

from triad.fusion.attention import SeparableSTA
from triad.fusion.models import Recognizer, stream_costs
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.meta_device import build_on_meta


class PlainConv(Encoder):
    in_channels, out_channels, output_axes = 3, 4, "BCTHW"

    def __init__(self, *, kernel: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv3d(3, 4, (kernel, 1, 1), padding=(kernel // 2, 0, 0))

    def forward(self, data, valid):
        return EncoderOutput(self.conv(data))


def test_costs_of_streams_by_hand():
    streams = {
        "rgb": {**STREAM, "encoder": {"type": PlainConv}},
        "flow": {**STREAM, "encoder": {"type": PlainConv, "kernel": 3}},
    }
    attention = {"type": SeparableSTA, **ATTENTION, "hidden": 6}
    model = Recognizer(num_classes=5, streams=streams, attention=[attention]).train()
    entry = {"data": torch.zeros(1, 3, 2, 4, 4), "valid": torch.ones(1, 2, dtype=torch.bool)}
    batch = {"rgb": {**entry, "present": torch.tensor([True])}, "flow": {**entry, "present": torch.tensor([False])}}
    costs = stream_costs(model, batch | {"view": {}})
    positions = 2 * 4 * 4
    # the head of the attended stream has twice the channels
    assert costs["rgb"] == {"parameters": (3 * 4 + 4) + (8 * 5 + 5), "gmacs": (3 * 4 * positions + 8 * 5) / 1e9}
    assert costs["flow"] == {"parameters": (9 * 4 + 4) + (4 * 5 + 5), "gmacs": (9 * 4 * positions + 4 * 5) / 1e9}
    branches = 4 * 6 + 6 * 16 + 4 * 6 + 6 * 2
    assert costs["attention"] == {"parameters": branches + 6 + 16 + 6 + 2, "gmacs": branches / 1e9}
    assert model.training
    assert not batch["flow"]["present"].any()


def test_meta_device_gives_the_same():
    streams = {"rgb": {**STREAM, "encoder": {"type": PlainConv}}}
    entry = {"data": torch.zeros(1, 3, 2, 4, 4), "valid": torch.ones(1, 2, dtype=torch.bool)}
    batch = {"rgb": {**entry, "present": torch.tensor([False])}, "view": {}}
    build = partial(Recognizer, num_classes=5, streams=streams)
    model = build_on_meta(build)
    assert stream_costs(build(), batch) == stream_costs(model, batch)
    assert next(model.parameters()).is_meta
