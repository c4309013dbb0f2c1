import numpy as np
import pytest

from modalities.checks import InputError
from modalities.flow import stack_fields
from modalities.flow.stacks import stack_indices


def test_neighbours_repeat_at_the_ends():
    np.testing.assert_array_equal(
        stack_indices(np.array([0, 2, 4]), length=4, num=5), [[0, 0, 0, 1], [0, 1, 2, 3], [2, 3, 4, 4]]
    )


def test_stack_axis_comes_second():
    fields = np.arange(3, dtype=np.float32)[:, None, None, None] * np.ones((3, 4, 5, 2), np.float32)
    stacks = stack_fields(fields, length=3)
    assert stacks.shape == (3, 3, 4, 5, 2)
    np.testing.assert_array_equal(stacks[:, :, 0, 0, 0], [[0, 0, 1], [0, 1, 2], [1, 2, 2]])


def test_length_must_be_positive():
    with pytest.raises(InputError, match="at least 1, got 0"):
        stack_indices(np.array([0]), length=0, num=3)
