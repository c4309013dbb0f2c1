"""Hand-crafted baseline: dense trajectories of a prepared dataset, Fisher vectors and linear SVMs."""

from triad.fusion.estimators.trajectories.descriptor_store import DescriptorStore, extract_descriptors
from triad.fusion.estimators.trajectories.evaluation import STREAM_DESCRIPTORS, evaluate_trajectories, select_parts

__all__ = ["STREAM_DESCRIPTORS", "DescriptorStore", "evaluate_trajectories", "extract_descriptors", "select_parts"]
