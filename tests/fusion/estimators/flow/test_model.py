"""A flow network in mmengine's Runner: its loss, the errors of each pair, and the flow itself."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from triad.fusion.estimators.flow.model import FlowModel

SHAPE = (2, 4, 6)


class ConstantFlow(nn.Module):
    """Predicts one pixel to the right everywhere."""

    stride = 1
    min_size = 1

    def forward(self, first: Tensor, second: Tensor) -> list[Tensor]:
        batch, _, height, width = first.shape
        flow = torch.zeros(batch, 2, height, width)
        flow[:, 0] = 1
        return [flow]

    def loss(self, estimates: list[Tensor], flow: Tensor) -> Tensor:
        return (estimates[-1] - flow).abs().mean()


@pytest.fixture
def batch():
    frames = torch.zeros((*SHAPE, 3), dtype=torch.uint8)
    flow = torch.zeros(2, 2, 4, 6)
    flow[:, 0] = 3
    return {"first": frames, "second": frames, "flow": flow, "id": ["0", "1"]}


def test_loss_by_hand(batch):
    model = FlowModel(network={"type": ConstantFlow})
    assert model(**batch, mode="loss")["loss"].item() == pytest.approx(1.0)  # 2 pixels in one of two components


def test_errors_are_of_each_pair(batch):
    model = FlowModel(network={"type": ConstantFlow})
    rows = model(**batch, mode="predict")
    assert [row["epe"] for row in rows] == [pytest.approx(2.0)] * 2
    assert [row["epe_zero_flow"] for row in rows] == [pytest.approx(3.0)] * 2
    assert model(**batch)[:, 0].unique().tolist() == [1]
