import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import Layout, Poses, get_layout
from triad.modalities.skeleton.metrics import evaluate_pose, evaluation_document, pck, shared_joints

COCO = get_layout("coco17")
JHMDB = get_layout("jhmdb15")
SIZE = (200, 200)


def make_truth(num=2):
    """Return annotated joints whose box is 100 × 50 and whose torso is 40 long."""
    points = np.full((1, num, 15, 2), (60, 80), np.float32)
    for joint, position in {
        **{"face": (75, 50), "neck": (75, 60), "left_shoulder": (85, 60), "right_shoulder": (65, 60)},
        **{"left_hip": (80, 100), "right_hip": (70, 100), "left_ankle": (100, 150), "right_ankle": (50, 150)},
    }.items():
        points[0, :, JHMDB.index(joint)] = position
    return Poses(points, np.ones(points.shape[:3], np.float32), "jhmdb15")


def make_estimate(truth, shift=0.0, person=0, persons=1):
    """Return the same joints in coco17, moved to the right."""
    points = np.zeros((persons, truth.num, 17, 2), np.float32)
    scores = np.zeros(points.shape[:3], np.float32)
    for joint in shared_joints(COCO, JHMDB):
        points[person, :, COCO.index(joint)] = truth.keypoints[0, :, JHMDB.index(joint)] + (shift, 0)
        scores[person, :, COCO.index(joint)] = 1
    return Poses(points, scores, "coco17")


def test_shared_joints_are_the_limbs():
    joints = shared_joints(COCO, JHMDB)
    assert len(joints) == 12
    assert {joint.partition("_")[2] for joint in joints} == {*("shoulder", "elbow", "wrist", "hip", "knee", "ankle")}
    with pytest.raises(InputError, match="must share shoulders and hips"):
        shared_joints(COCO, Layout("x", ("nose",), (-1,), (), ((0,), (0,)), 2))


def test_pck_by_hand():
    distances = np.array([[1.0, 5.0], [2.1, np.inf]])
    counted = np.array([[True, True], [True, False]])
    correct, count = pck(distances, np.array([10.0, 10.0]), counted, threshold=0.2)
    assert (correct.tolist(), count.tolist()) == ([1, 0], [2, 1])


@pytest.mark.parametrize(
    ("shift", "box", "torso"), [(0, (1, 1, 1), (1, 1)), (9, (0, 1, 1), (0, 1)), (19, (0, 0, 1), (0, 1))]
)
def test_shift_against_box_and_torso(shift, box, torso):
    evaluation = evaluate_pose(make_estimate(make_truth(), shift), make_truth(), size_hw=SIZE, name="a", label="walk")
    mean = evaluation_document([evaluation])["mean"]
    assert tuple(mean[f"pck_box_{share}"] for share in (0.05, 0.1, 0.2)) == box
    assert tuple(mean[f"pck_torso_{share}"] for share in (0.2, 0.5)) == torso
    assert 0 < mean["oks"] <= 1
    assert (mean["oks"] == 1) == (shift == 0)


def test_main_and_nearest_person_are_scored():
    evaluation = evaluate_pose(
        make_estimate(make_truth(), person=1, persons=2), make_truth(), size_hw=SIZE, name="a", label="walk"
    )
    document = evaluation_document([evaluation])
    assert document["mean"]["pck_box_0.2"] == 0
    assert document["best_person"]["pck_box_0.2"] == 1
    assert (document["frames_without_person"], document["frames"]) == (0, 2)
    assert document["mean"]["oks"] == pytest.approx(0)


def test_frame_without_person_misses_joints():
    estimate = make_estimate(make_truth())
    estimate.scores[0, 1] = 0
    document = evaluation_document([evaluate_pose(estimate, make_truth(), size_hw=SIZE, name="a")])
    assert (document["frames_without_person"], document["mean"]["pck_box_0.2"], document["mean"]["oks"]) == (
        1,
        0.5,
        0.5,
    )


def test_joints_outside_do_not_count():
    truth = make_truth(1)
    truth.keypoints[0, 0, JHMDB.index("left_ankle")] = (100, 200)  # one below the last row
    evaluation = evaluate_pose(make_estimate(truth, 50), truth, size_hw=SIZE, name="a")
    document = evaluation_document([evaluation])
    assert document["joints_outside"] == 1
    assert document["joints"]["left_ankle"]["pck_box_0.2"] is None
    assert document["joints"]["right_ankle"]["pck_box_0.2"] == 0
    assert document["classes"] == {}


def test_classes_and_clips_are_scored():
    truth = make_truth()
    clips = [
        evaluate_pose(make_estimate(truth, shift), truth, size_hw=SIZE, name=name, label=label)
        for name, label, shift in (("a", "walk", 0), ("b", "run", 99), ("c", "run", 0))
    ]
    document = evaluation_document(clips)
    assert {label: row["pck_box_0.2"] for label, row in document["classes"].items()} == {"run": 0.5, "walk": 1}
    assert {name: row["pck_box_0.2"] for name, row in document["sequences"].items()} == {"a": 1, "b": 0, "c": 1}
    assert document["mean"]["pck_box_0.2"] == pytest.approx(2 / 3)


def test_wrong_input_is_refused():
    with pytest.raises(InputError, match="estimated joints must have shape"):
        evaluate_pose(make_estimate(make_truth(2)), make_truth(3), size_hw=SIZE, name="a")
    with pytest.raises(InputError, match="clips with estimated and annotated joints must be one or more, got none"):
        evaluation_document([])
