"""Flow networks that this project trains, and what they are trained with.

A network takes two pictures, float ``[B, 3, H, W]`` in ±1 with sides that are multiples of its ``stride`` and no less
than its ``smallest``, and gives its flow from rough to fine: a list of ``[B, 2, h, w]``, in pixels of the pictures;
``loss(flows, truth, known)`` is what it learns by.
May import: ``modalities`` except ``rgb`` and ``skeleton``; torch.
"""

from modalities.flow.networks.flownets import FlowNetS
from modalities.flow.networks.losses import multiscale_loss, sequence_loss
from modalities.flow.networks.raft_small import RaftSmall

__all__ = ["FlowNetS", "RaftSmall", "multiscale_loss", "sequence_loss"]
