import numpy as np
import pytest
from hand_made_predictions import make_predictions
from scipy.special import log_softmax

from triad.fusion.late_fusion import Calibration, fit_temperature
from triad.modalities.checks import InputError


def test_temperature_of_logits_is_recovered():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20000, 4)) * 2
    labels = (log_softmax(logits, axis=1) + rng.gumbel(size=logits.shape)).argmax(axis=1)
    assert fit_temperature(3 * logits, labels) == pytest.approx(3, rel=0.05)


def test_temperatures_depend_on_score_kinds(simulated):
    val = simulated(split="val", blind={"rgb": [], "flow": []})
    present = val.present["rgb"]
    val = val.with_stream("svm", 50 * val.scores["rgb"], kind="margin", present=present)
    val = val.with_stream("calibrated", log_softmax(val.scores["rgb"], 1), kind="logprob", present=present)
    temperatures = Calibration().fit(val, ("rgb", "svm", "calibrated")).temperatures_
    assert temperatures["calibrated"] == 1.0
    assert temperatures["svm"] == pytest.approx(50 * temperatures["rgb"], rel=1e-3)


def test_unit_temperatures_keep_the_softmax():
    predictions = make_predictions(scores={"rgb": [[1.0, 0.0], [0.0, 3.0], [9.0, 9.0]]}, present={"rgb": [1, 1, 0]})
    log_probs, present = Calibration().set_unit_temperatures(predictions, ["rgb"]).transform(predictions)
    np.testing.assert_allclose(log_probs[0], log_softmax([[1.0, 0.0], [0.0, 3.0], [0.0, 0.0]], axis=1))
    assert present.tolist() == [[True, True, False]]


def test_errors_name_the_stream():
    predictions = make_predictions()
    with pytest.raises(InputError, match=r"validation predictions must include 'rgbb'.*did you mean 'rgb'"):
        Calibration().fit(predictions, ("rgb", "rgbb"))
    with pytest.raises(InputError, match="streams of a fusion must be at least one, got none"):
        Calibration().fit(predictions, ())
    with pytest.raises(InputError, match="stream 'rgb' must be present in the validation predictions"):
        Calibration().fit(make_predictions(present={"rgb": [False] * 3}), ("rgb",))
    with pytest.raises(InputError, match="validation predictions must be labelled, got sample 'b' without a label"):
        Calibration().fit(make_predictions(labels=[0, -1, 1]), ("rgb",))
    fitted = Calibration().set_unit_temperatures(predictions, ("rgb",))
    with pytest.raises(InputError, match=r"classes of the test predictions must be those of the fit, sit, rise, got"):
        fitted.transform(make_predictions(classes=("rise", "sit")))


def test_known_temperatures_are_of_the_same_samples():
    labels = np.arange(50) % 3
    scores = np.random.default_rng(0).normal(size=(50, 3)) + np.eye(3)[labels]
    first = fit_temperature(scores, labels)
    assert fit_temperature(scores.copy(), labels.copy()) == first
    assert fit_temperature(2 * scores, labels) == pytest.approx(2 * first, rel=1e-3)
    assert fit_temperature(scores, labels[::-1].copy()) != first
