"""Publishers' key names, one network family a file, each a :class:`~triad.modalities.weights.sources.source.Source`.

A new source is a function that renames its tensors, and a line in ``SOURCES``. Networks whose names are the published
ones need none: torchvision's and timm's through their adapters, mmaction2's under ``backbone.``.
"""

from triad.modalities.weights.sources.agcn import AAGCN, OPENMMLAB_AAGCN, TWO_STREAM_AGCN
from triad.modalities.weights.sources.ctrgcn import CTRGCN, OPENMMLAB_CTRGCN
from triad.modalities.weights.sources.image_resnet import IMAGE_RESNET
from triad.modalities.weights.sources.mmaction2_resnet import MMACTION2_RESNET
from triad.modalities.weights.sources.ms_g3d import MS_G3D
from triad.modalities.weights.sources.shift_gcn import SHIFT_GCN
from triad.modalities.weights.sources.source import Source
from triad.modalities.weights.sources.stgcn import OPENMMLAB_STGCN, OPENMMLAB_STGCNPP, STGCN
from triad.modalities.weights.sources.timesformer import IMAGE_TRANSFORMER, OPENMMLAB_TIMESFORMER

SOURCES = (
    STGCN,
    OPENMMLAB_STGCN,
    OPENMMLAB_STGCNPP,
    TWO_STREAM_AGCN,
    AAGCN,
    OPENMMLAB_AAGCN,
    CTRGCN,
    OPENMMLAB_CTRGCN,
    MS_G3D,
    SHIFT_GCN,
    IMAGE_RESNET,
    OPENMMLAB_TIMESFORMER,
    IMAGE_TRANSFORMER,
    MMACTION2_RESNET,
)

__all__ = ["SOURCES", "Source"]
