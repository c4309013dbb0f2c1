"""Explanations of a recognizer's score for one skeleton sample: relevance of joints and times, graphs of joints.

One method a file; each is a function of a recognizer and one collated sample. ``triad.fusion.rendering`` draws them.
"""

from triad.fusion.explanation.gradient import gradient_times_input
from triad.fusion.explanation.joint_graphs import JointGraph, joint_graphs, mean_graph
from triad.fusion.explanation.occlusion import occlusion
from triad.fusion.explanation.stream_score import StreamScore

__all__ = [
    "JointGraph",
    "StreamScore",
    "gradient_times_input",
    "joint_graphs",
    "mean_graph",
    "occlusion",
]
