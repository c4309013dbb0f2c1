"""Networks that read features in time: recurrent networks and temporal convolutions.

Those over sequences of vectors or maps stand alone, for features that were extracted before; ``FrameSequenceEncoder``
puts one of them behind any encoder of frames.
"""

from triad.modalities.video_encoders.temporal.asformer import Asformer, AsformerDecoders
from triad.modalities.video_encoders.temporal.conv3d_lstm import Conv3dLstm
from triad.modalities.video_encoders.temporal.convnet_lstm import ConvNetLstm
from triad.modalities.video_encoders.temporal.db_lstm import DbLstm
from triad.modalities.video_encoders.temporal.ed_tcn import EdTcn
from triad.modalities.video_encoders.temporal.frame_sequence import FrameSequenceEncoder
from triad.modalities.video_encoders.temporal.lrcn import Lrcn
from triad.modalities.video_encoders.temporal.lrcn_frames import LrcnFrames
from triad.modalities.video_encoders.temporal.lstm_composite import LstmComposite
from triad.modalities.video_encoders.temporal.ms_tcn_plus_plus import MsTcnPlusPlus, MsTcnRefinement
from triad.modalities.video_encoders.temporal.pdan import Pdan
from triad.modalities.video_encoders.temporal.raw_features import RawFeatures
from triad.modalities.video_encoders.temporal.rcn import Rcn
from triad.modalities.video_encoders.temporal.recurrent import RecurrentNetwork
from triad.modalities.video_encoders.temporal.sequence_network import SequenceNetwork
from triad.modalities.video_encoders.temporal.tcn import Tcn

__all__ = [
    "Asformer",
    "AsformerDecoders",
    "Conv3dLstm",
    "ConvNetLstm",
    "DbLstm",
    "EdTcn",
    "FrameSequenceEncoder",
    "Lrcn",
    "LrcnFrames",
    "LstmComposite",
    "MsTcnPlusPlus",
    "MsTcnRefinement",
    "Pdan",
    "RawFeatures",
    "Rcn",
    "RecurrentNetwork",
    "SequenceNetwork",
    "Tcn",
]
