"""Time of networks: which are timed, and that a longer clip takes longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from triad.fusion.training.config import build_config
from triad.fusion.training.network_time import measure_network_ms, measure_stream_ms

ROOT = Path(__file__).parents[3]
SKELETON = ROOT / "configs/skeleton/stgcnpp_minihome.py"


def test_wider_network_takes_longer(tiny):
    narrow = build_config(SKELETON, data=tiny, options=["streams.skeleton.encoder.widths=(16,16,16)"])
    wide = build_config(SKELETON, data=tiny, options=["streams.skeleton.encoder.widths=(256,512,512)"])
    assert 0 < measure_network_ms(narrow, num_calls=3) < measure_network_ms(wide, num_calls=3)


def test_only_streams_with_a_config_are_timed(tiny, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("triad.fusion.training.network_time.measure_network_ms", lambda config: 7.0)
    meta = {
        "streams": {
            "skeleton": {"config": str(SKELETON)},
            "skeleton_bone": {"config": str(SKELETON)},  # reads another stream
            "rgb": {"config": "configs/rgb/gone.py"},
            "flow_trajectories": {},
        }
    }
    assert measure_stream_ms(meta, tiny) == {"skeleton": 7.0}
