"""Relevance on skeletons and over joints and times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from fusion.data import collate
from fusion.explanation import gradient_times_input, occlusion
from fusion.index import load_index
from fusion.rendering import open_explainer, render_sample
from fusion.rendering.contact_sheet import GAP, GUTTER, HEAD, LINE_HEIGHT, MARGIN, STRIP, ImageGrid, ImageRow, compose
from fusion.rendering.relevance import color_bar, colors_of, draw_relevance
from fusion.rendering.saliency import Saliency
from fusion.rendering.saliency_rows import columns, gather, saliency_rows
from fusion.training.config import build_config
from modalities.checks import InputError
from modalities.registry import MODELS
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.reader import PoseReader

CONFIG = Path(__file__).parents[3] / "configs/skeleton/stgcnpp_minihome.py"
SMALL = ("streams.skeleton.num_frames=8", "streams.skeleton.encoder.widths=(16,16,32,32,64,64)")
LAYOUT = get_layout("minihome16")


def lightness(colors: np.ndarray) -> np.ndarray:
    return colors.astype(float) @ [0.2126, 0.7152, 0.0722]


def test_colours_are_ordered_by_lightness() -> None:
    shares = lightness(colors_of(np.linspace(0, 1, 9), 1, signed=False))
    assert (np.diff(shares) < 0).all()
    signed = lightness(colors_of(np.linspace(-1, 1, 9), 1, signed=True))
    assert (np.diff(signed[:5]) > 0).all()
    assert (np.diff(signed[4:]) < 0).all()
    against, neutral, for_it = colors_of(np.array([-2.0, 0.0, 2.0]), 2, signed=True).astype(int)
    assert against[2] > against[0] + 100
    assert for_it[0] > for_it[2] + 100
    assert np.ptp(neutral) < 5
    assert (colors_of(np.zeros((2, 3)), 0, signed=True) == neutral).all()  # no relevance at all


def draw(values: dict[int, float], scores: np.ndarray | None = None) -> np.ndarray:
    """Joints along the diagonal of an empty picture of 240 pixels, 14 apart."""
    places = 12 + 14 * np.arange(16)[:, None].repeat(2, axis=1).astype(np.float32)
    array = np.zeros(16)
    array[list(values)] = list(values.values())
    scores = np.ones(16) if scores is None else scores
    return draw_relevance(np.full((240, 240, 3), 246, np.uint8), places, scores, LAYOUT, values=array, full=1.0)


def test_relevant_joints_are_larger_and_coloured() -> None:
    picture = draw({3: 1.0, 10: -1.0, 14: 0.25}).astype(int)
    red, blue = picture[..., 0] - picture[..., 2], picture[..., 2] - picture[..., 0]
    middle = 12 + 14 * np.array([3, 10, 14])
    assert red[middle[0], middle[0]] > 100
    assert blue[middle[1], middle[1]] > 100
    strong, weak = ((red[m - 12 : m + 12, m - 12 : m + 12] > 30).sum() for m in middle[[0, 2]])
    assert strong / weak == pytest.approx((10 / 6) ** 2, rel=0.15)  # radii 2 + 8√1 and 2 + 8√¼
    assert np.ptp(picture[12 + 14 * 6, 12 + 14 * 6]) < 5


def test_lost_joints_are_left_out() -> None:
    scores = np.ones(16)
    scores[3] = 0
    picture = draw({3: 1.0}, scores).astype(int)
    assert (picture[..., 0] - picture[..., 2] <= 3).all()
    with pytest.raises(InputError, match=r"^relevance of layout 'minihome16' must have shape \[V=16\], got \[15\]$"):
        draw_relevance(picture, np.zeros((16, 2)), scores, LAYOUT, values=np.zeros(15), full=1.0)


def test_each_column_has_the_sum_of_its_times() -> None:
    values = np.arange(7.0)[None, :, None]
    assert columns(7, 3) == [(0, 2), (2, 4), (4, 7)]
    assert gather(values, 3)[0, :, 0].tolist() == [1, 5, 15]
    assert columns(2, 4) == [(0, 1), (0, 1), (1, 2), (1, 2)]  # more columns than times: each shows the one of its own


def test_a_grid_shares_the_width_of_the_columns() -> None:
    colors = np.array([[(200, 0, 0), (0, 0, 200)], [(0, 200, 0), (0, 0, 0)]], np.uint8)  # [V, T, 3]
    cells = [np.full((40, 60, 3), 246, np.uint8)] * 3
    strip = np.array([(0, 200, 200), (200, 0, 200)], np.uint8)
    rows = [
        ImageRow("rgb", cells, (0, 0, 0)),
        ImageGrid("why", colors, ("left_hand", "head"), (9, 9, 9), "what", strip),
    ]
    sheet = np.asarray(compose("t", "s", [0.1, 0.2, 0.3], rows))
    left, width = MARGIN + GUTTER, 3 * 60 + 2 * GAP
    top = sheet.shape[0] - MARGIN - 2 * LINE_HEIGHT
    assert tuple(sheet[top + 7, left + 7]) == (200, 0, 0)
    assert tuple(sheet[top + 7, left + width // 2 + 7]) == (0, 0, 200)
    assert tuple(sheet[top + LINE_HEIGHT + 7, left + width // 2 - 7]) == (0, 200, 0)
    assert tuple(sheet[top + 7, left - GAP - STRIP + 7]) == (0, 200, 200)
    assert tuple(sheet[top + LINE_HEIGHT + 7, left - GAP - 7]) == (200, 0, 200)
    assert (sheet[top - HEAD : top, left + width :] == sheet[0, 0]).all()


def test_rows_show_what_was_found(tiny: Path) -> None:
    """One joint has all relevance, in the second half: so have the second picture, and its line of the grid."""
    index = load_index(tiny)
    relevance = np.zeros((1, 8, 16), np.float32)
    relevance[0, 4:, LAYOUT.index("head")] = 0.5
    hidden = np.zeros((1, 16), np.float32)
    hidden[0, LAYOUT.index("left_wrist")] = -1
    reader = PoseReader(layout="minihome16", frame_size=(1, 1))
    found = Saliency("joint", "skeleton", reader, 2, 0.75, relevance, hidden, None)
    record = index.record("still_s01")
    pictures, grid = saliency_rows(
        found, index, record, np.array([0.25, 0.75]), np.ones(2, bool), frame_size=(120, 160), frames=None
    )
    assert pictures.notes[:2] == ("why joint says", "still (0.75)")
    red = [cell[..., 0].astype(int) - cell[..., 2] for cell in pictures.cells]
    assert [(each > 60).any() for each in red] == [False, True]
    assert pictures.legend.shape == color_bar("−2.0", "+2.0").shape
    coloured = np.ptp(grid.colors.astype(int), axis=-1) > 60
    assert coloured.any(1).nonzero()[0].tolist() == [LAYOUT.index("head")]
    assert coloured.any(0).nonzero()[0].tolist() == [4, 5, 6, 7]
    assert (np.ptp(grid.strip.astype(int), axis=-1) > 60).nonzero()[0].tolist() == [LAYOUT.index("left_wrist")]


def test_the_saliency_is_that_of_the_models_own_view(tiny: Path, tmp_path: Path) -> None:
    torch.manual_seed(0)
    settings = build_config(CONFIG, options=SMALL, data=tiny)
    torch.save({"state_dict": MODELS.build(settings.model).state_dict()}, tmp_path / "model.pth")
    look_of = open_explainer(CONFIG, tmp_path / "model.pth", tiny, SMALL)
    look = look_of("left_s01")
    (found,) = look.saliencies
    model, dataset = look_of.args
    index = load_index(tiny)
    batch = collate([dataset.sample(index.record("left_s01"), 0)])
    expected = {
        "gradient": gradient_times_input(model, batch, stream="skeleton"),
        "occlusion": occlusion(model, batch, stream="skeleton").sum(1),
    }
    for name, values in expected.items():
        np.testing.assert_allclose(getattr(found, name), values.cpu().numpy(), atol=1e-6)
    assert found.graph.shape == (1, 8, 16, 16)
    assert found.graph.sum((2, 3)) == pytest.approx(1)
    plain, explained = (render_sample(index, "left_s01", count=4, width=64, look=each) for each in (None, look))
    assert explained.height > plain.height + 2 * 48 + HEAD + 16 * LINE_HEIGHT
