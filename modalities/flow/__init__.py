"""Optical flow: its files, readers, extraction, metrics and rendering.

A field is float32 ``[H, W, 2]``: ``(u, v)``, pixels to the right and down from one frame to the next. Estimators and
networks have their own folders; ``transforms`` runs on the device.
"""

from triad.modalities.flow.evaluation import FlowEvaluation, evaluate_folder, evaluation_document
from triad.modalities.flow.extractor import FlowExtractor, FlowFiles
from triad.modalities.flow.metrics import end_point_error, flow_scores, mean_scores
from triad.modalities.flow.reader import FlowReader
from triad.modalities.flow.rendering import flow_to_rgb
from triad.modalities.flow.storage import FlowFile, FlowWriter, quantize_flow, read_flo
from triad.modalities.flow.synthetic_motion import SyntheticPair, random_pair

__all__ = [
    "FlowEvaluation",
    "FlowExtractor",
    "FlowFile",
    "FlowFiles",
    "FlowReader",
    "FlowWriter",
    "SyntheticPair",
    "end_point_error",
    "evaluate_folder",
    "evaluation_document",
    "flow_scores",
    "flow_to_rgb",
    "mean_scores",
    "quantize_flow",
    "random_pair",
    "read_flo",
]
