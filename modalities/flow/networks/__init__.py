"""Networks that estimate flow, with their losses and weights; pure torch modules.

A trainable network (:class:`FlowNetwork`) takes two images and returns its flow from coarse to fine. The classes of
``raft_*`` other than :class:`RaftSmall` are parts of RAFT for inference.
"""

from triad.modalities.flow.networks.flownets import FlowNetS
from triad.modalities.flow.networks.inference import predict_flow
from triad.modalities.flow.networks.interfaces import FlowNetwork
from triad.modalities.flow.networks.losses import multiscale_loss, sequence_loss
from triad.modalities.flow.networks.padding import normalize_frames
from triad.modalities.flow.networks.raft_small import RaftSmall

__all__ = [
    "FlowNetS",
    "FlowNetwork",
    "RaftSmall",
    "multiscale_loss",
    "normalize_frames",
    "predict_flow",
    "sequence_loss",
]
