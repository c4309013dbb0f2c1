from __future__ import annotations

import itertools

import numpy as np
import torch
from mmengine.logging import HistoryBuffer, MessageHub

from triad.fusion.training.pending_message_hub import MOST_PENDING, PendingMessageHub

NAMES = map("pending hub {}".format, itertools.count())
LOSSES = (0.1, 1 / 3, 2.5e-8)


def fill(hub: MessageHub) -> MessageHub:
    for loss in LOSSES:
        hub.update_scalar("train/lr", 0.5)
        hub.update_scalar("train/loss", torch.tensor(loss))
        hub.update_scalar("train/half", torch.tensor([loss], dtype=torch.bfloat16))
        hub.update_scalar("train/time", 1.0)
    return hub


def test_history_equals_mmengines():
    ours = fill(PendingMessageHub(next(NAMES)))
    reference = fill(MessageHub(next(NAMES)))
    assert list(ours.log_scalars) == list(reference.log_scalars)  # the order of a line of the log
    for key, expected in reference.log_scalars.items():
        for array, expected_array in zip(ours.log_scalars[key].data, expected.data, strict=True):
            assert array.dtype == expected_array.dtype
            np.testing.assert_array_equal(array, expected_array)


def test_tensors_are_read_when_wanted():
    hub = fill(PendingMessageHub(next(NAMES)))
    assert len(hub._log_scalars["train/loss"].data[0]) == 0
    assert hub.get_scalar("train/loss").current() == torch.tensor(LOSSES[-1]).item()
    assert hub.state_dict()["log_scalars"]["train/half"].data[1].tolist() == [1, 1, 1]


def test_state_holds_pending_values():
    hub = PendingMessageHub(next(NAMES))
    hub.update_scalar("train/loss", torch.tensor(2.0))
    resumed = MessageHub(next(NAMES))
    resumed.load_state_dict(hub.state_dict())
    assert resumed.get_scalar("train/loss").current() == 2


def test_later_changes_of_loss_do_not_count():
    hub = PendingMessageHub(next(NAMES))
    loss = torch.tensor(1.0, requires_grad=True) * 1
    hub.update_scalar("train/loss", loss)
    loss.detach().add_(5)
    assert hub.get_scalar("train/loss").current() == 1


def test_numbers_follow_pending_tensors():
    hub = PendingMessageHub(next(NAMES))
    for value in (torch.tensor(1.0), 2.0, torch.tensor(3.0)):
        hub.update_scalar("train/loss", value, count=2)
    values, counts = hub.get_scalar("train/loss").data
    assert values.tolist() == [1, 2, 3]
    assert counts.tolist() == [2, 2, 2]


def test_pending_tensors_are_bounded():
    hub = PendingMessageHub(next(NAMES))
    for _ in range(MOST_PENDING + 1):
        hub.update_scalar("train/loss", torch.zeros(()))
    assert not hub._pending
    assert isinstance(hub._log_scalars["train/loss"], HistoryBuffer)
