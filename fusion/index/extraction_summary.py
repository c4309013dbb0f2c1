"""Summary of an extraction run: files, failures, bytes and speed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from triad.fusion.index.stream_index import StreamStatus
from triad.modalities.extraction import ExtractionRun


def extraction_summary(run: ExtractionRun, statuses: Sequence[StreamStatus]) -> dict[str, Any]:
    """Return the document of ``extract --json`` for a finished run.

    Args:
        run: finished run.
        statuses: status of each stream after the run.
    """
    return {
        "videos": len(run.tasks),
        "streams": [_stream_summary(run, status) for status in statuses],
        "profile": {
            "wall": run.wall_seconds,
            "workers": run.num_workers,
            "frames_per_second": run.num_frames / run.wall_seconds if run.wall_seconds else 0.0,
            "seconds": run.seconds,
        },
    }


def _stream_summary(run: ExtractionRun, status: StreamStatus) -> dict[str, Any]:
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


def profile_line(profile: dict[str, Any]) -> str:
    """Return the ``profile`` of a summary as one line: shares of the workers' time, and frames per second."""
    total = sum(profile["seconds"].values()) or 1.0
    shares = ", ".join(f"{name} {seconds / total:.0%}" for name, seconds in profile["seconds"].items())
    return f"{shares} of {profile['workers']} × {profile['wall']:.1f} s; {profile['frames_per_second']:.0f} frames/s"
