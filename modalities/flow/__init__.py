"""Optical flow: estimators, the file it is stored in, the reader, errors against ground truth, pictures of it.

Lives here: everything between two frames and a flow clip. The device side is ``modalities.flow.transforms``, imported
from there because it needs kornia.
May import: ``modalities`` except ``rgb`` and ``skeleton``.

A field of flow is float32 ``[H, W, 2]``: ``(u, v)``, pixels to the right and down from one frame to the next.
"""

from modalities.flow.codec import FlowFile, FlowWriter
from modalities.flow.error import end_point_error
from modalities.flow.estimator import FlowEstimator
from modalities.flow.middlebury import read_flo
from modalities.flow.reader import FlowReader
from modalities.flow.rendering import flow_to_rgb
from modalities.flow.stacks import stack_fields

__all__ = [
    "FlowEstimator",
    "FlowFile",
    "FlowReader",
    "FlowWriter",
    "end_point_error",
    "flow_to_rgb",
    "read_flo",
    "stack_fields",
]
