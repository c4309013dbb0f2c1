"""Weights from files: one loader for video, image and skeleton networks, with a report of what matched.

``files`` reads a file without running code from it. ``matching`` finds the reading of a file that fits a network best:
a prefix that wraps all keys, and the key names of a known source (``sources``, one publisher a file). ``reshaping``
inflates 2D kernels and averages first layers. ``loading`` puts it together and refuses what does not fit.
"""

from triad.modalities.weights.files import read_state_dict
from triad.modalities.weights.loading import collect_reports, load_tensors, load_weights, skip_loading
from triad.modalities.weights.report import WeightsReport
from triad.modalities.weights.reshaping import average_input_channels, inflate_kernel

__all__ = [
    "WeightsReport",
    "average_input_channels",
    "collect_reports",
    "inflate_kernel",
    "load_tensors",
    "load_weights",
    "read_state_dict",
    "skip_loading",
]
