"""Streams of a video as its frames come: what every modality offers to prediction.

The sources of one modality lie in its own folder, as ``triad.modalities.flow.live``.
"""

from triad.modalities.live.external_inputs import ExternalInputs
from triad.modalities.live.file_source import FileSource
from triad.modalities.live.frame_buffer import FrameBuffer
from triad.modalities.live.letterboxed_source import LetterboxedSource
from triad.modalities.live.stream_source import NO_FRAMES, LiveInput, LiveStream, StreamSampling, StreamSource

__all__ = [
    "NO_FRAMES",
    "ExternalInputs",
    "FileSource",
    "FrameBuffer",
    "LetterboxedSource",
    "LiveInput",
    "LiveStream",
    "StreamSampling",
    "StreamSource",
]
