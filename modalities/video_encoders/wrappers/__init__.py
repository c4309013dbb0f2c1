"""Encoders around any other encoder of clips, their trunk: what it reads is changed, or its map is read further."""

from triad.modalities.video_encoders.wrappers.action_transformer import ActionTransformer
from triad.modalities.video_encoders.wrappers.residual_frames import ResidualFrames

__all__ = ["ActionTransformer", "ResidualFrames"]
