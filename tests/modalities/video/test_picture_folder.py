from pathlib import Path

import cv2
import numpy as np
import pytest
from numbered_frames import HEIGHT, WIDTH, number_of, numbered_frame

from triad.modalities.checks import InputError
from triad.modalities.video import VideoFile, VideoInfo, count_packets, iter_frames, probe, read_frames
from triad.modalities.video.picture_folder import is_picture_folder, sort_naturally


def write(folder, names, shape=None):
    """Write numbered frames under these names."""
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(names):
        image = numbered_frame(number) if shape is None else np.zeros(shape, np.uint8)
        assert cv2.imwrite(str(folder / name), image)
    return folder


@pytest.mark.parametrize(
    "names",
    [
        [f"img_{number:05d}.jpg" for number in range(1, 13)],
        [f"frame_{number:06d}.png" for number in range(12)],
        [f"{number}.bmp" for number in range(12)],  # 10 after 9
        [f"cam2_take 3_{5 * number}.JPG" for number in range(12)],
    ],
)
def test_numbered_pictures_are_a_video(tmp_path, names):
    folder = write(tmp_path / "clip", names)
    (folder / "notes.txt").write_text("no picture")
    (folder / "._img_00001.jpg").write_bytes(b"macOS")
    assert probe(folder, fps=12) == VideoInfo(12, 12, HEIGHT, WIDTH, None)
    assert [number_of(image) for image in iter_frames(folder)] == list(range(12))
    assert [number_of(image) for image in read_frames(folder, [11, 0, 10, 10])] == [11, 0, 10, 10]
    assert [(frame.number, number_of(frame.rgb)) for frame in VideoFile(folder)] == [(n, n) for n in range(12)]
    assert count_packets(folder) == 12
    assert is_picture_folder(folder)


def test_assumed_rate_is_said(tmp_path):
    folder = write(tmp_path / "clip", ["1.png", "2.png"])
    assert probe(folder)[1] == 30
    assert probe(folder).notes == ("30 pictures per second are assumed",)
    with pytest.raises(InputError, match=r"pictures per second of .* must be above 0"):
        probe(folder, fps=0.0)


def test_missing_numbers_keep_their_time(tmp_path):
    folder = write(tmp_path / "clip", [f"img_{number:05d}.jpg" for number in (7, 8, 9, 12, 13, 14, 16)])
    info = probe(folder, fps=10)
    assert info.times == pytest.approx((0, 0.1, 0.2, 0.5, 0.6, 0.7, 0.9))
    assert info.notes == ("pictures 10–11, 15 are missing: the one before stays on display",)


def test_flow_beside_colours_is_ignored(tmp_path):
    folder = write(tmp_path / "clip", ["img_00001.jpg", "img_00002.jpg"])
    write(folder, ["flow_x_00001.jpg", "flow_y_00001.jpg"])
    assert probe(folder, fps=25).num_frames == 2


def damage(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda folder: write(folder, ["1.png"], (8, 8, 3)), r"picture '.*2.png' must be 8 × 8 as the first"),
        (lambda folder: write(folder, ["3.jpg"]), r"must hold one series of numbered pictures, got 2 \(#.jpg, #.png\)"),
        (lambda folder: damage(folder / "2.png"), r"picture must be readable, got '.*2.png'"),
        (lambda folder: (folder / "2.png").write_bytes(b""), r"picture must be readable, got '.*2.png'"),
        (lambda folder: [path.unlink() for path in folder.iterdir()], "a folder of pictures, got '.*', which has no"),
        (
            lambda folder: cv2.imwrite(str(folder / "1.png"), np.zeros((HEIGHT, WIDTH), np.uint16)),
            "colours of 8 bits, got '.*1.png' of mode I;16, as depth has",
        ),
    ],
    ids=["sizes", "series", "truncated", "empty", "none", "depth"],
)
def test_unfit_folder_is_one_line(tmp_path, prepare, message):
    folder = write(tmp_path / "clip", ["1.png", "2.png"])
    prepare(folder)
    with pytest.raises(InputError, match=message) as error:
        probe(folder)
    assert "\n" not in str(error.value)


def test_index_past_the_end_is_refused(tmp_path):
    folder = write(tmp_path / "clip", ["1.png", "2.png"])
    with pytest.raises(InputError, match="must be below 2, got 2; the folder holds fewer"):
        read_frames(folder, [0, 2])
    assert not is_picture_folder(tmp_path)
    with pytest.raises(InputError, match="which has no pictures"):
        read_frames(tmp_path, [0])


def test_digits_of_other_scripts_are_text():
    names = ["a³_10.jpg", "a٣_2.jpg", "a³_9.jpg", "³.jpg", "٣.jpg"]
    ordered = [path.name for path in sort_naturally(map(Path, names))]
    assert ordered == ["a³_9.jpg", "a³_10.jpg", "a٣_2.jpg", "³.jpg", "٣.jpg"]
