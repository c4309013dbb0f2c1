import numpy as np
import pytest
from hand_made_predictions import make_predictions

from triad.fusion.late_fusion import MaxFusion, MeanFusion, ProductFusion, WeightedFusion, averaging
from triad.fusion.late_fusion.averaging import search_weights, weights_per_sample
from triad.fusion.predictions import Predictions

PROBABILITIES = {"rgb": [[0.8, 0.2], [0.5, 0.5]], "flow": [[0.4, 0.6], [0.1, 0.9]]}


def make_two_streams(**fields: object) -> Predictions:
    scores = {name: np.log(value) for name, value in PROBABILITIES.items()}
    defaults = {"ids": ["a", "b"], "scores": scores, "kinds": dict.fromkeys(scores, "logprob")}
    return make_predictions(**defaults | fields)


def test_mean_and_product_by_hand():
    predictions = make_two_streams()
    mean = MeanFusion().fit(predictions, ("rgb", "flow")).predict(predictions)
    np.testing.assert_allclose(np.exp(mean), [[0.6, 0.4], [0.3, 0.7]], rtol=1e-6)
    product = ProductFusion().fit(predictions, ("rgb", "flow")).predict(predictions)
    geometric = np.sqrt([[0.32, 0.12], [0.05, 0.45]])
    np.testing.assert_allclose(np.exp(product), geometric / geometric.sum(axis=1, keepdims=True), rtol=1e-6)


@pytest.mark.parametrize("fusion", [MeanFusion, ProductFusion, MaxFusion, WeightedFusion])
def test_absent_stream_does_not_count(fusion):
    scores = {"rgb": np.log(PROBABILITIES["rgb"]), "flow": [[np.nan] * 2, [-2.3, -0.1]]}
    test = make_two_streams(present={"flow": [False, True]}, scores=scores)
    fused = fusion().fit(make_two_streams(), ("rgb", "flow")).predict(test)
    np.testing.assert_allclose(np.exp(fused[0]), [0.8, 0.2], rtol=1e-6)


def test_sample_without_streams_is_uniform():
    test = make_two_streams(present={"rgb": [False, True], "flow": [False, True]})
    fused = MeanFusion().fit(make_two_streams(), ("rgb", "flow")).predict(test)
    np.testing.assert_allclose(np.exp(fused[0]), [0.5, 0.5])


def test_weights_are_renormalised_over_present():
    present = np.array([[1, 0, 1, 0], [1, 1, 0, 0]], dtype=bool)
    weights = weights_per_sample(np.array([0.75, 0.25]), present)
    np.testing.assert_allclose(weights, [[0.75, 0, 1, 0.5], [0.25, 1, 0, 0.5]])
    np.testing.assert_allclose(weights_per_sample(np.array([1.0, 0.0]), present)[:, 1], [0, 1])


def test_weight_search_finds_the_optimum():
    assert search_weights(lambda weights: -abs(weights[1] - 1.0), 3).tolist() == [0, 1, 0]
    between_tenths = search_weights(lambda weights: -abs(weights[0] - 0.625), 2)
    np.testing.assert_allclose(between_tenths, [0.625, 0.375])


def test_weight_search_prefers_equal_weights():
    np.testing.assert_allclose(search_weights(lambda weights: 0.0, 3), [1 / 3] * 3)
    most_equal = search_weights(lambda weights: float(weights[0] >= 0.6), 2)
    np.testing.assert_allclose(most_equal, [0.6, 0.4])


def test_noise_gets_little_weight(simulated):
    val = simulated(split="val", blind={"rgb": [], "flow": [(0, 1), (2, 3), (4, 5)]}, samples=120)
    noise = np.random.default_rng(0).normal(size=(120, 6)) * 4
    val = val.with_stream("noise", noise, kind="logprob", present=np.ones(120, bool))
    weights = dict(zip(("rgb", "noise"), WeightedFusion().fit(val, ("rgb", "noise")).weights_, strict=True))
    assert weights["rgb"] > 0.8
    assert sum(weights.values()) == pytest.approx(1)


def test_maximum_by_hand():
    predictions = make_two_streams()
    fused = np.exp(MaxFusion().fit(predictions, ("rgb", "flow")).predict(predictions))
    np.testing.assert_allclose(fused, [[0.8 / 1.4, 0.6 / 1.4], [0.5 / 1.4, 0.9 / 1.4]], rtol=1e-6)


@pytest.mark.parametrize("fusion", [MeanFusion, ProductFusion, MaxFusion])
def test_chunks_of_samples_change_nothing(fusion, simulated, monkeypatch):
    test = simulated(split="test_", samples=60)
    fitted = fusion().fit(simulated(split="val", samples=60), test.streams)
    whole = fitted.predict(test)
    monkeypatch.setattr(averaging, "_CHUNK_SIZE", 7)
    np.testing.assert_array_equal(fitted.predict(test), whole)
