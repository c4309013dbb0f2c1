"""Device transforms of one stream that read another: crops around hands, heat maps beside RGB, regions of body parts,
objects near hands.

A transform names the streams that it reads in ``reads`` and is given their entries as they were collated. Modalities
never import each other, so what joins two of them is here.
"""

from triad.fusion.transforms.hand_objects import HandObjects
from triad.fusion.transforms.part_crop import PartCrop
from triad.fusion.transforms.rgb_with_heatmaps import RgbWithHeatmaps
from triad.fusion.transforms.skeleton_regions import SkeletonRegions

__all__ = ["HandObjects", "PartCrop", "RgbWithHeatmaps", "SkeletonRegions"]
