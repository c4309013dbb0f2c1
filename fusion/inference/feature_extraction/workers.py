"""Worker of an extraction of features, in this process: the network takes all cores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from triad.fusion.index import Record
from triad.fusion.inference.feature_extraction.extractor import FeatureExtractor
from triad.modalities.atomic_files import StorageError
from triad.modalities.checks import InputError
from triad.modalities.extraction import ExtractorFactory, Job, Outcome, StreamStore
from triad.modalities.features import write_features
from triad.modalities.stopwatch import Stopwatch, sum_seconds


class FeatureWorkers:
    """Workers of one :class:`FeatureExtractor`, see :class:`triad.modalities.extraction.Workers`.

    Args:
        records: a record of each recording, by the id of its task.
    """

    num_workers = 1

    def __init__(self, records: Mapping[str, Record]) -> None:
        self.records = records

    def __call__(
        self, jobs: Sequence[Job], stores: Sequence[StreamStore], build: ExtractorFactory
    ) -> Iterator[Outcome]:
        """Yield the outcome of each job; one that fails does not stop the others.

        Raises:
            StorageError: If nothing more can be written.
        """
        (store,) = stores
        extractor = store.files
        if not isinstance(extractor, FeatureExtractor):
            raise TypeError(f"FeatureWorkers take a FeatureExtractor, got {type(extractor).__name__}")
        for job in jobs:
            watch = Stopwatch()
            errors: dict[str, str] = {}
            store.clear_failure(job.task)
            try:
                with watch("network"):
                    features = extractor.extract(self.records[job.task.id], job.task, store.provenance)
                with watch("write"):
                    write_features(store.path_of(job.task), features)
            except StorageError:
                raise
            except InputError as error:
                errors[store.stream] = str(error)
            except Exception as error:  # a bug that one video triggers must not cost the others
                errors[store.stream] = f"{type(error).__name__}: {error}"
            yield Outcome(job.task, errors, sum_seconds(watch))
