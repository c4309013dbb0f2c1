"""Videos: their properties, their frames by index, and writing them; files through PyAV, or folders of pictures.

Here alone is said which number and which time a frame has, for extraction, training, testing, prediction and pictures.
Frames are numbered in the order in which the file decodes from its start, and the number of frames is the number that
decode: what a container says about itself is often wrong. A packet that does not decode is left out; a truncated file
yields the frames before the break. Times are those of the file, repaired where they are broken (``clock_repair``).
Pictures are turned and mirrored as the file says, as telephones do (``orientation``).
"""

from triad.modalities.video.clock import DEFAULT_FPS
from triad.modalities.video.decoding import decode_frames, find_stream, open_input
from triad.modalities.video.frames import RgbConverter, iter_frames, read_frames
from triad.modalities.video.orientation import upright_hw
from triad.modalities.video.picture_folder import (
    DEFAULT_PICTURE_FPS,
    PICTURE_SUFFIXES,
    is_picture_folder,
    sort_naturally,
)
from triad.modalities.video.probing import VideoInfo, count_packets, nominal_fps, probe
from triad.modalities.video.streaming import Frame, VideoFile
from triad.modalities.video.writing import write_video

__all__ = [
    "DEFAULT_FPS",
    "DEFAULT_PICTURE_FPS",
    "PICTURE_SUFFIXES",
    "Frame",
    "RgbConverter",
    "VideoFile",
    "VideoInfo",
    "count_packets",
    "decode_frames",
    "find_stream",
    "is_picture_folder",
    "iter_frames",
    "nominal_fps",
    "open_input",
    "probe",
    "read_frames",
    "sort_naturally",
    "upright_hw",
    "write_video",
]
