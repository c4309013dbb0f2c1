import multiprocessing
import os

import cv2
import pytest
from count_extractor import (
    CountExtractor,
    bright_frames,
    build_counter,
    build_dis_and_farneback,
    read_files,
    run_extraction,
)

from triad.modalities.checks import InputError
from triad.modalities.extraction import LocalWorkers
from triad.modalities.extraction.workers import one_thread
from triad.modalities.video import write_video


def build_deadly():
    return [CountExtractor(die_above=240)]


def die_in_worker():
    if multiprocessing.parent_process() is not None:
        os._exit(3)
    return build_counter()


def test_video_that_kills_workers_has_failed(videos, tmp_path):
    write_video(videos[2].video, bright_frames(), fps=10)
    errors = run_extraction(videos, build_deadly, tmp_path, workers=LocalWorkers(2))
    assert "the process that worked on it died, twice" in errors.pop("v2")
    assert errors == {"v0": None, "v1": None, "v3": None}
    assert run_extraction(videos, build_deadly, tmp_path, workers=LocalWorkers(2)) == {}
    assert not list((tmp_path / "count").glob(".*partial*"))


def test_workers_that_cannot_start(videos, tmp_path):
    with pytest.raises(InputError, match="extraction workers must start, got one that died at once; see above why"):
        run_extraction(videos, die_in_worker, tmp_path, workers=LocalWorkers(2))
    assert not (tmp_path / "count/failed").exists()


def test_processes_give_the_same_bytes(videos, tmp_path):
    errors = run_extraction(videos, build_dis_and_farneback, tmp_path / "here")
    assert [id for id, error in errors.items() if error is not None] == ["v2"]
    workers = LocalWorkers(2)
    assert run_extraction(videos, build_dis_and_farneback, tmp_path / "processes", workers=workers) == errors
    for stream in ("flow_dis", "flow_farneback"):
        files = read_files(tmp_path / "here" / stream)
        assert set(files) == {"v0.flow", "v1.flow", "v3.flow", "provenance.json"}
        assert read_files(tmp_path / "processes" / stream) == files


def test_one_thread_restores_the_number():
    num_threads = cv2.getNumThreads()
    with one_thread():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == num_threads


def test_number_of_workers_must_be_positive():
    with pytest.raises(InputError, match="workers must be at least 1, got 0"):
        LocalWorkers(0)
