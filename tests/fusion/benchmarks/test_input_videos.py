from __future__ import annotations

import torch

from triad.fusion.benchmarks import input_videos


def test_pipeline_prepares_views_as_training(monkeypatch):
    """Colours that change nothing would cost more than all the rest."""
    view = {"flip": torch.zeros(3), **{name: torch.ones(3) for name in ("brightness", "contrast", "saturation")}}
    monkeypatch.setattr(input_videos, "collate", lambda samples: {"rgb": samples, "view": view})
    seen = []
    input_videos.build_pipeline([0, 1, 2], "rgb", lambda entry, view: seen.append((entry, set(view))))()
    assert seen == [([0, 1, 2], {"flip"})]
