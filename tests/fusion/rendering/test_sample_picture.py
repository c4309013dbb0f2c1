import numpy as np
import pytest

from triad.fusion.data import ActionDataset
from triad.fusion.index import load_index
from triad.fusion.rendering import render_sample
from triad.fusion.rendering.contact_sheet import GAP, GUTTER, MARGIN
from triad.modalities.checks import InputError
from triad.modalities.rgb.reader import RgbReader


def test_frames_are_those_of_the_dataset(tiny):
    """10 frames of 0.1 s, 5 columns: their times are the centres of fifths, as a dataset of 5 frames samples them."""
    reader = RgbReader(frame_size=(48, 64))
    streams = {"rgb": {"reader": reader, "num_frames": 5}}
    dataset = ActionDataset(index=tiny, protocol="cross_subject", split="test", streams=streams)
    index = load_index(tiny)
    sample = dataset.sample(index.record("right_s03"), 0)
    np.testing.assert_allclose(sample.clips["rgb"].times, [0.1, 0.3, 0.5, 0.7, 0.9])
    sheet = np.asarray(render_sample(index, "right_s03", num_columns=5, cell_width=64))
    for column, frame in enumerate(sample.clips["rgb"].data):
        left = MARGIN + GUTTER + column * (64 + GAP)
        cell = sheet[MARGIN + 78 : MARGIN + 78 + 48, left : left + 64]
        np.testing.assert_array_equal(cell[8:-8, 1:-1], frame[8:-8, 1:-1])  # without the rounded outline


def test_unknown_id_names_the_nearest(tiny):
    with pytest.raises(InputError, match=r"got 'rihgt_s03'; the nearest are right_s03, right_s\d\d, right_s\d\d$"):
        render_sample(load_index(tiny), "rihgt_s03")
