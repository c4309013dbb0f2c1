"""One numbering and one clock of frames: damaged and odd videos have the same frames by every way, and predict says of
them what test says."""

from pathlib import Path

import numpy as np
import pytest
from numbered_frames import number_of
from odd_videos import ODD_VIDEOS
from tool_runs import run_tool
from trained_models import CONFIGS, compute_scores, load_untrained, small_video

from triad.fusion.data import ActionDataset, collate
from triad.fusion.index import extent_of, load_index
from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.sliding_window import SlidingWindow
from triad.fusion.inference.torch_network import open_model
from triad.fusion.inference.video_predictor import VideoPredictor
from triad.modalities.video import VideoFile, iter_frames, probe, read_frames

NAMES = list(ODD_VIDEOS)
STREAMS = {"rgb": "rgb/r2plus1d_small_jhmdb.py", "flow_dis": "flow/r2plus1d_small_jhmdb.py"}


@pytest.fixture(scope="module")
def videos(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    for name, write in ODD_VIDEOS.items():
        write(folder / name)
    return folder


@pytest.fixture(scope="module")
def data(videos: Path) -> Path:
    """Dataset of all videos, each of the class of its place, with extracted flow."""
    rows = [f"{name},{'ab'[number % 2]},test" for number, name in enumerate(NAMES)]
    (videos / "table.csv").write_text("\n".join(["path,label,split", *rows]))
    assert run_tool("prepare.py", "table", videos / "table.csv", videos / "out") == 0
    assert run_tool("extract.py", videos / "out", "--flow", "dis", "--workers", 1) == 0
    return videos / "out"


@pytest.mark.parametrize("name", NAMES)
def test_frames_are_the_same_by_every_way(videos, name):
    path = videos / name
    info = probe(path)
    in_turn = np.stack(list(iter_frames(path)))
    assert len(in_turn) == info.num_frames
    assert info.times is None or (len(info.times) == info.num_frames and np.all(np.diff(info.times) > 0))
    streamed = [(frame.number, frame.rgb) for frame in VideoFile(path)]
    assert [number for number, _ in streamed] == list(range(info.num_frames))
    np.testing.assert_array_equal(np.stack([image for _, image in streamed]), in_turn)
    fps = info.fps if info.times is None else None
    for index in {*range(0, info.num_frames, 11), info.num_frames - 1}:
        np.testing.assert_array_equal(read_frames(path, [index], fps=fps)[0], in_turn[index], err_msg=str(index))


@pytest.mark.parametrize(
    ("name", "fps", "first", "share"),
    [
        ("damaged.mkv", 20, 0, 0.8),  # to the next key frame, pictures show what they make of lost ones
        ("lost_picture.avi", 20, 0, 1),
        ("joined.ts", 20, 0, 1),
        ("step_back.mkv", 20, 0, 1),
        ("edited.mp4", 20, 10, 1),
        ("open_gop.mkv", 20, 0, 1),
        ("pictures", 30, 0, 1),
    ],
)
def test_frames_keep_their_times(videos, name, fps, first, share):
    """A frame is shown at the time of its number, also after damage, a joint, an edit or a gap."""
    info = probe(videos / name)
    times = info.times or np.arange(info.num_frames) / info.fps
    numbers = np.array([number_of(image) for image in iter_frames(videos / name)])
    errors = np.abs(np.array(times) - (numbers - first) / fps)
    assert np.mean(errors < 0.002) >= share
    assert errors[-1] < 0.002


@pytest.mark.parametrize("stream", STREAMS)
def test_predict_says_what_test_says(videos, data, tmp_path, stream):
    options = [*small_video(stream), f"streams.{stream}.transform.size=[28,28]"]
    loaded = load_untrained(tmp_path, CONFIGS / STREAMS[stream], data, options)
    model = open_model(tmp_path / "epoch_1.pth", CONFIGS / STREAMS[stream], options, device="cpu")
    index = load_index(data)
    dataset_options = loaded.config.test_dataloader["dataset"]
    keys = {"streams", "temporal_sampler", "crop_views", "seed"} & dataset_options.keys()
    dataset = ActionDataset(index=data, protocol="split1", split="test", **{key: dataset_options[key] for key in keys})
    scores = compute_scores(loaded, collate([dataset[row] for row in range(len(dataset))]))[stream]
    assert len(scores) == len(NAMES)
    tolerance = 0.002 * np.ptp(scores, axis=0).min()
    assert tolerance > 1e-6
    for row, record in enumerate(dataset.records):
        length = extent_of(index.record(record["id"])).length
        window = SlidingWindow(length, length, length)
        predictor = VideoPredictor(videos / record["path"], ModelEnsemble([model]), window)
        list(predictor.run())
        (window,) = predictor.prediction.windows
        np.testing.assert_allclose(
            window.predictions.scores[stream][0], scores[row], rtol=0, atol=tolerance, err_msg=record["id"]
        )
