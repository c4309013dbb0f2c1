import errno
import os
import re

import numpy as np
import pytest
from numbered_frames import numbered_frames

from triad.modalities.checks import InputError
from triad.modalities.video import read_frames, write_video


def test_equal_frames_give_equal_bytes(tmp_path):
    """x264's mbtree made the bytes depend on uninitialised memory, for sizes that are no multiples of 16."""
    frames = np.random.default_rng(0).integers(0, 255, (8, 50, 98, 3), np.uint8)
    contents = set()
    for attempt in range(6):
        used_memory = [np.full(size, attempt * 40 + 7, np.uint8) for size in range(1000, 200_000, 7000)]
        del used_memory
        write_video(tmp_path / "a.mp4", frames, fps=15)
        contents.add((tmp_path / "a.mp4").read_bytes())
    assert len(contents) == 1


def test_odd_sizes_repeat_the_border(tmp_path):
    frame = np.random.default_rng(0).integers(0, 255, (5, 7, 1), np.uint8).repeat(3, 2).repeat(5, 0).repeat(5, 1)
    write_video(tmp_path / "odd.mp4", [frame] * 3, fps=10, crf=1)
    image = read_frames(tmp_path / "odd.mp4", [1])[0]
    assert image.shape == (26, 36, 3)
    assert np.abs(image[:25, :35].astype(int) - frame).mean() < 3
    np.testing.assert_allclose(image[25], image[24], atol=12)


def test_colours_are_kept(tmp_path):
    for color in ((255, 255, 255), (0, 0, 0), (200, 30, 60), (128, 128, 128)):
        write_video(tmp_path / "c.mp4", [np.full((32, 32, 3), color, np.uint8)] * 2, fps=10)
        np.testing.assert_allclose(read_frames(tmp_path / "c.mp4", [0])[0, 16, 16], color, atol=3)


def test_unfit_frames_are_refused(tmp_path):
    with pytest.raises(InputError, match="must have frames, got none"):
        write_video(tmp_path / "v.mp4", [], fps=10)
    black = np.zeros((16, 16, 3), np.uint8)
    with pytest.raises(InputError, match=re.escape("frame 1 of")):
        write_video(tmp_path / "v.mp4", [black, black[:8]], fps=10)
    with pytest.raises(InputError, match="float64"):
        write_video(tmp_path / "v.mp4", [black / 2], fps=10)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["video", "video.gif", "video.webm"])
def test_suffix_must_hold_h264(tmp_path, name):
    with pytest.raises(InputError, match=rf"video '.*{name}' must end in \.mp4, .*got '"):
        write_video(tmp_path / name, numbered_frames(2), fps=10)
    assert list(tmp_path.iterdir()) == []


def test_failed_write_leaves_no_file(tmp_path):
    def fail_midway():
        yield np.zeros((16, 16, 3), np.uint8)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(InputError, match="No space left on device; make room"):
        write_video(tmp_path / "v.mp4", fail_midway(), fps=10)
    assert list(tmp_path.iterdir()) == []
