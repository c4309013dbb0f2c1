"""Training does without oneDNN where its gradient would crash the process."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
import torch
from torch import nn

from triad.modalities.strided_convolutions import find_unsafe, safe_gradients

UNSAFE = nn.Conv2d(8, 16, 1, stride=(2, 1))
TRAINING = """
import torch
from triad.modalities.strided_convolutions import safe_gradients
torch.set_num_threads(2)
model = torch.nn.Conv2d(8, 16, 1, stride=(2, 1))
with safe_gradients(model):
    for batch in (1, 2, 8, 32):
        for times in (4, 13, 64):
            for joints in (17, 25):
                clip = torch.randn(batch, 8, times, joints).contiguous(memory_format=torch.channels_last)
                model(clip.requires_grad_()).square().mean().backward()
"""


@pytest.mark.parametrize(
    ("convolution", "is_unsafe"),
    [
        (UNSAFE, True),
        (nn.Conv3d(15, 64, 1, stride=2), True),
        (nn.Conv1d(32, 32, 1, stride=2, groups=4), True),
        (nn.Conv2d(16, 16, 1, stride=2), False),
        (nn.Conv2d(8, 16, 1), False),
        (nn.Conv2d(8, 16, (3, 1), stride=2), False),
    ],
)
def test_narrow_strided_pointwise_ones_are_found(convolution: nn.Module, is_unsafe: bool) -> None:
    assert find_unsafe(nn.Sequential(nn.ReLU(), convolution)) == (["1"] if is_unsafe else [])


def test_onednn_is_back_afterwards(caplog: pytest.LogCaptureFixture) -> None:
    before = torch.backends.mkldnn.enabled
    with caplog.at_level(logging.WARNING), safe_gradients(nn.Sequential(UNSAFE, UNSAFE, nn.Conv2d(8, 4, 1, stride=2))):
        assert not torch.backends.mkldnn.enabled
    assert torch.backends.mkldnn.enabled == before
    assert "'0' and 1 more has a stride, kernel 1 and fewer than 16 channels" in caplog.text
    caplog.clear()
    with safe_gradients(nn.Conv2d(16, 16, 1, stride=2)):
        assert torch.backends.mkldnn.enabled == before
    assert not caplog.text


def test_process_survives_training() -> None:
    done = subprocess.run([sys.executable, "-c", TRAINING], capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()[-500:]
