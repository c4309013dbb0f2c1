"""Contract of frame encoders with a network over time, for RGB and for flow, with published costs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from torch import Tensor, nn
from video_contract import (  # noqa: F401
    Case,
    test_bfloat16_agrees,
    test_compiles,
    test_cost_is_published,
    test_map_and_gradients,
    test_other_channels_are_refused,
    test_sample_does_not_depend_on_batch,
    test_step_lowers_loss,
)

from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.video_encoders import (
    Conv3dLstm,
    ConvNetLstm,
    DbLstm,
    EdTcn,
    FrameSequenceEncoder,
    Lrcn,
    LrcnFrames,
    LstmComposite,
    Rcn,
    RecurrentNetwork,
    Tcn,
)


class TinyFrames(Encoder):
    """One convolution of every frame."""

    out_channels = 8
    output_axes = "BCTHW"

    def __init__(self, *, in_channels: int) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.conv = nn.Conv3d(in_channels, 8, (1, 8, 8), stride=(1, 8, 8))

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        return EncoderOutput(self.conv(data).tanh())


FRAMES = 14_208 + 461_184 + 1_769_984 + 1_180_160 + 885_120 + 56_627_200
"""Parameters of LrcnFrames: its five convolutions and fc6."""
FRAME_GMACS = 1.189919520
SIZE = (16, 227, 227)
SECOND_BIAS = 4 * 256
"""Parameters of torch's LSTM that Caffe's does not have."""


def case(
    small: Mapping[str, Any], published: Mapping[str, Any], channels: int, parameters: int, mmacs: float, *map_size: int
) -> Case:
    """Return the case of a network over time: a small one on tiny frames, and one on LrcnFrames.

    Args:
        small: config of the network of the small tests.
        published: config of the counted network.
        channels: channels of the small map.
        parameters: number of the counted network's parameters.
        mmacs: 10⁶ multiply-accumulates of the counted network for 16 times.
        map_size: height and width of the small map, of networks over maps.
    """
    build = partial(FrameSequenceEncoder, frames={"type": LrcnFrames}, sequence=published)
    build_small = partial(FrameSequenceEncoder, frames={"type": TinyFrames}, sequence=small)
    return Case(
        *(build, (6, 24, 16), (channels, 6, *map_size), FRAMES + parameters, SIZE, 16 * FRAME_GMACS + mmacs / 1e3),
        build_small=build_small,
    )


CASES = {
    "lrcn_frames": Case(
        *(partial(LrcnFrames, dropout=0.0), (2, 64, 64), (4096, 2, 1, 1), FRAMES, SIZE, 16 * FRAME_GMACS)
    ),
    "lrcn": Case(  # published with Caffe's LSTM and 101 classes
        *(partial(Lrcn), (6, 24, 16), (9, 6), 65_421_285 + SECOND_BIAS, SIZE, 19.110016, 257 * 101),
        build_small=partial(Lrcn, frames={"type": TinyFrames}, hidden_channels=9),
    ),
    "db_lstm": Case(
        *(partial(DbLstm, frames={"type": LrcnFrames}), (6, 24, 16), (10, 6)),
        FRAMES + 2 * 4 * (256 * (4096 + 256) + 2 * 256) + 2 * 4 * (256 * (512 + 256) + 2 * 256),
        *(SIZE, 16 * (FRAME_GMACS + 8 * 256 * (4096 + 256 + 512 + 256) / 1e9)),
        build_small=partial(DbLstm, frames={"type": TinyFrames}, hidden_channels=5),
    ),
    "convnet_lstm": Case(  # published as 9 million, with 400 classes
        *(partial(ConvNetLstm), (6, 24, 16), (9, 6)),
        5_599_904 + 2 * 1024 + 4 * (512 * (1024 + 512) + 2 * 512) + 513 * 400,
        *((25, 224, 224), 25 * (1.497351 + 4 * 512 * (1024 + 512) / 1e9), 513 * 400),
        build_small=partial(ConvNetLstm, frames={"type": TinyFrames}, hidden_channels=9),
    ),
    "conv3d_lstm": Case(
        *(partial(Conv3dLstm), (8, 32, 48), (50, 4), 218_832 + 4 * (50 * (64 + 50) + 2 * 50)),
        *((8, 84, 112), 0.13876 + 4 * 4 * 50 * (64 + 50) / 1e9),
    ),
    "rnn": case(
        *({"type": RecurrentNetwork, "cell": "rnn", "hidden_channels": 9}, {"type": RecurrentNetwork, "cell": "rnn"}),
        *(9, 256 * (4096 + 256) + 2 * 256, 16 * 256 * (4096 + 256) / 1e6),
    ),
    "gru": case(
        *({"type": RecurrentNetwork, "cell": "gru", "hidden_channels": 9}, {"type": RecurrentNetwork, "cell": "gru"}),
        *(9, 3 * (256 * (4096 + 256) + 2 * 256), 3 * 16 * 256 * (4096 + 256) / 1e6),
    ),
    "lstm_composite": case(
        *({"type": LstmComposite, "hidden_channels": 9, "future_times": 2}, {"type": LstmComposite}),
        *(9, 3 * 4 * (2048 * (4096 + 2048) + 2 * 2048) + 2 * (2049 * 4096), 4 * 16 * 2048 * (4096 + 2048) / 1e6),
    ),
    "gru_rcn": case(
        *({"type": Rcn, "widths": (5, 6)}, {"type": Rcn}),
        *(6, 3 * 9 * (4096 + 256) * 256 + 3 * 256, 16 * 3 * 9 * (4096 + 256) * 256 / 1e6),
        *(3, 2),
    ),
    "rcn": case(
        *({"type": Rcn, "cell": "rnn", "widths": (5, 6)}, {"type": Rcn, "cell": "rnn"}),
        *(6, 9 * (4096 + 256) * 256 + 256, 16 * 9 * (4096 + 256) * 256 / 1e6),
        *(3, 2),
    ),
    "tcn": case(
        *({"type": Tcn, "widths": (5, 6, 6)}, {"type": Tcn, "widths": (64, 64)}),
        *(6, 2 * 4096 * 64 + 3 * 2 * 64 * 64 + 4 * 2 * 64 + 4096 * 64 + 64),
        16 * (2 * 4096 * 64 + 3 * 2 * 64 * 64 + 4096 * 64) / 1e6,
    ),
    "ed_tcn": case(
        *({"type": EdTcn, "widths": (5, 6), "kernel_size": 3}, {"type": EdTcn}),
        *(5, 25 * (4096 * 64 + 64 * 96 + 96 * 96 + 96 * 64) + 64 + 96 + 96 + 64),
        25 * (16 * 4096 * 64 + 8 * 64 * 96 + 8 * 96 * 96 + 16 * 96 * 64) / 1e6,
    ),
}


def test_every_network_has_a_case():
    encoders = {item.build.func for item in CASES.values()}
    networks = {item.build.keywords["sequence"]["type"] for item in CASES.values() if "sequence" in item.build.keywords}
    assert encoders == {Conv3dLstm, ConvNetLstm, DbLstm, FrameSequenceEncoder, Lrcn, LrcnFrames}
    assert networks == {EdTcn, LstmComposite, Rcn, RecurrentNetwork, Tcn}
