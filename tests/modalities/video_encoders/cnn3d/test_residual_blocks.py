from __future__ import annotations

import torch

from triad.modalities.video_encoders.cnn3d.residual_blocks import conv_norm


def test_stride_alone_changes_the_size():
    data = torch.ones(2, 3, 5, 8, 8)
    assert conv_norm(3, 4, kernel=(3, 7))(data).shape == (2, 4, 5, 8, 8)
    assert conv_norm(3, 4, kernel=(1, 3), stride=(2, 2))(data).shape == (2, 4, 3, 4, 4)
