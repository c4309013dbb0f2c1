import numpy as np
import pytest

from triad.fusion.benchmarks import gpu_extraction
from triad.fusion.benchmarks.gpu_extraction import (
    bench_gpu_extraction,
    build_flow_extractors,
    compare_videos_at_once,
    extraction_rate,
    make_tasks,
)
from triad.modalities.checks import InputError
from triad.modalities.extraction import LocalWorkers
from triad.modalities.flow import FlowExtractor
from triad.modalities.flow.estimators import build_estimator
from triad.modalities.video import write_video


def build_dis():
    return [FlowExtractor(build_estimator("dis"))]


@pytest.fixture
def videos(tmp_path, monkeypatch):
    """Three videos of 5 frames."""
    monkeypatch.setattr(gpu_extraction, "NUM_FRAMES", 5)
    paths = [tmp_path / f"videos/{number}.mp4" for number in range(3)]
    for path in paths:
        write_video(path, [np.full((32, 32, 3), shade, np.uint8) for shade in range(0, 50, 10)], fps=10)
    return paths


def test_videos_at_once_are_compared(videos, tmp_path):
    result = compare_videos_at_once("flow", "cpu", videos, build_dis, tmp_path / "out")
    assert result.name == "extraction of flow"
    assert result.ours > 0
    assert result.reference > 0
    assert "2 videos at once" in result.note
    assert len(list((tmp_path / "out/shared/flow_dis").glob("*.flow"))) == 18


def test_video_that_fails_is_named(videos, tmp_path):
    videos[1].write_bytes(b"corrupt")
    with pytest.raises(InputError, match=r"flow_dis of .*1.mp4' must be extracted"):
        extraction_rate(make_tasks(videos, 1), build_dis, tmp_path / "out", LocalWorkers(1))


def test_one_video_has_no_rate(videos, tmp_path):
    with pytest.raises(InputError, match="videos of the benchmark must be more than 1, the workers, got 1"):
        extraction_rate(make_tasks(videos[:1], 1), build_dis, tmp_path / "out", LocalWorkers(1))


def test_machine_without_gpu_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(gpu_extraction, "best_device", lambda: "cpu")
    with pytest.raises(InputError, match="extraction on a GPU must have one, got none"):
        next(iter(bench_gpu_extraction(tmp_path)))


def test_large_videos_are_of_high_definition(videos, tmp_path, monkeypatch):
    monkeypatch.setattr(gpu_extraction, "LARGE_SIZE", (64, 48))
    paths = gpu_extraction.write_large_videos(videos[0], tmp_path / "large")
    assert len(paths) == 4
    (extractor,) = build_flow_extractors("random:0", "cpu")
    assert extractor.stream == "flow_raft_small_fast"
