"""LSTM over the features of a 3D convolutional network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.cnn3d import SmallR2Plus1d
from triad.modalities.video_encoders.temporal.frame_sequence import FrameSequenceEncoder
from triad.modalities.video_encoders.temporal.recurrent import RecurrentNetwork


@MODELS.register_module()
class Conv3dLstm(FrameSequenceEncoder):
    """3D convolutions over a few frames each, read in time by one LSTM layer of 50 cells (Baccouche et al. 2011,
    Sequential Deep Learning for Human Action Recognition).

    The paper's features come from a small network over nine frames of 54×34 grey pixels, which is trained first and
    alone. Here they come from any network over space and time and are trained with the LSTM; its own steps in time,
    such as the stride of :class:`~triad.modalities.video_encoders.SmallR2Plus1d`, set the times of the sequence.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        frames: config of the network over space and time, without ``in_channels``; None for ``SmallR2Plus1d``.
        hidden_channels: size of the state; published: 50.
        frozen_frames: True to keep the network over space and time as it is.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, hidden_channels, T']``.
    """

    def __init__(
        self,
        *,
        in_channels: int = 3,
        frames: Mapping[str, Any] | None = None,
        hidden_channels: int = 50,
        frozen_frames: bool = False,
    ) -> None:
        super().__init__(
            frames=frames or {"type": SmallR2Plus1d},
            sequence={"type": RecurrentNetwork, "cell": "lstm", "hidden_channels": hidden_channels},
            in_channels=in_channels,
            frozen_frames=frozen_frames,
        )
