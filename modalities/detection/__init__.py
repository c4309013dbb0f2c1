"""Detectors of objects in frames, one network a file; pose estimation asks them for persons, objects for everything."""

from modalities.detection.detections import Detections, ObjectDetections
from modalities.detection.yolox import Yolox

__all__ = ["Detections", "ObjectDetections", "Yolox"]
