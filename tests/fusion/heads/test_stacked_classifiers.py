from dataclasses import replace

import numpy as np
import pytest
import skops.io
from scipy.special import softmax
from sklearn.preprocessing import StandardScaler, normalize
from sklearn.svm import LinearSVC

from fusion.late_fusion.folds import grouped_folds
from fusion.late_fusion.methods import LATE_METHODS, late_fusion, load_fusion, save_fusion
from fusion.late_fusion.stacking import SvmFeatureFusion, SvmFusion
from fusion.predictions import mean_class_accuracy
from modalities.checks import InputError

STREAMS = ("rgb", "flow_dis", "skeleton")


@pytest.fixture
def val(simulated):
    return simulated(split="val", samples=120)


@pytest.fixture
def test(simulated):
    return simulated(split="test_", samples=90)


def test_svm_is_scikit_learns_on_normalised_softmax_scores(val, test):
    fusion = SvmFusion().fit(val, STREAMS)

    def columns(predictions):
        heat = fusion.calibration_.temperatures_
        return np.hstack([normalize(softmax(predictions.scores[s].astype(float) / heat[s], axis=1)) for s in STREAMS])

    reference = LinearSVC(C=fusion.C_, dual=False, class_weight="balanced").fit(columns(val), val.labels)
    np.testing.assert_allclose(fusion.predict(test), reference.decision_function(columns(test)), atol=1e-3)


def test_feature_svm_is_scikit_learns_on_standardised_features(val, test):
    fusion = SvmFeatureFusion().fit(val, STREAMS)
    scalers = {s: StandardScaler().fit(val.features[s]) for s in STREAMS}

    def columns(predictions):
        return np.hstack([normalize(scalers[s].transform(predictions.features[s])) for s in STREAMS])

    reference = LinearSVC(C=fusion.C_, dual="auto", class_weight="balanced", random_state=0).fit(
        columns(val), val.labels
    )
    np.testing.assert_allclose(fusion.predict(test), reference.decision_function(columns(test)), atol=1e-3)


@pytest.mark.parametrize("method", sorted(LATE_METHODS))
def test_every_method_beats_its_best_stream_and_survives_its_file(method, val, test, tmp_path):
    fusion = late_fusion(method).fit(val, STREAMS)
    fused = fusion.predict(test)
    single = max(mean_class_accuracy(test.labels, test.scores[s].argmax(axis=1)) for s in STREAMS)
    assert mean_class_accuracy(test.labels, fused.argmax(axis=1)) > single + 0.05
    save_fusion(fusion, tmp_path / "head.skops")
    np.testing.assert_array_equal(load_fusion(tmp_path / "head.skops").predict(test), fused)


@pytest.mark.parametrize("method", sorted(LATE_METHODS))
def test_absent_streams_leave_finite_scores(method, val, test):
    absent = {s: np.arange(len(test)) % 3 != i for i, s in enumerate(STREAMS)}
    fused = late_fusion(method).fit(val, STREAMS).predict(replace(test, present=absent))
    assert np.isfinite(fused).all()
    assert mean_class_accuracy(test.labels, fused.argmax(axis=1)) > 0.5


@pytest.mark.parametrize("method", ["svm", "svm_features", "logistic"])
def test_a_class_that_validation_never_showed_ranks_last(method, val, test):
    fused = late_fusion(method).fit(val.select(val.labels != 2), STREAMS).predict(test)
    assert fused.shape == (90, 6)
    assert (fused.argmin(axis=1) == 2).all()


def test_features_are_asked_for_by_name(val):
    with pytest.raises(InputError, match=r"hold features of every stream, got none of \['rgb'\].*--method svm"):
        late_fusion("svm_features").fit(replace(val, features={}), ("rgb",))


def test_folds_never_divide_a_subject_or_a_source_video(val):
    folds = grouped_folds(val, 3)
    assert len(folds) == 3
    for learn, held in folds:
        assert not set(val.groups["subject"][learn]) & set(val.groups["subject"][held])
    assert sorted(np.concatenate([held for _, held in folds]).tolist()) == list(range(120))
    videos = np.array([f"v{label}_{number % 4}" for number, label in enumerate(val.labels)])
    for learn, held in grouped_folds(replace(val, groups={"source_video": videos}), 4):
        assert not set(videos[learn]) & set(videos[held])
        assert set(val.labels[learn]) == set(val.labels)


def test_foreign_files_are_refused_and_never_run(tmp_path):
    path = tmp_path / "head.skops"
    skops.io.dump({"method": np.random.RandomState, "f": tmp_path.exists}, path)
    with pytest.raises(InputError, match=r"head\.skops' must hold scikit-learn and numpy objects only, got .*exists"):
        load_fusion(path)
    skops.io.dump({"some": "thing"}, path)
    with pytest.raises(InputError, match=r"must be a 'triad late fusion, version 1' file, got another skops file"):
        load_fusion(path)
    path.write_bytes(b"\x80\x04cos\nsystem\n.")
    with pytest.raises(InputError, match=r"head\.skops' must be a stored fusion"):
        load_fusion(path)


def test_misspelt_method_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'weighted'"):
        late_fusion("weigthed")
