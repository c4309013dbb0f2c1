"""Cost of flow extraction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision.models.optical_flow import raft_small

from triad.fusion.benchmarks.extraction_cost import measure_estimator, measure_extraction
from triad.fusion.index import Index, load_index
from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.flow.estimators import ResizedFlow, build_estimator

FRAMES = np.random.default_rng(0).integers(0, 255, (2, 128, 136, 3)).astype(np.uint8)


@pytest.fixture
def index(tiny: Path) -> Index:
    """Index of the tiny dataset with streams of flow, which nobody extracted."""
    index = load_index(tiny)
    flow = {name: {"modality": "flow"} for name in ("flow_dis", "flow_unheard_of")}
    return replace(index, metainfo={**index.metainfo, "streams": {**index.metainfo["streams"], **flow}})


def test_method_without_network_takes_time_alone(index):
    cost = measure_extraction(index, "flow_dis", num_clips=1)
    assert (cost["by"], cost["parameters"], cost["gmacs"]) == ("dis", 0, 0.0)
    assert cost["ms"] > 0


def test_network_is_counted_once_a_pair():
    network = raft_small(weights=None).eval()
    pair = torch.zeros(1, 3, 128, 136)
    cost = measure_estimator(build_estimator("raft_small", weights="random:0"), [FRAMES])
    assert cost["parameters"] == count_parameters(network) == 990_162
    assert cost["gmacs"] == pytest.approx(count_macs(network, pair, pair)[TOTAL] / 1e9, rel=0.05)
    longer = np.concatenate([FRAMES, FRAMES[:1]])
    scaled = ResizedFlow(build_estimator("raft_small", weights="random:0"), 128)
    twice = measure_estimator(scaled, [longer])
    assert twice["gmacs"] == pytest.approx(2 * cost["gmacs"])
    assert twice["parameters"] == 990_162


def test_other_streams_are_not_extracted(index):
    assert measure_extraction(index, "rgb") is None
    assert measure_extraction(index, "skeleton") is None
    assert measure_extraction(index, "flow_unheard_of") is None
