"""The annotated video: frames with people, flow and attention drawn in, bars of class probabilities and a timeline.

Frames, people and window predictions come from ``triad.fusion.inference``; drawing and encoding run in a thread of
their own.
"""

from triad.fusion.annotated_video.recording import VIDEO_NAME, record_annotated_video
from triad.fusion.annotated_video.writer import AnnotatedVideoWriter

__all__ = ["VIDEO_NAME", "AnnotatedVideoWriter", "record_annotated_video"]
