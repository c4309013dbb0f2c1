"""True flow of MiniHome: stored, computed again, and compared with estimates."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from triad.fusion.datasets.minihome import true_flow
from triad.fusion.estimators.flow.ground_truth import evaluate_dataset, read_truth, truth_of
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.flow import evaluation_document


class ZeroFlow:
    """Estimator that sees no motion."""

    name = "zero"
    provenance: ClassVar[dict] = {}

    def __call__(self, frames):
        return np.zeros((len(frames) - 1, *frames.shape[1:3], 2), np.float32)


def test_computed_flow_equals_stored_truth(home):
    index = load_index(home)
    paths = {record["subject"]: truth_of(index, record) for record in index.records}
    assert {subject: path is not None for subject, path in paths.items()} == {"s01": False, "s02": True, "s04": False}
    record = next(record for record in index.records if record["subject"] == "s02")
    stored = read_truth(paths["s02"])
    np.testing.assert_allclose(true_flow(record, [0, 7, 28], seed=0), stored[[0, 7, 28]], atol=4e-3)  # float16


def test_still_estimator_has_zero_flow_error(home):
    document = evaluation_document(evaluate_dataset(load_index(home), ZeroFlow()))
    (row,) = document["sequences"].values()
    assert row["epe"] == row["epe_zero_flow"] == document["mean"]["epe"] > 0


def test_dataset_without_flow_is_refused(home, tiny):
    with pytest.raises(InputError, match=r"have true flow .*got none"):
        list(evaluate_dataset(load_index(tiny), lambda frames: frames))
    with pytest.raises(InputError, match=r"hold extracted flow, got none; triad extract"):
        list(evaluate_dataset(load_index(home), "flow_dis"))
