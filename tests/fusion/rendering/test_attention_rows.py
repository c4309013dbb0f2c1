"""Rows of attention maps: the axes of a map say how it is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.index import load_index
from triad.fusion.models import SampleMap
from triad.fusion.rendering.attention_maps import AttentionMaps, MappedStream
from triad.fusion.rendering.attention_rows import AttentionRows
from triad.fusion.rendering.contact_sheet import BarRow, HeatmapRow, ImageRow
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import Span
from triad.modalities.crop_views import CropViews
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.skeleton import PoseReader, get_layout

SECOND = Span(0.0, 1.0)
TIMES = np.array([0.25, 0.75])
LAYOUT = get_layout("minihome16")
RGB = MappedStream("rgb", RgbReader(frame_size=(48, 64)))
SKELETON = MappedStream("skeleton", PoseReader(layout="minihome16", frame_size=(48, 64)))
WHOLE = SpatialAugmentation()


@pytest.fixture(scope="module")
def draw(tiny):
    index = load_index(tiny)

    def build(*maps, view=WHOLE, streams=None):
        attention = AttentionMaps(view, maps, {"rgb": RGB, "skeleton": SKELETON} if streams is None else streams)
        record = index.record("still_s01")
        return AttentionRows(attention, index, record, TIMES, np.ones(2, bool), frame_size=(24, 32)).build()

    return build


def make_map(axes, weights, stream="rgb", name="map", **facts):
    return SampleMap(name, stream, axes, np.array(weights, np.float32), SECOND, **facts)


def is_colored(cell):
    return bool((np.ptp(cell.astype(int), axis=-1) > 3).any())


def test_strength_of_places_is_that_of_their_time(draw):
    """Two times over a second: columns at 0.25 s and 0.75 s; the second weighs nothing, so its frame is grey."""
    pictures, bars = draw(make_map("HW", [[1.0, 0.0]], name="α"), make_map("T", [1.0, 0.0], name="β"))
    assert isinstance(pictures, ImageRow)
    assert pictures.name == "α"
    assert pictures.notes == ("of rgb", "strength: β")
    assert [cell.shape for cell in pictures.cells] == [(24, 32, 3)] * 2
    assert [is_colored(cell) for cell in pictures.cells] == [True, False]
    assert isinstance(bars, BarRow)
    assert (bars.name, bars.notes) == ("β", ("of rgb", "uniform: 0.50"))
    np.testing.assert_array_equal(bars.values, [1.0, 0.0])


def test_places_over_time_share_one_scale(draw):
    (row,) = draw(make_map("THW", [[[0.0, 0.0]], [[0.0, 0.4]]]))
    assert [is_colored(cell) for cell in row.cells] == [False, True]
    warm = row.cells[1][..., 0].astype(int) - row.cells[1][..., 2]
    assert warm[:, 24:].mean() > warm[:, :8].mean() + 20


def test_picture_shows_the_crop(draw):
    (view,) = CropViews()((48, 64))
    (row,) = draw(make_map("HW", np.eye(2)), view=view)
    assert [cell.shape for cell in row.cells] == [(32, 32, 3)] * 2


def test_network_input_is_drawn_where_it_is_no_frame(draw):
    inputs = np.zeros((2, 10, 10, 3), np.uint8)
    inputs[1] = 255
    hand = MappedStream("rgb", RGB.reader, inputs)
    (row,) = draw(make_map("HW", [[1.0, 0.0]], stream="hand"), streams={"hand": hand})
    assert [cell.shape for cell in row.cells] == [(32, 32, 3)] * 2
    assert row.cells[0][:, 30].max() < 60 < row.cells[1][:, 30].min()


def test_joints_are_discs_and_lines(draw):
    weights = np.zeros((1, 2, 16))
    weights[0, 1, LAYOUT.index("head")] = 0.5
    pictures, lines = draw(make_map("MTV", weights, stream="skeleton", name="joints"))
    assert isinstance(pictures, ImageRow)
    assert pictures.name == "joints"
    assert not np.array_equal(pictures.cells[0], pictures.cells[1])
    assert isinstance(lines, HeatmapRow)
    assert lines.note == "joints, of skeleton, light 0.00, dark 0.50"
    is_dark = lines.colors.astype(int).sum(-1) < 200
    assert np.argwhere(is_dark).tolist() == [[LAYOUT.index("head"), 1]]


def test_parts_are_labelled_bars(draw):
    maps = make_map("N", [0.2, 0.8], stream="joint", name="joint", names=("rgb", "skeleton"))
    (row,) = draw(maps)
    assert isinstance(row, BarRow)
    assert (row.name, row.notes, tuple(row.labels)) == ("joint", (), ("rgb", "skeleton"))
    np.testing.assert_allclose(row.values, [0.2, 0.8])


def test_parts_over_time_are_lines(draw):
    (row,) = draw(make_map("TN", [[0.0, 1.0], [0.0, 0.5], [0.0, 0.0]], names=("hand", "head")))
    assert isinstance(row, HeatmapRow)
    assert row.colors.shape == (2, 3, 3)
    assert tuple(row.labels) == ("hand", "head")
    assert len(np.unique(row.colors[0], axis=0)) == 1
    assert len(np.unique(row.colors[1], axis=0)) == 3


def test_parts_over_places_are_both(draw):
    heat, bars = draw(make_map("NHW", [[[0.0, 1.0]], [[0.0, 3.0]]]))
    assert isinstance(heat, ImageRow)
    np.testing.assert_allclose(bars.values, [0.5, 1.5])
    assert tuple(bars.labels) == ("1", "2")


def test_unread_stream_has_no_picture(draw):
    """A stream of training alone is never read: what its map says of times remains."""
    (row,) = draw(make_map("THW", [[[1.0, 3.0]], [[0.0, 0.0]]], stream="teacher"), streams={})
    assert isinstance(row, BarRow)
    np.testing.assert_allclose(row.values, [2.0, 0.0])
    (row,) = draw(make_map("V", [0.5, 0.1], stream="teacher"), streams={})
    assert isinstance(row, HeatmapRow)
    assert tuple(row.labels) == ("joint 1", "joint 2")


def test_joints_that_look_at_places_are_named(draw):
    """Joints weigh places of the video: heat of all, and when each one looks, by the skeleton's names."""
    weights = np.zeros((16, 2, 1, 2))  # [V, T, H, W]
    weights[:, :, 0, 0] = 0.5
    (heat,) = draw(make_map("VTHW", weights))
    assert is_colored(heat.cells[0])
    weights[3, 0] = 0
    _, pictures, lines = draw(make_map("VTHW", weights))
    assert isinstance(pictures, ImageRow)
    assert tuple(lines.labels) == LAYOUT.joints


def test_absent_stream_has_no_picture(draw):
    absent = {"flow_dis": MappedStream("flow_unknown", RGB.reader)}
    (row,) = draw(make_map("THW", [[[1.0, 3.0]], [[0.0, 0.0]]], stream="flow_dis"), streams=absent)
    assert isinstance(row, BarRow)


def test_caption_says_what_was_missing(draw):
    (row,) = draw(make_map("HW", np.full((2, 2), 0.5), driven=False, missing=("skeleton",)))
    assert row.notes == ("of rgb", "no skeleton: uniform")


def test_persons_and_scalars_are_bars(draw):
    persons, gate = draw(make_map("M", [0.75, 0.25], name="persons"), make_map("", 0.3, name="gate"))
    assert tuple(persons.labels) == ("person 1", "person 2")
    assert tuple(gate.labels) == ("rgb",)
    np.testing.assert_allclose(gate.values, [0.3])
