"""Lifting of 2D poses to 3D skeletons: adapters to mmpose's lifters, and the simulation that trains one.

:mod:`modalities.skeleton.lifting.interfaces` defines what a lifter is.
"""

from modalities.skeleton.lifting.estimator_noise import EstimatorNoise
from modalities.skeleton.lifting.interfaces import Lifter
from modalities.skeleton.lifting.random_camera import Projection, RandomCamera
from modalities.skeleton.lifting.temporal_lifter import TemporalLifter
from modalities.skeleton.lifting.window_lifter import WindowLifter
from modalities.skeleton.lifting.windowing import normalise_pixels, window_indices

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
