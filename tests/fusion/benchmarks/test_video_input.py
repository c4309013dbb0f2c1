import numpy as np
import pytest

from triad.fusion.benchmarks import input_videos, video_input
from triad.modalities.checks import InputError
from triad.modalities.video import probe


def test_written_videos_are_like_jhmdb(tmp_path):
    (path,) = input_videos.write_videos(tmp_path, num=1)
    info = probe(path)
    assert (info.num_frames, info.fps, info.height, info.width) == (40, 30.0, 240, 320)


def test_many_videos_can_be_written(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(input_videos, "_write_video", lambda path, clip: written.append(clip.id))
    input_videos.write_videos(tmp_path, num=input_videos.NUM_CLIPS)
    assert len(set(written)) == input_videos.NUM_CLIPS


def test_videos_are_spread_over_folder(tmp_path):
    for number in range(9):
        (tmp_path / f"{number}.avi").touch()
    paths = input_videos.find_videos(tmp_path, num=3)
    assert [path.name for path in paths] == ["0.avi", "4.avi", "8.avi"]


def test_folder_without_videos_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"folder of videos must hold files that end in \.avi"):
        input_videos.find_videos(tmp_path, num=3)


def test_both_decoders_show_the_same(tmp_path):
    pytest.importorskip("decord")
    (path,) = input_videos.write_videos(tmp_path, num=1)
    video_input._check_frames(path, np.array([0, 7, 7, 39]))


@pytest.mark.slow
def test_both_pipelines_are_timed(tmp_path, monkeypatch):
    pytest.importorskip("decord")
    monkeypatch.setattr(input_videos, "NUM_CLIPS", 2)
    monkeypatch.setattr(video_input, "ROUNDS", 1)
    results = video_input.bench_video_input(tmp_path)
    assert [result.name for result in results] == ["video input pipeline, 16×112²", "video input pipeline, 32×224²"]
    assert all(result.ours > 0 and result.reference > 0 and result.required == 2.0 for result in results)
