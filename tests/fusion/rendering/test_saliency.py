from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from triad.fusion.data import collate
from triad.fusion.explanation import gradient_times_input, occlusion
from triad.fusion.index import load_index
from triad.fusion.rendering import open_explainer, render_sample
from triad.fusion.rendering.contact_sheet import HEATMAP_HEADER, HEATMAP_LINE
from triad.fusion.rendering.saliency import streams_with_joints
from triad.fusion.training.config import build_config
from triad.modalities.registry import MODELS

CONFIG = Path(__file__).parents[3] / "configs/skeleton/stgcnpp_minihome.py"
SMALL = ("streams.skeleton.num_frames=8", "streams.skeleton.encoder.widths=(16,16,32,32,64,64)")


def test_saliency_is_of_the_test_clip(tiny: Path, tmp_path: Path) -> None:
    torch.manual_seed(0)
    settings = build_config(CONFIG, options=SMALL, data=tiny)
    torch.save({"state_dict": MODELS.build(settings.model).state_dict()}, tmp_path / "model.pth")
    explainer = open_explainer(CONFIG, tmp_path / "model.pth", tiny, SMALL)
    explanation = explainer("left_s01")
    (saliency,) = explanation.saliencies
    model, dataset = explainer.model, explainer.dataset
    assert streams_with_joints(model, dataset) == ["skeleton"]
    index = load_index(tiny)
    batch = collate([dataset.sample(index.record("left_s01"), 0)])
    expected = {
        "gradient": gradient_times_input(model, batch, stream="skeleton"),
        "occlusion": occlusion(model, batch, stream="skeleton").sum(1),
    }
    for name, values in expected.items():
        np.testing.assert_allclose(getattr(saliency, name), values.cpu().numpy(), atol=1e-6)
    assert saliency.graph.shape == (1, 8, 16, 16)
    assert saliency.graph.sum((2, 3)) == pytest.approx(1)
    plain, explained = (
        render_sample(index, "left_s01", num_columns=4, cell_width=64, explanation=shown_explanation)
        for shown_explanation in (None, explanation)
    )
    assert explained.height > plain.height + 2 * 48 + HEATMAP_HEADER + 16 * HEATMAP_LINE
