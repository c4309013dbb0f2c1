"""Files of flow: this project's own (``.flow``), Middlebury's (``.flo``), denseflow's pairs of images and arrays."""

from triad.modalities.flow.storage.denseflow import DenseflowPairs
from triad.modalities.flow.storage.field_codec import quantize_flow
from triad.modalities.flow.storage.flow_file import FlowFile, FlowWriter
from triad.modalities.flow.storage.flow_folders import find_flow
from triad.modalities.flow.storage.middlebury import read_flo

__all__ = ["DenseflowPairs", "FlowFile", "FlowWriter", "find_flow", "quantize_flow", "read_flo"]
