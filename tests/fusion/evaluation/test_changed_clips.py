"""Clips that fusion saves and breaks, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hand_made_predictions import make_candidate, make_predictions

from triad.fusion.evaluation import ChangedClip, FusionCandidate, find_changed_clips
from triad.fusion.predictions import Predictions


def make_run() -> tuple[Predictions, list[FusionCandidate]]:
    """Six clips, sit at a, c, e and rise at b, d, f; fusion saves a, c and f and breaks d."""
    test = make_predictions(ids=tuple("fedcba"), labels=[1, 0, 1, 0, 1, 0])
    flow = make_candidate(("flow",), [1, 1, 1, 1, 1, 1])
    candidates = [
        make_candidate(("rgb",), [0, 0, 1, 1, 1, 1]),
        replace(flow, present=np.array([True, True, True, False, True, True])),
        make_candidate(("rgb", "flow"), [1, 0, 0, 0, 1, 0], fusion="mean"),
        make_candidate(("rgb", "flow"), [0] * 6, fusion="svm", validation=0.1),
    ]
    return test, candidates


def test_changed_clips_are_listed_by_class():
    sit, rise = find_changed_clips({"split1": make_run()}, best_single="rgb")
    assert (sit.name, sit.num_test, sit.num_single, sit.num_fused) == ("sit", 3, 1, 3)
    assert sit.saved == [
        ChangedClip("a", "", {"rgb": "rise", "flow": "rise", "fused": "sit"}),
        ChangedClip("c", "", {"rgb": "rise", "flow": None, "fused": "sit"}),
    ]
    assert sit.broken == []
    assert [clip.id for clip in rise.saved] == ["f"]
    assert [clip.id for clip in rise.broken] == ["d"]
    for changes in (sit, rise):
        assert changes.num_fused - changes.num_single == len(changes.saved) - len(changes.broken)


def test_runs_are_joined_and_named():
    sit, _ = find_changed_clips({"split1": make_run(), "split2": make_run()}, best_single="rgb")
    assert (sit.num_test, sit.num_fused) == (6, 6)
    assert [(clip.id, clip.run) for clip in sit.saved] == [
        ("a", "split1"), ("c", "split1"), ("a", "split2"), ("c", "split2"),
    ]  # fmt: skip


def test_untested_class_is_left_out():
    test, candidates = make_run()
    test = replace(test, labels=np.ones(6, dtype=int))
    assert [changes.name for changes in find_changed_clips({"": (test, candidates)}, best_single="rgb")] == ["rise"]
