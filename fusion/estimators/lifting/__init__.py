"""3D skeletons of prepared datasets as what a lifter learns from: seen by random cameras, with an estimator's mistakes.

May import: ``fusion.data`` and ``modalities``.
"""

from fusion.estimators.lifting.dataset import LiftingDataset, collate_windows
from fusion.estimators.lifting.recordings import Recording, recordings_of

__all__ = ["LiftingDataset", "Recording", "collate_windows", "recordings_of"]
