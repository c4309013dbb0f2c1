"""Extraction of streams from videos: every video is decoded once, and its frames go to all extractors.

Files appear complete or not at all. Finished files are kept and skipped the next time; failures are recorded with
their reason and do not stop the other videos. The extractors themselves belong to their modalities.
"""

from triad.modalities.extraction.interfaces import Extractor, FileSummary, Job, Outcome, Sink, StreamFiles, Task
from triad.modalities.extraction.run import ExtractionRun, open_run, verify_stream
from triad.modalities.extraction.shard import Shard, lock_shard
from triad.modalities.extraction.shared_worker import SharedWorker
from triad.modalities.extraction.stream_store import PROVENANCE, State, StreamStore
from triad.modalities.extraction.workers import ExtractorFactory, LocalWorkers, Workers

__all__ = [
    "PROVENANCE",
    "ExtractionRun",
    "Extractor",
    "ExtractorFactory",
    "FileSummary",
    "Job",
    "LocalWorkers",
    "Outcome",
    "Shard",
    "SharedWorker",
    "Sink",
    "State",
    "StreamFiles",
    "StreamStore",
    "Task",
    "Workers",
    "lock_shard",
    "open_run",
    "verify_stream",
]
