import cv2
import numpy as np
import pytest

from triad.fusion.benchmarks import flow_input, input_videos
from triad.modalities.flow import FlowFile


def test_both_stores_hold_the_same_flow(tmp_path):
    (video,) = input_videos.write_videos(tmp_path, num=1)
    flow_path, pairs = flow_input._write_flow(video, tmp_path / "flow" / "clip")
    field = FlowFile(flow_path).read(np.array([7]))[0]
    codes = np.stack([cv2.imread(str(pairs / f"flow_{axis}_00007.jpg"), cv2.IMREAD_GRAYSCALE) for axis in "xy"], -1)
    assert np.abs((codes / 127.5 - 1) * 20 - field).mean() < 0.2


@pytest.mark.slow
def test_both_pipelines_are_timed(tmp_path, monkeypatch):
    monkeypatch.setattr(input_videos, "NUM_CLIPS", 2)
    monkeypatch.setattr(flow_input, "ROUNDS", 1)
    results = flow_input.bench_flow_input(tmp_path)
    assert [result.name for result in results] == ["flow input pipeline, 16×112²", "flow input pipeline, 32×224²"]
    assert all(result.ours > 0 and result.reference > 0 and result.required == 2.0 for result in results)
