import numpy as np
import pytest

from triad.fusion.evaluation import FusionCandidate
from triad.fusion.index import load_index
from triad.fusion.predictions import Predictions
from triad.fusion.rendering import draw_gallery
from triad.modalities.checks import InputError


def make_candidate(streams, predicted):
    scores = np.eye(3)[predicted]
    return FusionCandidate(
        streams=streams, fusion="mean", mode="late", scores=scores, present=np.ones(4, bool), validation=0.5
    )


def test_gallery_shows_gain_of_fusion(tiny):
    index = load_index(tiny)
    ids = [record["id"] for record in index.records[:4]]
    candidates = [
        make_candidate(("rgb",), [0, 0, 1, 0]),
        make_candidate(("skeleton",), [1, 1, 0, 1]),
        make_candidate(("rgb", "skeleton"), [0, 0, 1, 1]),
    ]
    test = Predictions(
        ids=ids,
        labels=np.array([0, 0, 1, 1]),
        classes=tuple(index.classes),
        scores={"rgb": np.zeros((4, 3))},
        kinds={"rgb": "logit"},
    )
    (picture,) = draw_gallery(test, candidates, index)
    assert picture.caption.startswith(f"{ids[3]}, right. rgb: left ✗, skeleton: right ✓, fused: right ✓")
    assert picture.png.startswith(b"\x89PNG")
    foreign = Predictions(**{**vars(test), "meta": {"dataset": "jhmdb"}})
    with pytest.raises(InputError, match="must be that of the predictions, 'jhmdb', got 'minihome'"):
        draw_gallery(foreign, candidates, index)
