import numpy as np
import pytest
from scipy.special import log_softmax

from fusion.late_fusion.averaging import MeanFusion, ProductFusion, WeightedFusion, sample_weights, search_weights
from fusion.late_fusion.calibration import Calibration, fit_temperature
from fusion.predictions import Predictions
from modalities.checks import InputError

P = {"rgb": [[0.8, 0.2], [0.5, 0.5]], "flow": [[0.4, 0.6], [0.1, 0.9]]}


def two(**changes: object) -> Predictions:
    fields = {
        "ids": ["a", "b"],
        "labels": [0, 1],
        "classes": ("sit", "rise"),
        "scores": {name: np.log(value) for name, value in P.items()},
        "kinds": dict.fromkeys(P, "logprob"),
    }
    return Predictions(**fields | changes)  # type: ignore[arg-type]


def test_mean_and_product_by_hand():
    mean = MeanFusion().fit(two(), ("rgb", "flow")).predict(two())
    np.testing.assert_allclose(np.exp(mean), [[0.6, 0.4], [0.3, 0.7]], rtol=1e-6)
    product = ProductFusion().fit(two(), ("rgb", "flow")).predict(two())
    geometric = np.sqrt([[0.32, 0.12], [0.05, 0.45]])
    np.testing.assert_allclose(np.exp(product), geometric / geometric.sum(axis=1, keepdims=True), rtol=1e-6)


@pytest.mark.parametrize("fusion", [MeanFusion, ProductFusion, WeightedFusion])
def test_an_absent_stream_has_no_say(fusion):
    lacking = two(
        present={"flow": [False, True]}, scores={"rgb": np.log(P["rgb"]), "flow": [[np.nan] * 2, [-2.3, -0.1]]}
    )
    fused = fusion().fit(two(), ("rgb", "flow")).predict(lacking)
    np.testing.assert_allclose(np.exp(fused[0]), [0.8, 0.2], rtol=1e-6)


def test_a_sample_without_any_stream_is_uniform():
    nothing = two(present={"rgb": [False, True], "flow": [False, True]})
    fused = MeanFusion().fit(two(), ("rgb", "flow")).predict(nothing)
    np.testing.assert_allclose(np.exp(fused[0]), [0.5, 0.5])


def test_weights_are_renormalised_over_what_is_there():
    present = np.array([[1, 0, 1, 0], [1, 1, 0, 0]], dtype=bool)
    found = sample_weights(np.array([0.75, 0.25]), present)
    np.testing.assert_allclose(found, [[0.75, 0, 1, 0.5], [0.25, 1, 0, 0.5]])
    np.testing.assert_allclose(sample_weights(np.array([1.0, 0.0]), present)[:, 1], [0, 1])


def test_the_search_finds_a_corner_and_ties_go_to_equal_weights():
    assert search_weights(lambda weights: -abs(weights[1] - 1.0), 3).tolist() == [0, 1, 0]
    np.testing.assert_allclose(search_weights(lambda weights: 0.0, 3), [1 / 3] * 3)
    fine = search_weights(lambda weights: -abs(weights[0] - 0.625), 2)
    np.testing.assert_allclose(fine, [0.625, 0.375])
    nearest = search_weights(lambda weights: float(weights[0] >= 0.6), 2)  # every 0.6 … 1 is as good
    np.testing.assert_allclose(nearest, [0.6, 0.4])


def test_weights_mistrust_a_stream_of_noise(simulated):
    val = simulated(split="val", blind={"rgb": [], "flow": [(0, 1), (2, 3), (4, 5)]}, samples=120)
    noise = np.random.default_rng(0).normal(size=(120, 6)) * 4
    val = val.with_stream("noise", noise, kind="logprob", present=np.ones(120, bool))
    weights = dict(zip(("rgb", "noise"), WeightedFusion().fit(val, ("rgb", "noise")).weights_, strict=True))
    assert weights["rgb"] > 0.8
    assert sum(weights.values()) == pytest.approx(1)


def test_the_temperature_of_logits_is_recovered():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20000, 4)) * 2
    labels = (log_softmax(logits, axis=1) + rng.gumbel(size=logits.shape)).argmax(axis=1)
    assert fit_temperature(3 * logits, labels) == pytest.approx(3, rel=0.05)


def test_log_probabilities_keep_their_temperature_and_margins_get_one(simulated):
    val = simulated(split="val", blind={"rgb": [], "flow": []})
    margins = val.with_stream("svm", 50 * val.scores["rgb"], kind="margin", present=val.present["rgb"])
    given = margins.with_stream("given", log_softmax(val.scores["rgb"], 1), kind="logprob", present=val.present["rgb"])
    learned = Calibration().fit(given, ("rgb", "svm", "given")).temperatures_
    assert learned["given"] == 1.0
    assert learned["svm"] == pytest.approx(50 * learned["rgb"], rel=1e-3)


def test_errors_name_the_stream():
    with pytest.raises(InputError, match=r"validation predictions must include 'flaw'.*did you mean 'flow'"):
        MeanFusion().fit(two(), ("rgb", "flaw"))
    with pytest.raises(InputError, match="stream 'flow' must be present in the validation predictions"):
        MeanFusion().fit(two(present={"flow": [False, False]}), ("rgb", "flow"))
    with pytest.raises(InputError, match="validation predictions must be labelled, got sample 'b' without a label"):
        MeanFusion().fit(two(labels=[0, -1]), ("rgb",))
