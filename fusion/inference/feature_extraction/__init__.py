"""Extraction of features: the vectors that a trained network gives of the windows of each video of a dataset."""

from triad.fusion.inference.feature_extraction.extractor import FeatureExtractor
from triad.fusion.inference.feature_extraction.feature_windows import WindowLength, feature_spans
from triad.fusion.inference.feature_extraction.sequential_frames import SequentialFramesReader
from triad.fusion.inference.feature_extraction.workers import FeatureWorkers

__all__ = ["FeatureExtractor", "FeatureWorkers", "SequentialFramesReader", "WindowLength", "feature_spans"]
