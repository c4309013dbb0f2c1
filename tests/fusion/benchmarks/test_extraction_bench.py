import logging

from shared_data import needs_shared, shared_path

from fusion.benchmarks import extraction
from modalities.extraction import StreamStore
from modalities.skeleton.pose_estimation.extractor import PoseFiles

DATA = shared_path("")


def test_without_clips_and_weights_nothing_is_measured_and_it_is_said(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv(extraction.DATA, str(tmp_path))
    with caplog.at_level(logging.WARNING):
        assert extraction.bench_extraction(tmp_path) == []
    assert "name the folder with jhmdb14 and weights by TRIAD_DATA" in caplog.text


@needs_shared("weights/yolox_nano.onnx")
def test_every_way_makes_all_files(tmp_path, monkeypatch):
    monkeypatch.setenv(extraction.DATA, str(DATA))
    monkeypatch.setattr(extraction, "CLIPS", 1)
    monkeypatch.setattr(extraction, "FRAMES", 3)
    monkeypatch.setattr(extraction, "SIZES", ((120, 160),))
    monkeypatch.setattr(extraction, "EVERY", (2,))
    at_a_time, busy = extraction.bench_extraction(tmp_path)
    assert (at_a_time.required, busy.required) == (1.4, None)
    assert at_a_time.name == "flow and poses in one pass, 160×120, a detection every 2, a video at a time"
    store = StreamStore.to_read(PoseFiles("pose_every2"), tmp_path)
    (made,) = tmp_path.glob("pose_every2/*.npz")
    assert store.files.describe(made).num == 3
    assert len(list(tmp_path.glob("flow_dis/*.flow"))) == 1
