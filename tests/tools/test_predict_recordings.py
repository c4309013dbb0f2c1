"""predict on several recordings, on a skeleton without a video and on a folder of pictures."""

from __future__ import annotations

import json
import re
import shutil

import cv2
import numpy as np
from predicted_streams import CLIP, load_row

from triad.fusion.predictions import Predictions
from triad.modalities.video import iter_frames


def test_skeleton_alone_gives_the_labels_of_test(command, home, tmp_path):
    skeleton = home / f"data/skeleton/{CLIP}.npz"
    words = ["--checkpoint", home / "skeleton", "--skeleton-fps", 10, "--out", tmp_path]
    for recording in ([skeleton], ["--skeleton", skeleton]):
        code, _, err = command("predict.py", *recording, *words)
        assert code == 0, err
        expected = load_row(home / "skeleton.npz", CLIP)
        scores = Predictions.load(tmp_path / "predictions.npz").scores["skeleton"]
        np.testing.assert_allclose(scores, expected.scores["skeleton"], atol=1e-4)
        assert not (tmp_path / "annotated.mp4").exists()


def test_skeleton_alone_needs_its_rate(command, one_line, home, tmp_path):
    words = ["--checkpoint", home / "skeleton", "--out", tmp_path / "out"]
    code, _, err = command("predict.py", home / f"data/skeleton/{CLIP}.npz", *words)
    assert code == 1
    assert "have a rate where there is no video, got none; give --skeleton-fps" in one_line(err)


def test_one_failure_does_not_stop_the_others(command, home, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/text.mp4").write_text("no video")
    shutil.copy(home / f"data/videos/{CLIP}.mp4", tmp_path / "broken")
    videos = [home / f"data/videos/{CLIP}.mp4", tmp_path / "broken/text.mp4", tmp_path / f"broken/{CLIP}.mp4"]
    words = ["--checkpoint", home / "rgb", "--no-video", "--out", tmp_path / "out", "--json"]
    code, printed, err = command("predict.py", *videos, *words)
    assert code == 1
    assert re.search("error: '.*text.mp4': video must be", err)
    assert err.rstrip().endswith("error: 1 of 3 failed")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [CLIP, f"{CLIP}_2"]
    first, failed, last = json.loads(printed)
    assert first["windows"][0]["top"] == last["windows"][0]["top"]
    assert "video must be" in failed["error"]
    assert (tmp_path / f"out/{CLIP}_2/labels.json").is_file()


def test_folder_of_pictures_is_a_video(command, home, tmp_path):
    for number, frame in enumerate(iter_frames(home / f"data/videos/{CLIP}.mp4"), start=1):
        cv2.imwrite(str(tmp_path / f"img_{number:05d}.png"), frame[..., ::-1])
    words = ["--checkpoint", home / "rgb", "--no-video", "--fps", 10, "--out", tmp_path / "out"]
    code, _, err = command("predict.py", tmp_path, *words)
    assert code == 0, err
    scores = Predictions.load(tmp_path / "out/predictions.npz").scores["rgb"]
    np.testing.assert_allclose(scores, load_row(home / "rgb.npz", CLIP).scores["rgb"], atol=1e-4)
