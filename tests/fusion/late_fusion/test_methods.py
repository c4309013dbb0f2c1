from dataclasses import replace

import numpy as np
import pytest
import skops.io

from triad.fusion.late_fusion import LATE_METHODS, build_late_fusion, load_fusion, save_fusion
from triad.fusion.predictions import mean_class_accuracy
from triad.modalities.checks import InputError

STREAMS = ("rgb", "flow_dis", "skeleton")


@pytest.fixture
def val(simulated):
    return simulated(split="val", samples=120)


@pytest.fixture
def test(simulated):
    return simulated(split="test_", samples=90)


@pytest.mark.parametrize("method", sorted(LATE_METHODS))
def test_methods_beat_the_best_stream(method, val, test):
    fused = build_late_fusion(method).fit(val, STREAMS).predict(test)
    best_stream = max(mean_class_accuracy(test.labels, test.scores[stream].argmax(axis=1)) for stream in STREAMS)
    assert mean_class_accuracy(test.labels, fused.argmax(axis=1)) > best_stream + 0.05


@pytest.mark.parametrize("method", sorted(LATE_METHODS))
def test_loaded_fusion_predicts_the_same(method, val, test, tmp_path):
    fusion = build_late_fusion(method).fit(val, STREAMS)
    save_fusion(fusion, tmp_path / "fusion.skops")
    np.testing.assert_array_equal(load_fusion(tmp_path / "fusion.skops").predict(test), fusion.predict(test))


@pytest.mark.parametrize("method", sorted(LATE_METHODS))
def test_absent_streams_leave_finite_scores(method, val, test):
    present = {stream: np.arange(len(test)) % 3 != index for index, stream in enumerate(STREAMS)}
    fused = build_late_fusion(method).fit(val, STREAMS).predict(replace(test, present=present))
    assert np.isfinite(fused).all()
    assert mean_class_accuracy(test.labels, fused.argmax(axis=1)) > 0.5


def test_foreign_files_are_refused_unread(tmp_path):
    path = tmp_path / "fusion.skops"
    skops.io.dump({"method": np.random.RandomState, "f": tmp_path.exists}, path)
    with pytest.raises(InputError, match=r"fusion\.skops' must hold scikit-learn and numpy objects only, got .*exists"):
        load_fusion(path)
    skops.io.dump({"some": "thing"}, path)
    with pytest.raises(InputError, match=r"must be a 'triad late fusion, version 2' file, got another skops file"):
        load_fusion(path)
    path.write_bytes(b"\x80\x04cos\nsystem\n.")
    with pytest.raises(InputError, match=r"fusion\.skops' must be a stored fusion"):
        load_fusion(path)


@pytest.mark.parametrize("method", ["mean", "svm_features"])
def test_huge_counts_are_refused_unread(method, val, tmp_path):
    fusion = build_late_fusion(method).fit(val, STREAMS)
    if method == "mean":
        fusion.calibration_.streams_ = tuple(f"s{number}" for number in range(4000))
        fusion.calibration_.classes_ = tuple(f"c{number}" for number in range(4000))
    else:
        fusion.widths_ = {f"block {number}": 1_000_000 for number in range(12)}
    save_fusion(fusion, tmp_path / "f.skops")
    with pytest.raises(InputError, match="must read at most 10,000,000 scores and features of a sample, got 1"):
        load_fusion(tmp_path / "f.skops")


def test_misspelt_method_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'weighted'"):
        build_late_fusion("weigthed")
