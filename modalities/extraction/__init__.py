"""Decode every video once and hand its frames to all extractors; files appear complete or not at all.

What is finished is kept and skipped the next time, what fails is remembered with its reason and never stops the others.
Lives here: the engine. What makes flow or poses out of frames lives with its modality and follows ``contract``.
May import: ``modalities`` except ``rgb``, ``flow`` and ``skeleton``.
"""

from modalities.extraction.interfaces import Extractor, FileSummary, Job, Outcome, Sink, StreamFiles, Task
from modalities.extraction.run import Run, extraction, verification
from modalities.extraction.shard import Shard, lock_shard
from modalities.extraction.stopwatch import Stopwatch
from modalities.extraction.stream_store import State, StreamStore
from modalities.extraction.workers import Build, LocalWorkers, Workers

__all__ = [
    "Build",
    "Extractor",
    "FileSummary",
    "Job",
    "LocalWorkers",
    "Outcome",
    "Run",
    "Shard",
    "Sink",
    "State",
    "Stopwatch",
    "StreamFiles",
    "StreamStore",
    "Task",
    "Workers",
    "extraction",
    "lock_shard",
    "verification",
]
