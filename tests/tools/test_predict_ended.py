"""Live prediction that is ended from outside keeps what it predicted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = str(ROOT / "tools")
READ_NOBODY = """
import sys
sys.path[:0] = sys.argv[1:]
import predict_recordings

class Live:
    prediction = None
    def run(self, sinks):
        for number in range(100_000):
            yield number

predict_recordings.format_live = lambda window, prediction, as_json: f"window {window}"
predict_recordings.run_predictor(Live(), None, False)
print("results")
print("written", file=sys.stderr)
"""


class EndedLive:
    """Live predictor whose process gets SIGTERM after its second window."""

    prediction = None

    def run(self, sinks):
        yield 1
        yield 2
        os.kill(os.getpid(), signal.SIGTERM)
        yield 3


def test_sigterm_ends_as_interrupt(monkeypatch, capsys):
    monkeypatch.syspath_prepend(TOOLS)
    import predict_recordings

    monkeypatch.setattr(predict_recordings, "format_live", lambda window, prediction, as_json: f"window {window}")
    handler = signal.getsignal(signal.SIGTERM)
    predict_recordings.run_predictor(EndedLive(), None, False)
    assert capsys.readouterr() == ("window 1\nwindow 2\n", "stopped\n")
    assert signal.getsignal(signal.SIGTERM) is handler


@pytest.mark.skipif(os.name != "posix", reason="closes a pipe as head does")
def test_closed_pipe_goes_quietly():
    process = subprocess.Popen(
        [sys.executable, "-c", READ_NOBODY, TOOLS, str(ROOT)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "window 0\n"
    process.stdout.close()
    assert process.stderr.read() == "written\n"
    assert process.wait() == 0
