"""From 2D poses to 3D skeletons: adapters to mmpose's lifters, and what it takes to train one from any 3D skeletons.

May import: torch, scipy, mmengine and the files of ``modalities``; mmpose through ``modalities.openmmlab``, when a
lifter is built.
"""

from modalities.skeleton.lifting.estimator_noise import EstimatorNoise
from modalities.skeleton.lifting.flat_joints import flat_joints
from modalities.skeleton.lifting.random_camera import RandomCamera
from modalities.skeleton.lifting.temporal_lifter import TemporalLifter
from modalities.skeleton.lifting.windows import normalise, window_index

__all__ = ["EstimatorNoise", "RandomCamera", "TemporalLifter", "flat_joints", "normalise", "window_index"]
