import pytest
import torch

from triad.modalities.flow.estimators.captured_pass import CapturedPass, PassCache, call_again, capture_graph


def test_short_batch_replaces_first_rows():
    doubled = CapturedPass(lambda inputs: 2 * inputs, torch.zeros(3), capture=call_again)
    assert doubled(torch.tensor([1.0, 2.0, 3.0])).tolist() == [2, 4, 6]
    assert doubled(torch.tensor([5.0])).tolist() == [10, 4, 6]  # the rest is left from the batch before


def test_least_recent_passes_are_released_first():
    cache = PassCache(capacity=10)
    built = []

    def get(key, size):
        def build():
            built.append((key, len(cache)))  # and how many are held while it is captured
            return CapturedPass(torch.neg, torch.zeros(1), capture=call_again)

        return cache.get(key, size, build)

    first = get("a", 4)
    get("b", 4)
    assert get("a", 4) is first
    get("c", 4)  # in place of b
    get("a", 4)
    get("b", 4)  # in place of c
    get("d", 11)  # larger than the capacity: alone
    assert built == [("a", 0), ("b", 1), ("c", 1), ("b", 1), ("d", 0)]
    assert len(cache) == 1


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_graph_equals_the_pass():
    inputs = torch.zeros(4, device="cuda")
    doubled = CapturedPass(lambda values: 2 * values, inputs, capture=capture_graph)
    for number in (1.0, 3.0):
        assert doubled(torch.full((4,), number)).tolist() == [2 * number] * 4
