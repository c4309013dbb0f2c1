import pytest

from triad.modalities.extraction import LocalWorkers, SharedWorker
from triad.tools.extract_run import choose_workers


@pytest.mark.parametrize(
    ("num_workers", "device", "kind", "expected"),
    [
        (None, "cpu", LocalWorkers, 2),
        (5, "cpu", LocalWorkers, 5),
        (1, "cuda", LocalWorkers, 1),
        (5, "cuda:1", SharedWorker, 5),
    ],
)
def test_gpu_has_one_process(num_workers, device, kind, expected):
    workers = choose_workers(num_workers, ray=None, device=device)
    assert type(workers) is kind
    assert workers.num_workers == expected
