from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.fusion.index import load_index
from triad.fusion.rendering.relevance import color_bar
from triad.fusion.rendering.saliency import Saliency
from triad.fusion.rendering.saliency_rows import column_bounds, saliency_rows, sum_columns
from triad.modalities.skeleton import PoseReader, get_layout

LAYOUT = get_layout("minihome16")


def test_column_sums_its_times() -> None:
    values = np.arange(7.0)[None, :, None]
    assert column_bounds(7, 3) == [(0, 2), (2, 4), (4, 7)]
    assert sum_columns(values, 3)[0, :, 0].tolist() == [1, 5, 15]
    assert column_bounds(2, 4) == [(0, 1), (0, 1), (1, 2), (1, 2)]  # more columns than times: one time each


def test_rows_show_relevance_and_occlusion(tiny: Path) -> None:
    """One joint has all relevance, in the second half: so have the second picture, and its line of the heat map."""
    index = load_index(tiny)
    gradient = np.zeros((1, 8, 16), np.float32)
    gradient[0, 4:, LAYOUT.index("head")] = 0.5
    occlusion = np.zeros((1, 16), np.float32)
    occlusion[0, LAYOUT.index("left_wrist")] = -1
    reader = PoseReader(layout="minihome16", frame_size=(1, 1))
    saliency = Saliency("joint", "skeleton", reader, "still", 0.75, gradient, occlusion, None)
    record = index.record("still_s01")
    pictures, heatmap = saliency_rows(
        saliency, index, record, np.array([0.25, 0.75]), np.ones(2, bool), frame_size=(120, 160), frames=None
    )
    assert pictures.notes[:2] == ("score of joint for", "still (0.75)")
    red = [cell[..., 0].astype(int) - cell[..., 2] for cell in pictures.cells]
    assert [(cell > 60).any() for cell in red] == [False, True]
    assert pictures.legend.shape == color_bar("−2.0", "+2.0").shape
    is_colored = np.ptp(heatmap.colors.astype(int), axis=-1) > 60
    assert is_colored.any(1).nonzero()[0].tolist() == [LAYOUT.index("head")]
    assert is_colored.any(0).nonzero()[0].tolist() == [4, 5, 6, 7]
    is_colored = np.ptp(heatmap.summary.astype(int), axis=-1) > 60
    assert is_colored.nonzero()[0].tolist() == [LAYOUT.index("left_wrist")]
