"""Joint layouts, one file a family; other code refers to joints by name.

A new layout is a file of this folder and an entry of ``LAYOUTS``.
"""

from modalities.checks import check_choice
from modalities.skeleton.layouts.coco import COCO17
from modalities.skeleton.layouts.florence import FLORENCE15
from modalities.skeleton.layouts.h36m import H36M17
from modalities.skeleton.layouts.jhmdb import JHMDB15
from modalities.skeleton.layouts.kinect import KINECT20
from modalities.skeleton.layouts.layout import Layout, mirror_pairs
from modalities.skeleton.layouts.minihome import MINIHOME16
from modalities.skeleton.layouts.ntu import NTU25, NTU25_AGCN
from modalities.skeleton.layouts.openpose import OPENPOSE18, OPENPOSE25
from modalities.skeleton.layouts.smarthome import SMARTHOME13, SMARTHOME15, SMARTHOME15_AGCN, SMARTHOME17

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        *(MINIHOME16, JHMDB15, COCO17, OPENPOSE18, OPENPOSE25),
        *(NTU25, NTU25_AGCN, KINECT20, FLORENCE15, H36M17),
        *(SMARTHOME13, SMARTHOME15, SMARTHOME15_AGCN, SMARTHOME17),
    )
}


def get_layout(name: str) -> Layout:
    """Return the layout of a name.

    Raises:
        InputError: for an unknown name, naming the nearest one.
    """
    return LAYOUTS.get(name) or LAYOUTS[check_choice("joint layout", name, LAYOUTS)]


__all__ = ["LAYOUTS", "Layout", "get_layout", "mirror_pairs"]
