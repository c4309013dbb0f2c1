"""A lifter in mmengine's Runner: its loss, one row a recording, and skeletons."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from triad.fusion.estimators.lifting.model import LiftingModel


class OriginLifter(nn.Module):
    """Predicts all joints at the origin."""

    def forward(self, windows: Tensor) -> Tensor:
        return torch.zeros(len(windows), 16, 3)

    def loss(self, predicted: Tensor, target: Tensor, visible: Tensor) -> Tensor:
        return (predicted - target).norm(dim=-1)[visible].mean()


@pytest.fixture
def batch():
    target = torch.zeros(2, 3, 16, 3)
    target[1, :, :, 2] = 4.0
    visible = torch.ones(2, 3, 16, dtype=torch.bool)
    return {"data": torch.zeros(2, 3, 9, 13, 3), "target": target, "visible": visible, "dataset": ["a", "b"]}


def test_loss_covers_all_windows(batch):
    assert LiftingModel(network={"type": OriginLifter})(**batch, mode="loss")["loss"].item() == pytest.approx(2.0)


def test_prediction_has_one_row_a_recording(batch):
    rows = LiftingModel(network={"type": OriginLifter})(**batch, mode="predict")
    assert [row["dataset"] for row in rows] == ["a", "b"]
    assert rows[1]["predicted"].shape == rows[1]["true"].shape == (3, 16, 3)
    assert rows[1]["true"][..., 2].tolist() == [[4.0] * 16] * 3
    assert rows[1]["visible"].all()


def test_skeletons_are_grouped_by_recording(batch):
    assert LiftingModel(network={"type": OriginLifter})(**batch).shape == (2, 3, 16, 3)
