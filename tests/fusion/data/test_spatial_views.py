"""Crops of a test sample: one for all streams, none for skeletons alone, and frames that do not fit."""

from __future__ import annotations

import pytest

from triad.fusion.data import WHOLE_FRAME, spatial_views
from triad.modalities.checks import InputError
from triad.modalities.crop_views import CropViews
from triad.modalities.flow import FlowReader
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.skeleton import PoseReader

TEN = CropViews(crops="ten", crop_pct=0.5)


def test_first_stream_places_the_crops():
    readers = {"rgb": RgbReader(frame_size=(128, 171)), "flow": FlowReader(frame_size=(60, 80))}
    assert spatial_views(TEN, readers) == TEN((128, 171))
    assert spatial_views(None, readers) == WHOLE_FRAME


def test_skeletons_alone_are_shown_whole():
    poses = PoseReader(layout="coco17", frame_size=(24, 32))
    assert spatial_views(TEN, {"pose": poses, "bones": poses}) == WHOLE_FRAME
    assert len(spatial_views(TEN, {"pose": poses, "rgb": RgbReader(frame_size=(24, 32))})) == 10


def test_frames_of_other_shape_are_refused():
    readers = {"rgb": RgbReader(frame_size=(120, 160)), "flow": FlowReader(frame_size=(120, 120))}
    message = "frame sizes of 'rgb' and 'flow' must have one aspect ratio under one crop, got 120 × 160 and 120 × 120"
    with pytest.raises(InputError, match=message):
        spatial_views(TEN, readers)
    readers["flow"] = FlowReader(frame_size=(120, 160), crop_mode="center")
    message = "crop modes of 'rgb' and 'flow' must be the same under one crop, got 'border' and 'center'"
    with pytest.raises(InputError, match=message):
        spatial_views(TEN, readers)
