"""Recording of a prediction: the file appears when the block ends well, and only then."""

import numpy as np
import pytest

from triad.fusion.annotated_video import record_annotated_video
from triad.fusion.data import TemporalSampler
from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.fusion.inference.sliding_window import SlidingWindow
from triad.fusion.inference.video_predictor import VideoPredictor
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.video import probe, write_video


@pytest.fixture
def predictor(tmp_path):
    frames = [np.full((32, 48, 3), 100, np.uint8) for _ in range(10)]
    write_video(tmp_path / "v.mp4", frames, fps=10)
    inputs = {"rgb": StreamInput(RgbReader(frame_size=(32, 48)), 2, "rgb")}
    model = Model("m", lambda batch: {"rgb": np.ones((1, 2), np.float32)}, ("a", "b"), inputs, TemporalSampler())
    return VideoPredictor(tmp_path / "v.mp4", ModelEnsemble([model]), SlidingWindow(0.5, 0.5, 0.5))


def test_video_appears_when_the_block_ends(predictor, tmp_path):
    path = tmp_path / "out/annotated.mp4"
    with record_annotated_video(predictor, path) as sink:
        list(predictor.run([sink]))
    assert probe(path).num_frames == 10
    assert len(predictor.prediction.windows) == 2


def test_error_leaves_no_video(predictor, tmp_path):
    def fail_after_one_frame(path):
        with record_annotated_video(predictor, path) as sink:
            next(predictor.run([sink]))
            raise RuntimeError("no memory")

    path = tmp_path / "out/annotated.mp4"
    with pytest.raises(RuntimeError, match="no memory"):
        fail_after_one_frame(path)
    assert not path.exists()
