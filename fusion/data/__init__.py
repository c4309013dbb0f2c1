"""Datasets of samples in which every stream covers the same time, samplers of times and classes, and collation."""

from triad.fusion.data.class_sampler import ClassSampler
from triad.fusion.data.collate import Batch, collate
from triad.fusion.data.corruptions import ABSENT, CORRUPTIONS, TIME_OFFSET, Corruption
from triad.fusion.data.dataset import ActionDataset, Sample, read_clip
from triad.fusion.data.frame_dataset import FrameDataset
from triad.fusion.data.modality_dropout import draw_dropped
from triad.fusion.data.shared_epoch import SharedEpoch
from triad.fusion.data.spatial_views import WHOLE_FRAME, spatial_views
from triad.fusion.data.temporal_sampler import TemporalSampler, longest_stack

__all__ = [
    "ABSENT",
    "CORRUPTIONS",
    "TIME_OFFSET",
    "WHOLE_FRAME",
    "ActionDataset",
    "Batch",
    "ClassSampler",
    "Corruption",
    "FrameDataset",
    "Sample",
    "SharedEpoch",
    "TemporalSampler",
    "collate",
    "draw_dropped",
    "longest_stack",
    "read_clip",
    "spatial_views",
]
