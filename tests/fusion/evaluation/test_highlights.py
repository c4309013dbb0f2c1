import numpy as np

from fusion.evaluation.fusion_candidates import FusionCandidate
from fusion.evaluation.highlights import find_highlights
from fusion.predictions import Predictions

CLASSES = ("sit_down", "get_up", "drink")


def judged(labels):
    return Predictions(
        ids=[f"clip{number}" for number in range(len(labels))],
        labels=labels,
        classes=CLASSES,
        scores={"rgb": np.zeros((len(labels), 3))},
        kinds={"rgb": "logit"},
    )


def system(streams, predicted, sure=1.0):
    scores = np.eye(3)[predicted] * np.reshape(sure, (-1, 1) if np.ndim(sure) else ())
    return FusionCandidate(
        streams=tuple(streams),
        fusion="single" if len(streams) == 1 else "mean",
        mode="late",
        scores=scores,
        present=np.ones(len(predicted), bool),
        validation=0.5,
    )


LABELS = [0, 0, 1, 1, 2, 2, 2]
SYSTEMS = [
    system(["rgb"], [0, 0, 1, 1, 0, 0, 0]),  # the best single stream; wrong on clips 4, 5 and 6
    system(["flow"], [1, 1, 0, 0, 1, 2, 2]),  # alone knows 5 and 6
    system(["skeleton"], [1, 1, 0, 0, 1, 1, 1]),  # knows nothing
    system(["rgb", "flow", "skeleton"], [0, 0, 1, 1, 2, 2, 2], sure=[1, 1, 1, 1, 2, 2, 5]),
]


def test_one_a_stream_right_when_fused_and_wrong_by_the_best():
    found = find_highlights(judged(LABELS), SYSTEMS)
    assert [each.id for each in found] == ["clip4", "clip6"]  # known to no stream; to flow, surest; to skeleton: none
    assert found[1].caption == ("clip6, drink. rgb: sit down ✗, flow: drink ✓, skeleton: get up ✗, fused: drink ✓")


def test_of_equals_the_first_by_id_and_never_one_twice():
    even = [*SYSTEMS[:3], system(["rgb", "flow", "skeleton"], [0, 0, 1, 1, 2, 2, 2])]
    assert [each.id for each in find_highlights(judged(LABELS), even)] == ["clip4", "clip5"]
    alike = [SYSTEMS[0], SYSTEMS[1], system(["skeleton"], [1, 1, 0, 0, 1, 2, 2]), SYSTEMS[3]]
    assert [each.id for each in find_highlights(judged(LABELS), alike)] == ["clip4", "clip6", "clip5"]


def test_one_stream_has_nothing_to_gain():
    assert find_highlights(judged(LABELS), SYSTEMS[:1]) == []
    assert (
        find_highlights(judged(LABELS), [SYSTEMS[0], SYSTEMS[1], system(["rgb", "flow"], [0, 0, 1, 1, 0, 0, 0])]) == []
    )
