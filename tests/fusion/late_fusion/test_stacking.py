from dataclasses import replace

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.preprocessing import StandardScaler, normalize
from sklearn.svm import SVC, LinearSVC

from triad.fusion.late_fusion import build_late_fusion
from triad.modalities.checks import InputError

STREAMS = ("rgb", "flow_dis", "skeleton")


@pytest.fixture
def val(simulated):
    return simulated(split="val", samples=120)


@pytest.fixture
def test(simulated):
    return simulated(split="test_", samples=90)


def test_score_svm_equals_scikit_learn(val, test):
    fusion = build_late_fusion("svm").fit(val, STREAMS)

    def columns(predictions):
        scaled = [predictions.scores[name].astype(float) / fusion.calibration_.temperatures_[name] for name in STREAMS]
        return np.hstack([normalize(softmax(scores, axis=1)) for scores in scaled])

    reference = LinearSVC(C=fusion.parameters_["C"], dual=False, class_weight="balanced").fit(columns(val), val.labels)
    np.testing.assert_allclose(fusion.predict(test), reference.decision_function(columns(test)), atol=1e-3)


def test_feature_svm_equals_scikit_learn(val, test):
    fusion = build_late_fusion("svm_features").fit(val, STREAMS)
    scalers = {name: StandardScaler().fit(val.features[name]) for name in STREAMS}

    def columns(predictions):
        return np.hstack([normalize(scalers[name].transform(predictions.features[name])) for name in STREAMS])

    reference = LinearSVC(C=fusion.parameters_["C"], dual="auto", class_weight="balanced", random_state=0)
    reference.fit(columns(val), val.labels)
    np.testing.assert_allclose(fusion.predict(test), reference.decision_function(columns(test)), atol=1e-3)


def test_rbf_svm_equals_scikit_learn(val, test):
    fusion = build_late_fusion("svm_rbf").fit(val, STREAMS)

    def columns(predictions):
        scaled = [predictions.scores[name].astype(float) / fusion.calibration_.temperatures_[name] for name in STREAMS]
        return np.hstack([normalize(softmax(scores, axis=1)) for scores in scaled])

    reference = SVC(**fusion.parameters_, class_weight="balanced").fit(columns(val), val.labels)
    np.testing.assert_allclose(fusion.predict(test), reference.decision_function(columns(test)), atol=1e-6)


def test_both_reads_scores_and_features(val, test):
    """Scores are only normalised, features standardised first."""
    fusion = build_late_fusion("svm_both").fit(val, STREAMS)
    assert list(fusion.widths_.values()) == [6, 6, 6, 10, 10, 10]
    assert fusion.classifier_.standardize == (False, False, False, True, True, True)
    changed = replace(test, features={name: -array for name, array in test.features.items()})
    assert not np.allclose(fusion.predict(test), fusion.predict(changed))


@pytest.mark.parametrize("method", ["svm", "svm_features", "logistic", "svm_rbf", "svm_both", "mlp"])
def test_class_without_validation_ranks_last(method, val, test):
    fused = build_late_fusion(method).fit(val.select(val.labels != 2), STREAMS).predict(test)
    assert fused.shape == (90, 6)
    assert (fused.argmin(axis=1) == 2).all()


def test_one_class_is_refused(val):
    with pytest.raises(InputError, match="must hold two or more classes to learn from, got one"):
        build_late_fusion("svm").fit(val.select(val.labels == 2), STREAMS)


def test_missing_features_name_the_cure(val):
    with pytest.raises(InputError, match=r"hold features of every stream, got none of \['rgb'\].*--method svm"):
        build_late_fusion("svm_features").fit(replace(val, features={}), ("rgb",))


def test_other_feature_width_is_refused(val, test):
    fusion = build_late_fusion("svm_features").fit(val, ("rgb",))
    narrow = replace(test, features={"rgb": test.features["rgb"][:, :3]})
    with pytest.raises(InputError, match=r"must be \{'rgb': 10\} a stream, as in the fit, got \{'rgb': 3\}"):
        fusion.predict(narrow)
