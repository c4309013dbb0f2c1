"""Video files: what is in them, their frames by index, and writing them. PyAV (it brings FFmpeg with it) does the work.

Frames are numbered in the order in which they are shown, and the number of frames is the number that decode: what a
container says about itself is often wrong. A packet that does not decode is left out, a file that breaks off yields
the frames before the break. Rotation stored beside the picture (telephones do) is applied.

May import: PyAV and the files of ``modalities``.
"""

from modalities.video.frames import iter_frames, read_frames
from modalities.video.probing import VideoInfo, count_packets, probe
from modalities.video.streaming import Frame, VideoFile
from modalities.video.writing import write_video

__all__ = ["Frame", "VideoFile", "VideoInfo", "count_packets", "iter_frames", "probe", "read_frames", "write_video"]
