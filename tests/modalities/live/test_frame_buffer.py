import numpy as np

from triad.modalities.live.frame_buffer import FrameBuffer


def entry(number):
    return np.full((1, 1), number)


def test_only_requested_entries_are_kept():
    placed = []
    buffer = FrameBuffer(lambda picture: (placed.append(int(picture[0, 0])), 10 * picture)[1])
    buffer.request(np.array([1, 3, 3]))
    buffer.request(np.array([3, 4]))
    for number in range(6):
        buffer.push(number, entry(number))
    assert placed == [1, 3, 4]
    assert buffer.pop(np.array([1, 3, 3])).ravel().tolist() == [10, 30, 30]
    assert len(buffer) == 2  # the other window still requests both
    assert not buffer.is_missing(3)
    assert buffer.pop(np.array([3, 4])).ravel().tolist() == [30, 40]
    assert len(buffer) == 0
    buffer.push(3, entry(3))
    assert len(buffer) == 0


def test_missing_end_repeats_newest_entry():
    buffer = FrameBuffer(lambda picture: picture)
    buffer.request(np.array([0, 1, 2]))
    buffer.push(0, entry(0))
    buffer.push(1, entry(1))
    assert buffer.pop(np.array([0, 1, 2])).ravel().tolist() == [0, 1, 1]


def test_pop_of_empty_buffer_is_none():
    buffer = FrameBuffer(lambda picture: picture)
    buffer.request(np.array([0, 1]))
    assert buffer.pop(np.array([0, 1])) is None
    assert not buffer.is_missing(0)
