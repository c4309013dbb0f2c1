"""Lifting of 2D poses to 3D skeletons: adapters to mmpose's lifters, and the simulation that trains one.

:mod:`triad.modalities.skeleton.lifting.interfaces` defines what a lifter is.
"""

from triad.modalities.skeleton.lifting.estimator_noise import EstimatorNoise
from triad.modalities.skeleton.lifting.interfaces import Lifter
from triad.modalities.skeleton.lifting.random_camera import Projection, RandomCamera
from triad.modalities.skeleton.lifting.temporal_lifter import TemporalLifter
from triad.modalities.skeleton.lifting.window_lifter import WindowLifter
from triad.modalities.skeleton.lifting.windowing import normalise_pixels, window_indices

__all__ = [
    "EstimatorNoise",
    "Lifter",
    "Projection",
    "RandomCamera",
    "TemporalLifter",
    "WindowLifter",
    "normalise_pixels",
    "window_indices",
]
