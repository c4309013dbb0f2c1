"""Long-term recurrent convolutional network: convolutional features of frames read by an LSTM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.frame_sequence import FrameSequenceEncoder
from triad.modalities.video_encoders.temporal.lrcn_frames import LrcnFrames
from triad.modalities.video_encoders.temporal.recurrent import RecurrentNetwork


@MODELS.register_module()
class Lrcn(FrameSequenceEncoder):
    """Long-term recurrent convolutional network (Donahue et al. 2015, Long-term Recurrent Convolutional Networks for
    Visual Recognition and Description).

    One LSTM reads a vector of each frame, published: 16 frames, one in eight of the video's in the test. The mean over
    its states equals the published average over the predictions of all frames, of logits.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow. The published flow has a third, its magnitude.
        frames: config of the frame encoder, see :class:`FrameSequenceEncoder`; None for the published one, up to fc6.
        hidden_channels: size of the state; published: 256 for RGB, 1024 for flow.
        frozen_frames: True to keep the frame encoder as it is.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, hidden_channels, T]``.
    """

    def __init__(
        self,
        *,
        in_channels: int = 3,
        frames: Mapping[str, Any] | None = None,
        hidden_channels: int = 256,
        frozen_frames: bool = False,
    ) -> None:
        super().__init__(
            frames=frames or {"type": LrcnFrames},
            sequence={"type": RecurrentNetwork, "cell": "lstm", "hidden_channels": hidden_channels},
            in_channels=in_channels,
            frozen_frames=frozen_frames,
        )
