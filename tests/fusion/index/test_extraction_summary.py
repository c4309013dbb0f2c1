"""The summary of an extraction run counts files of this run, of earlier runs, and failures."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from triad.fusion.index.extraction_summary import extraction_summary, profile_line
from triad.fusion.index.stream_index import StreamStatus
from triad.modalities.extraction import FileSummary, State, Task

TASKS = [Task(name, Path(f"{name}.mp4"), 4) for name in "abcd"]


def test_summary_separates_runs():
    run = SimpleNamespace(
        tasks=TASKS,
        failures={("flow_dis", "c"): "broken"},
        jobs=[SimpleNamespace(streams=["flow_dis"]), SimpleNamespace(streams=["flow_dis"])],
        wall_seconds=2.0,
        num_workers=3,
        num_frames=10,
        seconds={"decode": 3.0, "flow_dis": 1.0},
    )
    done = State("done", None, FileSummary(3, {}, {"clipped": 2}))
    status = StreamStatus("flow_dis", {TASKS[0]: done, TASKS[1]: done}, {TASKS[2]: "broken", TASKS[3]: "old"}, bytes=7)
    document = extraction_summary(run, [status])
    assert document["videos"] == 4
    assert document["streams"] == [
        {
            "stream": "flow_dis",
            "extracted": 1,
            "skipped": 1,
            "failed": 1,
            "failed_before": 1,
            "bytes": 7,
            "counts": {"clipped": 4},
        }
    ]
    assert profile_line(document["profile"]) == "decode 75%, flow_dis 25% of 3 × 2.0 s; 5 frames/s"
