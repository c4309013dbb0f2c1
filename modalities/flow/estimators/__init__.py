"""Flow estimators by name: adapters to OpenCV, torchvision and ptlflow, and networks trained by this project.

``NAME@SIDE`` is the estimator on frames whose short side is scaled to SIDE pixels. torch is imported only when a
network is built.
"""

from triad.modalities.flow.estimators.building import ESTIMATORS, build_estimator, check_estimator_name
from triad.modalities.flow.estimators.interfaces import FlowEstimator, VideoFlow
from triad.modalities.flow.estimators.names import is_network, name_of_stream, stream_of_name
from triad.modalities.flow.estimators.opencv import OpencvFlow
from triad.modalities.flow.estimators.resized import ResizedFlow, resize_flow, scale_short_side

__all__ = [
    "ESTIMATORS",
    "FlowEstimator",
    "OpencvFlow",
    "ResizedFlow",
    "VideoFlow",
    "build_estimator",
    "check_estimator_name",
    "is_network",
    "name_of_stream",
    "resize_flow",
    "scale_short_side",
    "stream_of_name",
]
