import numpy as np

from triad.fusion.rendering.clip_rows import LEGEND_HEIGHT, clip_row, color_of_stream
from triad.modalities.clips import FlowClip, RgbClip
from triad.modalities.modality import Canvas, get_modality


def test_row_has_notes_and_legend():
    data = np.zeros((2, 8, 8, 2), np.float32)
    data[0, ..., 0] = 8  # canvas pixels, to the right
    row = clip_row("flow_dis", FlowClip(data, 0.1, np.zeros(2), np.ones(2, bool)), canvas=Canvas((8, 8), scale=2))
    assert (row.name, row.color) == ("flow_dis", get_modality("flow").color)
    assert row.notes == ("hue: direction", "full: 4.0 px a frame")
    assert row.legend.shape == (LEGEND_HEIGHT, LEGEND_HEIGHT, 3)
    assert tuple(row.cells[0][4, 4]) == (255, 0, 0)


def test_frames_need_no_legend():
    data = np.arange(2 * 4 * 6 * 3, dtype=np.uint8).reshape(2, 4, 6, 3)
    row = clip_row("rgb", RgbClip(data, np.zeros(2), np.array([True, False])), canvas=Canvas((4, 6)))
    np.testing.assert_array_equal(np.stack(row.cells), data)
    assert row.legend is None
    assert row.valid.tolist() == [True, False]


def test_stream_names_have_colors_of_modalities():
    assert color_of_stream("flow_dis") == get_modality("flow").color
    assert color_of_stream("pose_rtmpose") == color_of_stream("bone_motion") == get_modality("skeleton").color
