from __future__ import annotations

import numpy as np
import pytest
import torch

from triad.modalities import reused_memory
from triad.modalities.reused_memory import MAX_BUFFERS, MIN_BYTES, empty_array

SHAPE = (MIN_BYTES // 64, 4, 4)


@pytest.fixture(autouse=True)
def no_buffers(monkeypatch):
    monkeypatch.setattr(reused_memory, "_buffers", [])


def address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


def test_released_memory_is_used_again():
    first = empty_array(SHAPE, np.float32)
    place = address(first)
    del first
    second = empty_array((16, MIN_BYTES // 16), np.uint8)  # as many bytes
    assert address(second) == place
    assert (second.shape, second.dtype) == ((16, MIN_BYTES // 16), np.uint8)


def test_held_memory_stays_untouched():
    """A view of a tensor, as autograd keeps it, holds all of it."""
    kept = torch.from_numpy(empty_array(SHAPE, np.float32)).fill_(7.0).movedim(1, -1)[3:4]
    others = [empty_array(SHAPE, np.float32) for _ in range(MAX_BUFFERS + 2)]
    for other in others:
        other.fill(0.0)
    assert kept.eq(7.0).all()
    assert len({address(other) for other in others}) == MAX_BUFFERS + 2


def test_number_of_buffers_is_bounded():
    held = [empty_array(SHAPE, np.float32) for _ in range(MAX_BUFFERS + 2)]
    assert len(reused_memory._buffers) == MAX_BUFFERS
    del held
    larger = empty_array((MIN_BYTES, 2), np.uint8)
    assert [buffer.nbytes for buffer in reused_memory._buffers] == [larger.nbytes]


def test_small_arrays_are_numpy_own():
    assert empty_array((3, 2), np.float32).base is None
    assert empty_array((0,), np.uint8).shape == (0,)
    assert reused_memory._buffers == []
