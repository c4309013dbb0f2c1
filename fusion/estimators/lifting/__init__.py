"""Training and evaluation of lifters on 3D skeletons of prepared datasets, projected by random cameras."""

from triad.fusion.estimators.lifting.dataset import LiftingDataset, collate_windows
from triad.fusion.estimators.lifting.recordings import Recording, load_all_recordings, load_recordings

__all__ = ["LiftingDataset", "Recording", "collate_windows", "load_all_recordings", "load_recordings"]
