"""Pairs of frames with their exact flow, to train flow networks on: MiniHome's own, and real frames set in motion.

May import: ``modalities``, ``fusion.data``, torch.
"""

from fusion.data.flow_pairs.dataset import FlowPairs, collate_pairs
from fusion.data.flow_pairs.sources import MovedPictures, Pair, TruePairs

__all__ = ["FlowPairs", "MovedPictures", "Pair", "TruePairs", "collate_pairs"]
