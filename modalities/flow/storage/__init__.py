"""Files of flow: this project's own (``.flow``), Middlebury's (``.flo``), denseflow's pairs of images and arrays."""

from modalities.flow.storage.denseflow import DenseflowPairs
from modalities.flow.storage.field_codec import quantize_flow
from modalities.flow.storage.flow_file import FlowFile, FlowWriter
from modalities.flow.storage.flow_folders import find_flow
from modalities.flow.storage.middlebury import read_flo

__all__ = ["DenseflowPairs", "FlowFile", "FlowWriter", "find_flow", "quantize_flow", "read_flo"]
