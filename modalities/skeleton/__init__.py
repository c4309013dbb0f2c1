"""Skeletons: joint layouts, poses and their stores, conversion, the reader, and drawing.

Encoders, transforms, pose estimation and lifting are imported from their folders.
"""

from triad.modalities.skeleton.convert import check_convertible, conversion_hint, convert
from triad.modalities.skeleton.layouts import (
    LAYOUTS,
    Layout,
    custom_definition,
    get_layout,
    load_layout,
    register_definition,
)
from triad.modalities.skeleton.painter import fit_front_view, project_joints
from triad.modalities.skeleton.persons import denoise, link_tracks, select_persons
from triad.modalities.skeleton.plausibility import Plausibility
from triad.modalities.skeleton.pose_loader import PoseLoader, load_pose_arrays
from triad.modalities.skeleton.pose_store import PoseStore
from triad.modalities.skeleton.pose_store_writer import StoreWriter, write_store
from triad.modalities.skeleton.poses import Poses, pad_poses
from triad.modalities.skeleton.reader import PoseReader
from triad.modalities.skeleton.rendering import draw_skeleton
from triad.modalities.skeleton.units import UNITS, convert_units, parse_frame_size

__all__ = [
    "LAYOUTS",
    "UNITS",
    "Layout",
    "Plausibility",
    "PoseLoader",
    "PoseReader",
    "PoseStore",
    "Poses",
    "StoreWriter",
    "check_convertible",
    "conversion_hint",
    "convert",
    "convert_units",
    "custom_definition",
    "denoise",
    "draw_skeleton",
    "fit_front_view",
    "get_layout",
    "link_tracks",
    "load_layout",
    "load_pose_arrays",
    "pad_poses",
    "parse_frame_size",
    "project_joints",
    "register_definition",
    "select_persons",
    "write_store",
]
