"""Readers of skeleton files as datasets and other toolkits publish them, one format a file.

Any bytes give valid ``Poses`` or an ``InputError`` that names the file. A reader takes no more memory than ten times
the file and a few megabytes, whatever sizes the file declares.
"""

from collections.abc import Callable
from pathlib import Path

from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.annotations import Annotation, Annotations, read_annotations, write_annotations
from modalities.skeleton.readers.etri import read_etri
from modalities.skeleton.readers.florence import read_florence
from modalities.skeleton.readers.kinetics import read_kinetics
from modalities.skeleton.readers.lcrnet import read_lcrnet
from modalities.skeleton.readers.msr_daily import read_msr_daily
from modalities.skeleton.readers.npz import read_npz
from modalities.skeleton.readers.ntu import read_ntu
from modalities.skeleton.readers.nucla import read_nucla
from modalities.skeleton.readers.pku import read_pku
from modalities.skeleton.readers.utd import read_utd

SKELETON_FORMATS: dict[str, tuple[str, Callable[[Path], Poses]]] = {
    "ntu": ("ntu25", read_ntu),
    "pku": ("ntu25", read_pku),
    "nucla": ("kinect20", read_nucla),
    "utd": ("kinect20", read_utd),
    "florence": ("florence15", read_florence),
    "etri": ("ntu25", read_etri),
    "msr_daily": ("kinect20", read_msr_daily),
    "lcrnet": ("smarthome13", read_lcrnet),
}
"""Joint layout and reader of each format of a skeleton file that holds one clip and is not ``npz``."""

__all__ = [
    "SKELETON_FORMATS",
    "Annotation",
    "Annotations",
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
    "read_utd",
    "write_annotations",
]
