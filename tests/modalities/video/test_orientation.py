import av
import numpy as np
import pytest

from triad.modalities.video import iter_frames, probe, read_frames, write_video
from triad.modalities.video.orientation import Orientation, apply_orientation, orientation_of_matrix

ONE = 1 << 16
LAST = 1 << 30
CORNERS = np.array([[1, 2, 3], [4, 5, 6]])


def write_with_matrix(path, a, b, c, d):
    """Write three frames of a white corner at the top left, and their display matrix into the MP4's table."""
    image = np.zeros((32, 64, 3), np.uint8)
    image[:16, :16] = 255
    write_video(path, [image] * 3, fps=10)
    content = bytearray(path.read_bytes())
    place = content.index(b"tkhd") + 4 + 40  # version 0: 40 bytes come before the matrix
    matrix = [number * ONE for number in (a, b, 0, c, d, 0, 0, 0)]
    content[place : place + 36] = b"".join(int(number).to_bytes(4, "big", signed=True) for number in [*matrix, LAST])
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ((1, 0, 0, 1), [[1, 2, 3], [4, 5, 6]]),
        ((-1, 0, 0, 1), [[3, 2, 1], [6, 5, 4]]),
        ((1, 0, 0, -1), [[4, 5, 6], [1, 2, 3]]),
        ((-1, 0, 0, -1), [[6, 5, 4], [3, 2, 1]]),
        ((0, 1, -1, 0), [[4, 1], [5, 2], [6, 3]]),
        ((0, -1, 1, 0), [[3, 6], [2, 5], [1, 4]]),
        ((0, 1, 1, 0), [[1, 4], [2, 5], [3, 6]]),
        ((0, -1, -1, 0), [[6, 3], [5, 2], [4, 1]]),
        ((0, 0, 0, 0), [[1, 2, 3], [4, 5, 6]]),
    ],
)
def test_eight_orientations_by_hand(matrix, expected):
    a, b, c, d = (number * ONE for number in matrix)
    orientation = orientation_of_matrix((a, b, 0, c, d, 0, 0, 0, LAST))
    assert apply_orientation(CORNERS, orientation).tolist() == expected
    assert orientation.swaps_axes == (len(expected) == 3)


def test_slight_tilt_is_upright():
    assert orientation_of_matrix((64000, 9000, 0, -9000, 64000, 0, 0, 0, LAST)) == Orientation()


@pytest.mark.parametrize(
    ("matrix", "corner"),
    [((-1, 0, 0, 1), (4, 60)), ((1, 0, 0, -1), (28, 4)), ((0, 1, 1, 0), (4, 4)), ((0, 1, -1, 0), (4, 28))],
)
def test_pictures_are_turned_and_mirrored(tmp_path, matrix, corner):
    path = tmp_path / "v.mp4"
    write_with_matrix(path, *matrix)
    with av.open(str(path)) as container:
        assert next(container.decode(video=0)).width == 64
    height, width = (64, 32) if matrix[0] == 0 else (32, 64)
    assert probe(path)[2:4] == (height, width)
    for image in (read_frames(path, [1])[0], next(iter_frames(path))):
        assert image.shape == (height, width, 3)
        assert image[corner].min() > 200
        assert image.mean() < 100
        assert image[height - 1 - corner[0], width - 1 - corner[1]].max() < 50
