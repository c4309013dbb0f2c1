"""Deep bidirectional LSTM over the features of frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.temporal.frame_sequence import FrameSequenceEncoder
from triad.modalities.video_encoders.temporal.recurrent import RecurrentNetwork


@MODELS.register_module()
class DbLstm(FrameSequenceEncoder):
    """Deep bidirectional LSTM (Ullah et al. 2018, Action Recognition in Video Sequences Using Deep Bi-Directional LSTM
    with CNN Features): two layers that read the features of every sixth frame forwards and backwards.

    The paper's features are the thousand outputs of AlexNet's fc8, trained on ImageNet and never afterwards. The
    classifier reads the last state of both directions.

    Args:
        frames: config of the frame encoder, see :class:`FrameSequenceEncoder`.
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        hidden_channels: size of the state of each direction.
        num_layers: number of layers.
        dropout: dropout probability of the states between layers, 0–1.
        frozen_frames: True to keep the frame encoder as it is, as published.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, 2·hidden_channels, T]``.
    """

    def __init__(
        self,
        *,
        frames: Mapping[str, Any],
        in_channels: int = 3,
        hidden_channels: int = 256,
        num_layers: int = 2,
        dropout: float = 0.0,
        frozen_frames: bool = False,
    ) -> None:
        sequence = {
            "type": RecurrentNetwork,
            "cell": "lstm",
            "hidden_channels": hidden_channels,
            "num_layers": num_layers,
            "bidirectional": True,
            "dropout": dropout,
            "pooling": "last",
        }
        super().__init__(frames=frames, sequence=sequence, in_channels=in_channels, frozen_frames=frozen_frames)
