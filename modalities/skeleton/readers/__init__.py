"""Readers of skeleton files as datasets and other toolkits publish them, one format a file; ``FORMATS`` lists them.

``read_skeleton`` reads a clip of any format, ``open_collection`` a file of many clips.

Any bytes give valid ``Poses`` or an ``InputError`` that names the file. A reader takes no more memory than ten times
the file and a few megabytes, whatever sizes the file declares.
"""

from triad.modalities.skeleton.readers.annotation_writer import write_annotations
from triad.modalities.skeleton.readers.annotations import Annotation, Annotations, read_annotations
from triad.modalities.skeleton.readers.collection import SkeletonCollection
from triad.modalities.skeleton.readers.ctrgcn_arrays import write_ctrgcn
from triad.modalities.skeleton.readers.etri import read_etri
from triad.modalities.skeleton.readers.florence import read_florence
from triad.modalities.skeleton.readers.formats import FORMATS
from triad.modalities.skeleton.readers.kinetics import read_kinetics
from triad.modalities.skeleton.readers.lcrnet import read_lcrnet
from triad.modalities.skeleton.readers.msr_daily import read_msr_daily
from triad.modalities.skeleton.readers.npz import read_npz
from triad.modalities.skeleton.readers.ntu import read_ntu
from triad.modalities.skeleton.readers.nucla import read_nucla
from triad.modalities.skeleton.readers.openpose_writer import write_openpose
from triad.modalities.skeleton.readers.pku import read_pku
from triad.modalities.skeleton.readers.reading import (
    find_format,
    formats_table,
    open_collection,
    read_skeleton,
    split_clip,
)
from triad.modalities.skeleton.readers.recording import ReadOptions, SkeletonRecording
from triad.modalities.skeleton.readers.utd import read_utd

__all__ = [
    "FORMATS",
    "Annotation",
    "Annotations",
    "ReadOptions",
    "SkeletonCollection",
    "SkeletonRecording",
    "find_format",
    "formats_table",
    "open_collection",
    "read_annotations",
    "read_etri",
    "read_florence",
    "read_kinetics",
    "read_lcrnet",
    "read_msr_daily",
    "read_npz",
    "read_ntu",
    "read_nucla",
    "read_pku",
    "read_skeleton",
    "read_utd",
    "split_clip",
    "write_annotations",
    "write_ctrgcn",
    "write_openpose",
]
