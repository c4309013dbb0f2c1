"""Predictions and accuracies that the action metric makes of a recognizer's outputs."""

import numpy as np
import pytest

from triad.fusion.predictions import Predictions
from triad.fusion.training.metrics.action_metric import ActionMetric, accuracies, check_finite, to_predictions
from triad.modalities.checks import InputError


def output(name: str, number: int, *, several: bool = False, **scores: list[float]) -> dict:
    streams = {
        stream: {"score": np.array(score, np.float32), "feature": np.array([number], np.float32)}
        for stream, score in scores.items()
    }
    return {
        "id": name,
        "number": number,
        "label": 1,
        "span": [0.0, 1.0],
        **({"fused": np.log(np.array([0.5, 0.5], np.float32))} if several else {}),
        "streams": streams,
    }


def test_temporal_clips_of_sample_are_averaged():
    outputs = [output("a", 0, rgb=[2, 0]), output("a", 1, rgb=[0, 4]), output("b", 0, rgb=[1, 1])]
    predictions = to_predictions(outputs, ("sit", "rise"))
    assert predictions.ids.tolist() == ["a", "b"]
    assert predictions.scores["rgb"].tolist() == [[1, 2], [1, 1]]
    assert predictions.features["rgb"].tolist() == [[0.5], [0]]
    assert set(predictions.scores) == {"rgb"}  # one stream has no fused score beside it


def test_absent_stream_scores_zero():
    predictions = to_predictions(
        [output("a", 0, several=True, rgb=[2, 0], flow=[1, 3]), output("b", 0, several=True, rgb=[0, 1])], ("x", "y")
    )
    assert predictions.scores["flow"].tolist() == [[1, 3], [0, 0]]
    assert predictions.present["flow"].tolist() == [True, False]
    assert "fused" in predictions.scores


def test_infinite_scores_name_clips():
    outputs = [
        output("b", 0, rgb=[0, np.inf]),
        output("a", 0, rgb=[0, 1], flow=[np.nan, 1]),
        output("c", 0, rgb=[0, 1]),
    ]
    message = r"scores of the model.* must be finite, got NaN or infinity for 2 of 3 clips \(a, b\); lower the learning"
    with pytest.raises(InputError, match=message):
        check_finite(outputs)
    check_finite(outputs[2:])


def test_mean_class_accuracy_weighs_classes_equally():
    """Nine of nine frequent and none of one rare sample right: 0.9 of the samples, half of the classes."""
    predictions = Predictions(
        ids=[f"s{number}" for number in range(10)],
        labels=np.array([0] * 9 + [1]),
        classes=("walk", "cut"),
        scores={"skeleton": np.tile([1.0, 0.0], (10, 1))},
        kinds={"skeleton": "logit"},
    )
    assert accuracies(predictions) == {"mean_class_accuracy": 0.5, "top1": 0.9, "top5": 1.0}


def test_unlabelled_samples_are_left_out():
    predictions = to_predictions([output("a", 0, rgb=[0, 1]), {**output("b", 0, rgb=[0, 1]), "label": -1}], ("x", "y"))
    assert accuracies(predictions)["top1"] == pytest.approx(1.0)


def test_metric_averages_probabilities_on_demand():
    metric = ActionMetric(average_clips="prob")
    metric.dataset_meta = {"classes": ("sit", "rise")}
    views = [np.log([0.2, 0.8]), np.log([0.6, 0.4]) + 3]
    metric.compute_metrics([output("a", number, rgb=scores) for number, scores in enumerate(views)])
    np.testing.assert_allclose(np.exp(metric.predictions.scores["rgb"]), [[0.4, 0.6]], rtol=1e-6)
    assert metric.predictions.kinds == {"rgb": "logprob"}
    with pytest.raises(InputError, match="average_clips must be one of prob, score, got 'logits'"):
        ActionMetric(average_clips="logits")
