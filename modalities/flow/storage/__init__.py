"""Files of flow: this project's own (``.flow``), Middlebury's (``.flo``), and denseflow's pairs of images."""

from modalities.flow.storage.denseflow import DenseflowPairs, find_folders
from modalities.flow.storage.field_codec import quantize_flow
from modalities.flow.storage.flow_file import FlowFile, FlowWriter
from modalities.flow.storage.middlebury import read_flo

__all__ = ["DenseflowPairs", "FlowFile", "FlowWriter", "find_folders", "quantize_flow", "read_flo"]
