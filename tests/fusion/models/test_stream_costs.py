"""Cost of a stream: hand-checked on one convolution and one head."""

import torch
from torch import nn

from fusion.attention import SeparableSTA
from fusion.models import Recognizer
from fusion.models.cost import stream_costs
from modalities.encoder import Encoder


class Passing(nn.Module):
    def forward(self, entry, view):
        return entry["data"], entry["valid"]


class Pointwise(Encoder):
    in_channels, out_channels, output_axes = 3, 4, "BCTHW"

    def __init__(self, *, kernel: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv3d(3, 4, (kernel, 1, 1), padding=(kernel // 2, 0, 0))

    def forward(self, data, valid):
        return {"map": self.conv(data)}


def test_each_stream_is_its_encoder_and_head_and_the_attention_is_itself():
    streams = {
        "rgb": {"transform": {"type": Passing}, "encoder": {"type": Pointwise}},
        "flow": {"transform": {"type": Passing}, "encoder": {"type": Pointwise, "kernel": 3}},
    }
    attention = dict(type=SeparableSTA, video="rgb", pose="flow", video_channels=4, pose_channels=4, grid=(2, 4, 4))
    model = Recognizer(num_classes=5, streams=streams, attention={**attention, "hidden": 6}).train()
    entry = {"data": torch.zeros(1, 3, 2, 4, 4), "valid": torch.ones(1, 2, dtype=torch.bool)}
    batch = {"rgb": {**entry, "present": torch.tensor([True])}, "flow": {**entry, "present": torch.tensor([False])}}
    costs = stream_costs(model, batch | {"view": {}})
    places = 2 * 4 * 4
    # the head of the attended stream reads twice the channels
    assert costs["rgb"] == {"parameters": (3 * 4 + 4) + (8 * 5 + 5), "gmacs": (3 * 4 * places + 8 * 5) / 1e9}
    assert costs["flow"] == {"parameters": (9 * 4 + 4) + (4 * 5 + 5), "gmacs": (9 * 4 * places + 4 * 5) / 1e9}
    branches = 4 * 6 + 6 * 16 + 4 * 6 + 6 * 2
    assert costs["attention"] == {"parameters": branches + 6 + 16 + 6 + 2, "gmacs": branches / 1e9}
    assert model.training
    assert not batch["flow"]["present"].any()
