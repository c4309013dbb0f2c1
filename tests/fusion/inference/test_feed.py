import numpy as np

from fusion.inference.frame_buffer import FrameBuffer


def entry(number):
    return np.full((1, 1), number)


def test_only_what_is_waited_for_is_placed_and_it_goes_when_all_have_it():
    placed = []
    feed = FrameBuffer(lambda each: (placed.append(int(each[0, 0])), 10 * each)[1])
    feed.want(np.array([1, 3, 3]))
    feed.want(np.array([3, 4]))
    for number in range(6):
        feed.put(number, entry(number))
    assert placed == [1, 3, 4]
    assert feed.take(np.array([1, 3, 3])).ravel().tolist() == [10, 30, 30]
    assert len(feed) == 2  # the other window still waits for both of its own
    assert not feed.lacks(3)
    assert feed.take(np.array([3, 4])).ravel().tolist() == [30, 40]
    assert len(feed) == 0
    feed.put(3, entry(3))
    assert len(feed) == 0


def test_an_end_that_never_came_shows_the_last_entry():
    feed = FrameBuffer(lambda each: each)
    feed.want(np.array([0, 1, 2]))
    feed.put(0, entry(0))
    feed.put(1, entry(1))
    assert feed.take(np.array([0, 1, 2])).ravel().tolist() == [0, 1, 1]


def test_what_never_came_is_nothing():
    feed = FrameBuffer(lambda each: each)
    feed.want(np.array([0, 1]))
    assert feed.take(np.array([0, 1])) is None
    assert not feed.lacks(0)
