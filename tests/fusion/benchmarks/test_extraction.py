import logging

from shared_data import needs_shared, shared_path

from triad.fusion.benchmarks import extraction
from triad.modalities.extraction import StreamStore
from triad.modalities.skeleton.pose_estimation import PoseFiles


def test_missing_data_gives_one_warning(tmp_path, monkeypatch, caplog):
    with caplog.at_level(logging.WARNING):
        monkeypatch.delenv(extraction.DATA_VARIABLE, raising=False)
        assert extraction.bench_extraction(tmp_path) == []
        monkeypatch.setenv(extraction.DATA_VARIABLE, str(tmp_path))
        assert extraction.bench_extraction(tmp_path) == []
    first, second = (record.getMessage() for record in caplog.records)
    assert first == second
    assert first.startswith("extraction is not measured: set TRIAD_DATA to a folder with jhmdb14/videos/*/*.avi, ")


@needs_shared("weights/yolox_nano.onnx")
def test_every_pass_writes_all_files(tmp_path, monkeypatch):
    monkeypatch.setenv(extraction.DATA_VARIABLE, str(shared_path("")))
    monkeypatch.setattr(extraction, "NUM_CLIPS", 1)
    monkeypatch.setattr(extraction, "NUM_FRAMES", 3)
    monkeypatch.setattr(extraction, "FRAME_SIZES", ((120, 160),))
    monkeypatch.setattr(extraction, "DETECTION_INTERVALS", (2,))
    with_threads, without_threads = extraction.bench_extraction(tmp_path)
    assert (with_threads.required, without_threads.required) == (1.4, None)
    assert with_threads.name == "flow and poses in one pass, 160×120, a detection every 2, a video at a time"
    store = StreamStore.to_read(PoseFiles("pose_every2"), tmp_path)
    (pose_file,) = tmp_path.glob("pose_every2/*.npz")
    assert store.files.describe(pose_file).num == 3
    assert len(list(tmp_path.glob("flow_dis/*.flow"))) == 1
