"""What a run of extraction did, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fusion.index.stream_index import StreamStatus
from modalities.extraction import ExtractionRun


def summary_of(run: ExtractionRun, statuses: Sequence[StreamStatus]) -> dict[str, Any]:
    """The document of ``extract --json``, after the run is over."""
    return {
        "videos": len(run.tasks),
        "streams": [_row(run, status) for status in statuses],
        "profile": {
            "wall": run.wall_seconds,
            "workers": run.num_workers,
            "frames_per_second": run.num_frames / run.wall_seconds if run.wall_seconds else 0.0,
            "seconds": run.seconds,
        },
    }


def _row(run: ExtractionRun, status: StreamStatus) -> dict[str, Any]:
    failed = sum(stream == status.stream for stream, _ in run.failures)
    extracted = sum(status.stream in job.streams for job in run.jobs) - failed
    return {
        "stream": status.stream,
        "extracted": extracted,
        "skipped": len(status.done) - extracted,
        "failed": failed,
        "failed_before": len(status.failed) - failed,
        "bytes": status.bytes,
        "counts": status.counts(),
    }


def profile_line(found: dict[str, Any]) -> str:
    """The document's profile in words: shares of the workers' time, and how fast it went."""
    total = sum(found["seconds"].values()) or 1.0
    shares = ", ".join(f"{name} {seconds / total:.0%}" for name, seconds in found["seconds"].items())
    return f"{shares} of {found['workers']} × {found['wall']:.1f} s; {found['frames_per_second']:.0f} frames/s"
