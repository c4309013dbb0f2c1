"""Video files through PyAV: their properties, their frames by index, and writing them.

Frames are numbered in the order of display, and the number of frames is the number that decode: what a container says
about itself is often wrong. A packet that does not decode is left out; a truncated file yields the frames before the
break. Rotation that is stored beside the picture, as telephones do, is applied.
"""

from modalities.video.decoding import decode_frames, upright_hw
from modalities.video.frames import RgbConverter, iter_frames, read_frames
from modalities.video.probing import DEFAULT_FPS, VideoInfo, count_packets, nominal_fps, probe
from modalities.video.streaming import Frame, VideoFile
from modalities.video.writing import write_video

__all__ = [
    "DEFAULT_FPS",
    "Frame",
    "RgbConverter",
    "VideoFile",
    "VideoInfo",
    "count_packets",
    "decode_frames",
    "iter_frames",
    "nominal_fps",
    "probe",
    "read_frames",
    "upright_hw",
    "write_video",
]
