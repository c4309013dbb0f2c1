"""MiniHome, the embedded dataset: a small simulated flat in which articulated people do daily-living actions.

Lives here: the pairs of classes and what can tell them apart (``pairs``), people, motions and bodies, rooms, furniture
and things, three calibrated cameras, the renderer, the sensor that measures skeletons, and the files of a clip.
May import: ``modalities``, ``fusion.index.index``, numpy, scipy, OpenCV. The dataset is a test-bed and a demonstration;
no accuracy on it is a result about the world.
"""

from fusion.datasets.minihome.generate import DENSE_SUBJECTS, LAYOUT, paths, record_of, true_flow, write_clip
from fusion.datasets.minihome.pairs import CLASSES, PAIRS, Pair
from fusion.datasets.minihome.people import SUBJECTS
from fusion.datasets.minihome.performance import Clip, Performance, perform

__all__ = [
    "CLASSES",
    "DENSE_SUBJECTS",
    "LAYOUT",
    "PAIRS",
    "SUBJECTS",
    "Clip",
    "Pair",
    "Performance",
    "paths",
    "perform",
    "record_of",
    "true_flow",
    "write_clip",
]
