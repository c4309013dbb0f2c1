"""Random batches of a config, and the largest difference of an export that is wrong by a known amount."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from trained_models import compute_scores

from triad.fusion.inference.onnx_check import largest_difference, random_batch


def test_random_batch_is_reproducible(exported):
    config = exported.loaded.config
    first, second = (random_batch(config, num_samples=2, num_persons=3) for _ in range(2))
    assert first["rgb"]["data"].shape == (2, 8, 120, 160, 3)
    assert first["skeleton"]["data"].shape == (2, 3, 12, 16, 3)
    torch.testing.assert_close(first["skeleton"]["data"], second["skeleton"]["data"])
    assert not torch.equal(first["rgb"]["data"][0], first["rgb"]["data"][1])
    assert (first["skeleton"]["scores"] == 0).any()


@pytest.mark.parametrize("error", [0.25, float("nan")])
def test_largest_difference_is_found(exported, error):
    def shifted_network(batch):
        scores = compute_scores(exported.loaded, batch)
        scores["skeleton"][-1, 1] += error
        return scores

    loaded = exported.loaded
    difference = largest_difference(loaded.recognizer, shifted_network, loaded.config, loaded.recognizer.streams)
    np.testing.assert_allclose(difference, error, atol=1e-5)
