"""Detectors of objects in frames, one network a file; pose estimation asks them for persons, objects for everything."""

from triad.modalities.detection.detections import Detections, ObjectDetections
from triad.modalities.detection.yolox import Yolox

__all__ = ["Detections", "ObjectDetections", "Yolox"]
