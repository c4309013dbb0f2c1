"""ConvNet+LSTM: the first of the five architectures of Carreira and Zisserman."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.adapters.torchvision_image import TorchvisionImage
from triad.modalities.video_encoders.temporal.frame_sequence import FrameSequenceEncoder
from triad.modalities.video_encoders.temporal.recurrent import RecurrentNetwork


@MODELS.register_module()
class ConvNetLstm(FrameSequenceEncoder):
    """ConvNet+LSTM (Carreira and Zisserman 2017, Quo Vadis, Action Recognition?, §2.1).

    An LSTM of 512 cells with batch normalisation reads the mean over places of Inception-V1's last map, of every fifth
    of 125 frames: 9.0 million parameters with 400 classes. Here what the LSTM reads is normalised, not its recurrent
    part. The paper trains the outputs of all times and tests the last one; the last state is pooled here.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        frames: config of the frame encoder, see :class:`FrameSequenceEncoder`; None for torchvision's GoogLeNet, which
            is Inception-V1 with batch normalisation.
        hidden_channels: size of the state; published: 512.
        pooling: ``last`` for the last state, ``mean`` for all of them.
        frozen_frames: True to keep the frame encoder as it is.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, hidden_channels, T]``.
    """

    def __init__(
        self,
        *,
        in_channels: int = 3,
        frames: Mapping[str, Any] | None = None,
        hidden_channels: int = 512,
        pooling: str = "last",
        frozen_frames: bool = False,
    ) -> None:
        lstm = {"type": RecurrentNetwork, "cell": "lstm", "batch_norm": True}
        super().__init__(
            frames=frames or {"type": TorchvisionImage, "network": "googlenet"},
            sequence={**lstm, "hidden_channels": hidden_channels, "pooling": pooling},
            in_channels=in_channels,
            frozen_frames=frozen_frames,
        )
