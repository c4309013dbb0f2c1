import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from count_extractor import CountExtractor, bright_frames, build_dis_and_farneback, read_files, run_extraction

from triad.modalities.checks import InputError
from triad.modalities.extraction import Job, SharedWorker, StreamStore, shared_worker
from triad.modalities.extraction.one_video import extract_video
from triad.modalities.flow import FlowExtractor
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import write_video


def build_deadly():
    return [CountExtractor(die_above=240)]


def test_videos_at_once_give_same_bytes(videos, tmp_path):
    errors = run_extraction(videos, build_dis_and_farneback, tmp_path / "here")
    assert [id for id, error in errors.items() if error is not None] == ["v2"]
    shared = run_extraction(videos, build_dis_and_farneback, tmp_path / "shared", workers=SharedWorker(3))
    assert shared == errors
    for stream in ("flow_dis", "flow_farneback"):
        files = read_files(tmp_path / "here" / stream)
        assert set(files) == {"v0.flow", "v1.flow", "v3.flow", "provenance.json"}
        assert read_files(tmp_path / "shared" / stream) == files


def test_video_that_kills_worker_has_failed(videos, tmp_path):
    write_video(videos[2].video, bright_frames(), fps=10)
    errors = run_extraction(videos, build_deadly, tmp_path, workers=SharedWorker(3))
    assert "the process that worked on it died, twice" in errors.pop("v2")
    assert errors == {"v0": None, "v1": None, "v3": None}
    assert not list((tmp_path / "count").glob(".*partial*"))


def test_stopped_video_leaves_no_file(videos, tmp_path):
    store = StreamStore.to_write(CountExtractor(), tmp_path)
    store.prepare()
    stop = threading.Event()
    stop.set()
    with pytest.raises(KeyboardInterrupt):
        extract_video(Job(videos[0], ("count",)), [store], stop=stop)
    assert [path.name for path in store.folder.iterdir()] == ["provenance.json"]


def test_videos_take_turns_at_estimator(tmp_path):
    """Two videos begin together; the estimator of both is never entered twice."""
    begin = threading.Barrier(2)
    inside = threading.Lock()

    class Estimator:
        name = "turns"

        def open(self):
            return self

        def __call__(self, frames):
            assert inside.acquire(blocking=False)
            threading.Event().wait(0.01)
            inside.release()
            return np.zeros((len(frames) - 1, *frames.shape[1:3], 2), np.float32)

    extractor = FlowExtractor(Estimator())

    def extract(number):
        with extractor.open(tmp_path / f"{number}.flow", provenance={}, watch=Stopwatch()) as sink:
            begin.wait()
            for _ in range(5):
                sink.add(np.zeros((3, 16, 16, 3), np.uint8))

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(extract, range(2))) == [None, None]


def test_number_of_videos_must_be_positive():
    with pytest.raises(InputError, match="videos at once must be at least 1, got 0"):
        SharedWorker(0)


def test_default_number_follows_cores(monkeypatch):
    for cores, expected in ((1, 2), (8, 4), (64, 8)):
        monkeypatch.setattr(shared_worker, "available_cores", lambda cores=cores: cores)
        assert SharedWorker().num_workers == expected
