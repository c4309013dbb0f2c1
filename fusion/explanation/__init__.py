"""Why a recognizer says what it says of a skeleton: which joints at which times, and whether that answer holds.

One method a file; all are functions of a recognizer and one collated sample. May import: ``modalities``,
``fusion.data``, ``fusion.models``. Pictures of them are drawn in ``fusion.rendering``.
"""

from fusion.explanation.deletion import Deletion, deletion
from fusion.explanation.gradient import gradient_times_input
from fusion.explanation.joint_graphs import JointGraph, joint_graphs, mean_graph
from fusion.explanation.occlusion import occlusion
from fusion.explanation.stream_score import StreamScore

__all__ = [
    "Deletion",
    "JointGraph",
    "StreamScore",
    "deletion",
    "gradient_times_input",
    "joint_graphs",
    "mean_graph",
    "occlusion",
]
