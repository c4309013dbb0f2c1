"""Joint layouts, one file each; everything about joints goes by their names.

May import: ``modalities.checks``. A new layout is its file and one entry of ``LAYOUTS``.
"""

from modalities.checks import check_choice
from modalities.skeleton.layouts.coco import COCO17
from modalities.skeleton.layouts.jhmdb import JHMDB15
from modalities.skeleton.layouts.kinect import KINECT20
from modalities.skeleton.layouts.layout import Layout, mirror_pairs
from modalities.skeleton.layouts.minihome import MINIHOME16
from modalities.skeleton.layouts.ntu import NTU25, NTU25_AGCN

LAYOUTS: dict[str, Layout] = {
    layout.name: layout for layout in (MINIHOME16, JHMDB15, COCO17, NTU25, NTU25_AGCN, KINECT20)
}


def get_layout(name: str) -> Layout:
    """The layout of that name.

    Raises:
        InputError: for an unknown name, with the nearest known one.
    """
    return LAYOUTS[check_choice("joint layout", name, LAYOUTS)]


__all__ = ["LAYOUTS", "Layout", "get_layout", "mirror_pairs"]
