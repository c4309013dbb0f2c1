"""Networks that read features in time: recurrent networks and temporal convolutions.

Those over sequences of vectors or maps stand alone, for features that were extracted before; ``FrameSequenceEncoder``
puts one of them behind any encoder of frames.
"""

from modalities.video_encoders.temporal.conv3d_lstm import Conv3dLstm
from modalities.video_encoders.temporal.convnet_lstm import ConvNetLstm
from modalities.video_encoders.temporal.db_lstm import DbLstm
from modalities.video_encoders.temporal.ed_tcn import EdTcn
from modalities.video_encoders.temporal.frame_sequence import FrameSequenceEncoder
from modalities.video_encoders.temporal.lrcn import Lrcn
from modalities.video_encoders.temporal.lrcn_frames import LrcnFrames
from modalities.video_encoders.temporal.lstm_composite import LstmComposite
from modalities.video_encoders.temporal.rcn import Rcn
from modalities.video_encoders.temporal.recurrent import RecurrentNetwork
from modalities.video_encoders.temporal.sequence_network import SequenceNetwork
from modalities.video_encoders.temporal.tcn import Tcn

__all__ = [
    "Conv3dLstm",
    "ConvNetLstm",
    "DbLstm",
    "EdTcn",
    "FrameSequenceEncoder",
    "Lrcn",
    "LrcnFrames",
    "LstmComposite",
    "Rcn",
    "RecurrentNetwork",
    "SequenceNetwork",
    "Tcn",
]
