import numpy as np
import pytest
from hand_made_predictions import make_predictions

from triad.fusion.predictions import FUSED, choose_stream, compute_stream_metrics
from triad.modalities.checks import InputError


def test_metrics_by_hand():
    """Of two samples of class 0 one is right, the one of class 1 is absent and so wrong."""
    predictions = make_predictions(
        ids=("a", "b", "c"),
        labels=[0, 0, 1],
        scores={"rgb": np.eye(2)[[0, 1, 1]]},
        present={"rgb": [True, True, False]},
        groups={"subject": ["s1", "s2", "s3"]},
    )
    metrics = compute_stream_metrics(predictions, "rgb")
    assert metrics["mean_class_accuracy"] == 0.25
    assert metrics["top1"] == pytest.approx(1 / 3)
    assert metrics["top5"] == pytest.approx(2 / 3)
    assert metrics["ci95_over"] == "subject"
    assert metrics["ci95"][0] <= 0.25 <= metrics["ci95"][1]


def test_fused_stream_is_the_default():
    rgb = make_predictions("rgb")
    assert choose_stream(rgb) == "rgb"
    both = rgb.with_stream("flow", rgb.scores["rgb"], kind="logit", present=rgb.present["rgb"])
    with pytest.raises(
        InputError, match="stream to evaluate must be one of flow, rgb, got none; name it with --stream"
    ):
        choose_stream(both)
    assert choose_stream(both, "flow") == "flow"
    fused = both.with_stream(FUSED, rgb.scores["rgb"], kind="logit", present=rgb.present["rgb"])
    assert choose_stream(fused) == FUSED
    with pytest.raises(InputError, match=r"got 'flaw' \(did you mean 'flow'\?\)"):
        choose_stream(both, "flaw")
