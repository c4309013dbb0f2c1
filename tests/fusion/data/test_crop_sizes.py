import pytest

from triad.fusion.data.crop_sizes import crop_sizes
from triad.fusion.transforms import PartCrop, RgbWithHeatmaps
from triad.modalities.flow import FlowReader
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.rgb.transforms import RgbTransform
from triad.modalities.skeleton import PoseReader
from triad.modalities.skeleton.transforms import SkeletonTransform

RGB = RgbReader(frame_size=(24, 32))
CROPPING = {"type": RgbTransform, "size": [12, 16]}


def sizes_of(streams, readers, twins=None):
    return crop_sizes(streams, readers, twins or {name: name for name in streams})


def test_size_is_that_of_the_transform():
    assert sizes_of({"rgb": {"transform": CROPPING}}, {"rgb": RGB}) == {"rgb": (12, 16)}


def test_dumped_config_names_the_transform():
    transform = {"type": "triad.modalities.rgb.transforms.RgbTransform", "size": (12, 16)}
    assert sizes_of({"rgb": {"transform": transform}}, {"rgb": RGB}) == {"rgb": (12, 16)}


def test_stream_without_transform_is_whole():
    assert sizes_of({"flow": {}}, {"flow": FlowReader(frame_size=(24, 32))}) == {"flow": None}


def test_skeletons_are_not_cropped():
    reader = PoseReader(layout="jhmdb15", frame_size=(24, 32))
    assert sizes_of({"skeleton": {"transform": {"type": SkeletonTransform}}}, {"skeleton": reader}) == {
        "skeleton": None
    }


def test_shared_clips_are_cropped_alike():
    streams = {"rgb": {"transform": CROPPING}, "hands": {"transform": {"type": SkeletonTransform}}}
    twins = {"rgb": "rgb", "hands": "rgb"}
    assert sizes_of(streams, {"rgb": RGB, "hands": RGB}, twins) == {"rgb": None, "hands": None}


@pytest.mark.parametrize("transform", [PartCrop, RgbWithHeatmaps])
def test_frames_with_joints_stay_whole(transform: type):
    """Crops and heat maps of joints are placed in the whole frame, which a reader must not crop before."""
    reader = RgbReader(frame_size=(24, 32))
    streams = {"rgb": {"transform": {"type": transform, "size": (8, 8)}}}
    assert crop_sizes(streams, {"rgb": reader}, {"rgb": "rgb"}) == {"rgb": None}
