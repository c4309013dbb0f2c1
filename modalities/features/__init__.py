"""Features: vectors that a trained network gives of the windows of a video, their files, reader and transforms.

Entry ``i`` stands for the seconds from ``i · stride`` on; its window lies around the middle of them, moved into the
video at its ends. Networks over time read them (:mod:`triad.modalities.video_encoders.temporal`).
"""

from triad.modalities.features.clip import FeatureClip
from triad.modalities.features.feature_file import FeatureFiles, StoredFeatures, read_features, write_features
from triad.modalities.features.reader import FeatureReader

__all__ = ["FeatureClip", "FeatureFiles", "FeatureReader", "StoredFeatures", "read_features", "write_features"]
