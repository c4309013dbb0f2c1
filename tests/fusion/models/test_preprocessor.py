import torch
from torch import nn

from triad.fusion.models import Preprocessor


class AddFlip(nn.Module):
    def forward(self, entry, view):
        return entry["data"] + view["flip"].view(-1, 1), ~entry["valid"]


def test_each_stream_gets_its_transform():
    entry = {"data": torch.zeros(2, 3), "valid": torch.ones(2, 3, dtype=torch.bool), "times": torch.ones(2, 3)}
    data = {"rgb": entry, "flow": entry, "view": {"flip": torch.tensor([0.0, 1.0])}}
    batch = Preprocessor(transforms={"rgb": AddFlip()})(data)["batch"]
    assert batch["rgb"]["data"].tolist() == [[0, 0, 0], [1, 1, 1]]
    assert not batch["rgb"]["valid"].any()
    assert torch.equal(batch["rgb"]["times"], entry["times"])
    assert torch.equal(batch["flow"]["data"], entry["data"])
    assert not entry["data"].any()  # the input is not changed
