"""Checkpoints of earlier versions load: names and shapes of all weights are those of the first version."""

from __future__ import annotations

import hashlib

import pytest
from tool_runs import ROOT

from triad.fusion.training.config import build_config
from triad.modalities.registry import MODELS

DIGESTS = {
    "rgb/r2plus1d_small_minihome": "45a14c7c75a2f4c2",
    "rgb/r2plus1d_18_jhmdb": "4bea3aa5296d34df",
    "flow/r2plus1d_small_minihome": "aa997f6e861a331c",
    "fusion/separable_sta_minihome_two_heads": "ba2a774f5e75fe25",
    "skeleton/stgcnpp_minihome": "c2f01e183f1d4d3b",
    "skeleton/posec3d_jhmdb": "229c9fc3ecfd9600",
    "skeleton/aagcn_nucla": "55f931779dda4eec",
    "skeleton/agcn_nucla": "3bb3a12e96ad9dc6",
    "skeleton/ctrgcn_nucla": "0756d4374cd9ef3d",
    "skeleton/hyperformer_nucla": "1d959041552ee297",
    "skeleton/lstm_nucla": "a5023026afd71909",
    "skeleton/msg3d_nucla": "df0d844a1f4010e2",
    "skeleton/sgn_nucla": "aec737baa93c518a",
    "skeleton/shiftgcn_nucla": "97005394e6521333",
    "skeleton/stgcn_nucla": "32cd6360192eb05f",
    "estimators/flownets": "969d2675b2726625",
    "estimators/raft_small": "ba0426369ff30ccc",
    "estimators/tcn27_lift": "6ef7a0806a5a4a4a",
}
"""Start of the SHA-256 of each model's sorted lines ``NAME SHAPE``."""


@pytest.mark.parametrize("leaf", DIGESTS)
def test_weights_keep_names_and_shapes(leaf):
    if leaf == "skeleton/posec3d_jhmdb":
        pytest.importorskip("mmaction")
    if leaf == "estimators/tcn27_lift":
        pytest.importorskip("mmpose")
    config = build_config(ROOT / f"configs/{leaf}.py")
    lines = sorted(f"{name} {tuple(value.shape)}" for name, value in MODELS.build(config.model).state_dict().items())
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16] == DIGESTS[leaf], lines
