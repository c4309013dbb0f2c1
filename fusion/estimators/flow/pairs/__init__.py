"""Pairs of frames with exact flow to train flow networks on: MiniHome's own, and real frames in synthetic motion."""

from triad.fusion.estimators.flow.pairs.dataset import FlowPairs, collate_pairs
from triad.fusion.estimators.flow.pairs.sources import GroundTruthPairs, Pair, SyntheticPairs

__all__ = ["FlowPairs", "GroundTruthPairs", "Pair", "SyntheticPairs", "collate_pairs"]
