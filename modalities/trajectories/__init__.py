"""Dense trajectories: points tracked through optical flow, and histograms of gradients and motion around them.

H. Wang, A. Kläser, C. Schmid, C.-L. Liu 2013, Dense Trajectories and Motion Boundary Descriptors for Action Recognition
(IJCV). Works on arrays: grey frames and flow fields of one clip.
"""

from triad.modalities.trajectories.descriptors import DESCRIPTORS, describe_clip
from triad.modalities.trajectories.fisher_vector import FisherVector
from triad.modalities.trajectories.tracking import Trajectories, track_points

__all__ = ["DESCRIPTORS", "FisherVector", "Trajectories", "describe_clip", "track_points"]
