import numpy as np
from hand_made_predictions import make_candidate

from triad.fusion.evaluation import FusionCandidate, find_highlights
from triad.fusion.predictions import Predictions

CLASSES = ("sit_down", "get_up", "drink")
LABELS = [0, 0, 1, 1, 2, 2, 2]
TEST = Predictions(
    ids=[f"clip{number}" for number in range(len(LABELS))],
    labels=LABELS,
    classes=CLASSES,
    scores={"rgb": np.zeros((len(LABELS), 3))},
    kinds={"rgb": "logit"},
)


def make(streams, predicted, confidence=1.0) -> FusionCandidate:
    fusion = "single" if len(streams) == 1 else "mean"
    return make_candidate(streams, predicted, fusion=fusion, num_classes=3, confidence=confidence)


RGB = make(["rgb"], [0, 0, 1, 1, 0, 0, 0])  # the best single stream; wrong on clips 4, 5 and 6
FLOW = make(["flow"], [1, 1, 0, 0, 1, 2, 2])  # the only stream that is right on clips 5 and 6
SKELETON = make(["skeleton"], [1, 1, 0, 0, 1, 1, 1])  # always wrong
ALL = ["rgb", "flow", "skeleton"]


def ids_of(candidates: list[FusionCandidate]) -> list[str]:
    return [highlight.id for highlight in find_highlights(TEST, candidates)]


def test_highlights_prefer_the_most_confident():
    fused = make(ALL, [0, 0, 1, 1, 2, 2, 2], confidence=[1, 1, 1, 1, 2, 2, 5])
    highlights = find_highlights(TEST, [RGB, FLOW, SKELETON, fused])
    assert [highlight.id for highlight in highlights] == ["clip4", "clip6"]  # of rgb and flow; skeleton has none
    assert highlights[1].caption == (
        "clip6, drink. rgb: sit down ✗, flow: drink ✓, skeleton: get up ✗, fused: drink ✓"
    )  # fmt: skip


def test_equal_confidence_takes_the_first_id():
    fused = make(ALL, [0, 0, 1, 1, 2, 2, 2])
    assert ids_of([RGB, FLOW, SKELETON, fused]) == ["clip4", "clip5"]


def test_no_sample_is_shown_twice():
    fused = make(ALL, [0, 0, 1, 1, 2, 2, 2], confidence=[1, 1, 1, 1, 2, 2, 5])
    like_flow = make(["skeleton"], [1, 1, 0, 0, 1, 2, 2])
    assert ids_of([RGB, FLOW, like_flow, fused]) == ["clip4", "clip6", "clip5"]


def test_nothing_gained_gives_no_highlights():
    assert ids_of([RGB]) == []
    assert ids_of([RGB, FLOW, make(["rgb", "flow"], [0, 0, 1, 1, 0, 0, 0])]) == []
