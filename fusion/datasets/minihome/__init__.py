"""MiniHome, the embedded dataset: a small simulated flat in which articulated people do daily-living actions.

``pairs`` has the classes and the streams that can tell them apart, ``performance`` assembles people, motions, rooms and
objects, ``render`` and ``sensor`` make frames and measured skeletons, ``prepare`` the dataset. It is a test-bed and a
demonstration; no accuracy on it is a result about the world.
"""

from triad.fusion.datasets.minihome.clip_spec import ClipSpec
from triad.fusion.datasets.minihome.clip_writer import (
    DENSE_SUBJECTS,
    LAYOUT,
    clip_paths,
    clip_record,
    true_flow,
    write_clip,
)
from triad.fusion.datasets.minihome.pairs import CLASSES, PAIRS, Pair, pairs_of
from triad.fusion.datasets.minihome.people import SUBJECTS
from triad.fusion.datasets.minihome.performance import Performance, perform
from triad.fusion.datasets.minihome.render import add_noise, draw_frames

__all__ = [
    "CLASSES",
    "DENSE_SUBJECTS",
    "LAYOUT",
    "PAIRS",
    "SUBJECTS",
    "ClipSpec",
    "Pair",
    "Performance",
    "add_noise",
    "clip_paths",
    "clip_record",
    "draw_frames",
    "pairs_of",
    "perform",
    "true_flow",
    "write_clip",
]
