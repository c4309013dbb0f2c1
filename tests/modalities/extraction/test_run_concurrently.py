import os
import subprocess
import sys
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


HALF_IMPORT = """
import sys, threading, time
from triad.modalities.extraction.run_concurrently import run_concurrently
threading.Thread(target=__import__, args=["torch"]).start()
while "torch" not in sys.modules:
    time.sleep(0.01)
with run_concurrently(threads=True) as run_calls:
    print(run_calls([lambda: 1]))
"""


def test_threads_wait_for_torch_being_imported(tmp_path):
    (tmp_path / "torch.py").write_text("import time\ntime.sleep(0.5)\ndef set_num_threads(number): pass\n")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    command = [sys.executable, "-c", HALF_IMPORT]
    result = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert result.stdout == "[1]\n", result.stderr
