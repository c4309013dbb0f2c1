from functools import partial
from threading import Barrier

import pytest

from triad.modalities.extraction.run_concurrently import run_concurrently


@pytest.mark.parametrize("threads", [False, True])
def test_results_keep_the_order_of_calls(threads):
    """In threads each call waits for the other, so that they end only if they run at once."""
    barrier = Barrier(2)

    def call(name):
        if threads:
            barrier.wait(60)
        return name

    with run_concurrently(threads=threads) as run_calls:
        assert run_calls([partial(call, "a"), partial(call, "b")]) == ["a", "b"]


@pytest.mark.parametrize("threads", [False, True])
def test_error_of_a_call_is_raised(threads):
    with run_concurrently(threads=threads) as run_calls, pytest.raises(ZeroDivisionError):
        run_calls([lambda: 1, lambda: 1 / 0])
