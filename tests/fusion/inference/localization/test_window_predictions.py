"""Windows over the videos of a split are read and labelled as clips of their spans."""

from __future__ import annotations

import json

import numpy as np
import pytest
from untrimmed import brightness_model, write_untrimmed

from triad.fusion.data import ActionDataset
from triad.fusion.inference import ModelEnsemble, SlidingWindow
from triad.fusion.inference.localization import predict_windows
from triad.modalities.checks import InputError
from triad.modalities.clips import Span
from triad.modalities.rgb.reader import RgbReader


def predict(untrimmed, classes, **options):
    ensemble = ModelEnsemble([brightness_model(classes)])
    options = {"sliding_window": SlidingWindow(1, 1, 1), "protocol": None, "split": "test", **options}
    return predict_windows(ensemble, untrimmed, **options)


def test_windows_cover_each_video(windows):
    test = windows["test"]
    assert sorted(set(test.groups["source_video"])) == ["P02T01C01", "P10T01C01", "P11T01C01"]
    of_first = test.spans[test.groups["source_video"] == "P02T01C01"]
    assert of_first[0].tolist() == [0, 0.6]
    assert of_first[-1].tolist() == pytest.approx([5.4, 6.0])
    assert len(of_first) == 28
    assert sorted(set(test.groups["subject"])) == ["P02", "P10", "P11"]


def test_window_is_read_as_a_record(untrimmed, windows):
    """Its scores are those of a record with its span."""
    streams = {"rgb": {"reader": RgbReader(frame_size=(32, 48)), "num_frames": 2}}
    dataset = ActionDataset(index=untrimmed, protocol="cross_subject", split="test", streams=streams)
    test = windows["test"]
    row = 9
    name = test.groups["source_video"][row]
    record = next(record for record in dataset.records if record["source_video"] == name)
    span = Span(*test.spans[row].tolist())
    sample = dataset.sample({**record, "start": span.start, "end": span.end}, 0)
    brightness = sample.clips["rgb"].data.mean() / 255 - 0.5
    assert test.scores["rgb"][row, 0] == pytest.approx(8 * brightness, abs=1e-4)


def test_windows_have_several_or_no_labels(windows):
    test = windows["test"]
    of_first = test.groups["source_video"] == "P02T01C01"
    starts = test.spans[of_first, 0].round(2).tolist()
    labels = dict(zip(starts, test.labels[of_first].tolist(), strict=True))
    assert labels[0.0] == [1, 0]
    assert labels[2.6] == [0, 0]
    assert labels[5.0] == [0, 1]


def test_lists_of_labels_are_read(tmp_path):
    out = write_untrimmed(tmp_path)
    document = json.loads((out / "index.json").read_text())
    for record in document["data_list"]:
        record["label"] = [record["label"]]
    (out / "index.json").write_text(json.dumps(document))
    assert predict(out, ("bright", "dark")).labels.sum() > 0


def test_processes_read_the_same(untrimmed):
    one = predict(untrimmed, ("bright", "dark"))
    two = predict(untrimmed, ("bright", "dark"), num_workers=1)
    np.testing.assert_array_equal(one.scores["rgb"], two.scores["rgb"])
    assert one.ids.tolist() == two.ids.tolist()


def test_missing_class_is_refused(untrimmed):
    with pytest.raises(InputError, match=r"include those of the dataset.*--known-classes judges"):
        predict(untrimmed, ("bright", "other"))
    with pytest.raises(InputError, match="include two or more of the dataset's"):
        predict(untrimmed, ("bright", "other"), known_only=True)


def test_similar_names_are_known(untrimmed):
    found = predict(untrimmed, ("Bright", "_dark", "other"), known_only=True)
    assert found.classes == ("bright", "dark")
    np.testing.assert_array_equal(found.scores["rgb"], predict(untrimmed, ("bright", "dark", "x")).scores["rgb"])


def test_too_many_windows_are_refused(untrimmed):
    with pytest.raises(InputError, match=r"--stride must give at most 5,000,000 windows"):
        predict(untrimmed, ("bright", "dark"), sliding_window=SlidingWindow(1, 1e-7, 1))
