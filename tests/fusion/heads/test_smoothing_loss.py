"""Scores that jump cost something."""

from __future__ import annotations

import pytest
import torch

from triad.fusion.heads import truncated_smoothing_loss

VALID = torch.ones(1, 3, dtype=torch.bool)


def test_jump_by_hand():
    """log σ jumps from ln ½ to ln ¾ and stays: one of two pairs costs (ln 1.5)²."""
    logits = torch.tensor([[[0.0, torch.tensor(3.0).log(), torch.tensor(3.0).log()]]])
    loss = truncated_smoothing_loss(logits, VALID, multi_label=True)
    assert loss.item() == pytest.approx(0.405465**2 / 2, abs=1e-5)


def test_large_jumps_are_cut():
    logits = torch.tensor([[[0.0, -99.0, -99.0]]])
    assert truncated_smoothing_loss(logits, VALID, multi_label=True).item() == pytest.approx(16 / 2)


def test_invalid_times_cost_nothing():
    logits = torch.tensor([[[0.0, 0.0, -99.0]]])
    valid = torch.tensor([[True, True, False]])
    assert truncated_smoothing_loss(logits, valid, multi_label=True).item() == 0
    assert truncated_smoothing_loss(logits, valid & False, multi_label=True).item() == 0


def test_softmax_ignores_common_shift():
    logits = torch.tensor([[[0.0, 5.0, 9.0], [0.0, 5.0, 9.0]]])
    assert truncated_smoothing_loss(logits, VALID, multi_label=False).item() == pytest.approx(0, abs=1e-10)


def test_earlier_time_has_no_gradient():
    logits = torch.tensor([[[0.0, 1.0]]], requires_grad=True)
    truncated_smoothing_loss(logits, VALID[:, :2], multi_label=True).backward()
    assert logits.grad[0, 0, 0] == 0
    assert logits.grad[0, 0, 1] != 0
