"""The annotated video: frames with people, flow and attention drawn in, bars of class probabilities and a timeline.

Frames, people and window predictions come from ``fusion.inference``; drawing and encoding run in a thread of their own.
"""

from fusion.annotated_video.recording import VIDEO_NAME, record_annotated_video
from fusion.annotated_video.writer import AnnotatedVideoWriter

__all__ = ["VIDEO_NAME", "AnnotatedVideoWriter", "record_annotated_video"]
