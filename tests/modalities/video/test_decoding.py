import struct
import wave

import av
import numpy as np
import pytest
from numbered_frames import number_of, numbered_frames

from triad.modalities.checks import InputError
from triad.modalities.video import iter_frames, probe, read_frames, write_video


def test_stored_rotation_is_applied(tmp_path):
    image = np.zeros((32, 64, 3), np.uint8)
    image[:16, :16] = 255  # top left
    path = tmp_path / "rotated.mp4"
    write_video(path, [image] * 3, fps=10)
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40  # version 0: 40 bytes come before the matrix
    one = 1 << 16
    assert struct.unpack_from(">9i", content, matrix) == (one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    struct.pack_into(">9i", content, matrix, 0, one, 0, -one, 0, 0, 0, 0, 1 << 30)  # a quarter turn clockwise
    path.write_bytes(content)
    assert probe(path)[2:4] == (64, 32)
    upright = read_frames(path, [0])[0]
    assert upright.shape == (64, 32, 3)
    assert upright[4, 28].min() > 200  # top left went to the top right
    assert upright[4, 4].max() < 50


@pytest.mark.parametrize(("content", "message"), [(b"", "empty"), (b"no video at all" * 99, "must be readable")])
def test_damaged_files_are_one_line(tmp_path, content, message):
    path = tmp_path / "bad.mp4"
    path.write_bytes(content)
    for read in (probe, lambda path: read_frames(path, [0]), lambda path: list(iter_frames(path))):
        with pytest.raises(InputError, match=message) as error:
            read(path)
        assert "bad.mp4" in str(error.value)
        assert "leave it out" in str(error.value)
        assert "\n" not in str(error.value)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none.mp4', which does not exist"):
        probe(tmp_path / "none.mp4")


def test_sound_is_no_video(tmp_path):
    with wave.open(str(tmp_path / "s.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))
    with pytest.raises(InputError, match=r"must have a picture, got '.*s.wav'"):
        probe(tmp_path / "s.wav")


def test_video_without_frames_is_refused(tmp_path):
    with av.open(str(tmp_path / "z.avi"), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        container.start_encoding()
    with pytest.raises(InputError, match=r"z.avi"):
        probe(tmp_path / "z.avi")


def test_text_in_unknown_encoding_is_ignored(tmp_path):
    path = tmp_path / "named.avi"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "TITLE"
        stream = container.add_stream("mpeg4", rate=10)
        stream.height = stream.width = 32
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    content = path.read_bytes()
    assert b"TITLE" in content
    path.write_bytes(content.replace(b"TITLE", b"K\xfcche"))
    assert read_frames(path, [0]).shape == (1, 32, 32, 3)


def test_truncated_file_gives_remaining_frames(tmp_path):
    path = tmp_path / "truncated.mkv"
    write_video(path, numbered_frames(300), fps=30)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    num_frames = probe(path).num_frames
    assert 10 < num_frames < 290
    assert [number_of(image) for image in iter_frames(path)] == list(range(num_frames))
    with pytest.raises(InputError, match=f"must be below {num_frames}, got 299"):
        read_frames(path, [299])
