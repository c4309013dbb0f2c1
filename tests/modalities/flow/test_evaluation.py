import cv2
import numpy as np
import pytest
from flo_files import write_flo
from shared_data import needs_shared, shared_path

from triad.modalities.checks import InputError
from triad.modalities.flow import end_point_error
from triad.modalities.flow.estimators import build_estimator
from triad.modalities.flow.evaluation import (
    FlowEvaluation,
    evaluate_folder,
    evaluation_document,
    find_sequences,
    read_sequence,
)

SEQUENCES = ("Dimetrodon", "Grove2", "RubberWhale", "Urban2")
# RAFT-small's official weights with 24 iterations, OpenCV's DIS medium
PUBLISHED = {"raft_small": (0.246, 0.349, 0.323, 0.526), "dis": (0.153, 0.324, 0.223, 0.652)}
PUBLISHED["raft_small_fast"] = PUBLISHED["raft_small"]
RAFT = {"weights": shared_path("weights/raft-small.pth"), "iterations": 24}


@pytest.fixture
def folder(tmp_path):
    """Two sequences of 20 × 30 pixels that move by (3, 4); of the first the upper half is unknown."""
    for name in ("Urban2", "Grove2"):
        (tmp_path / name).mkdir()
        flow = np.full((20, 30, 2), (3, 4), np.float32)
        flow[: 10 * (name == "Grove2")] = 2e9
        write_flo(tmp_path / name / "flow10.flo", flow)
        for frame in (10, 11):
            cv2.imwrite(str(tmp_path / name / f"frame{frame}.png"), np.full((20, 30, 3), frame, np.uint8))
    return tmp_path


class Constant:
    """Estimator of the same vector everywhere."""

    name = "constant"

    def __init__(self, *vector):
        self.vector = vector

    def __call__(self, frames):
        return np.full((len(frames) - 1, *frames.shape[1:3], 2), self.vector, np.float32)


def test_evaluate_folder_by_hand(folder):
    document = evaluation_document(evaluate_folder(folder, Constant(3, 4)))
    assert list(document["sequences"]) == ["Grove2", "Urban2"]
    assert document["mean"]["epe"] == 0
    document = evaluation_document(evaluate_folder(folder, Constant(0, 0)))
    assert document["mean"]["epe"] == document["mean"]["epe_zero_flow"] == 5.0
    assert document["mean"]["outliers"] == 1.0
    assert read_sequence(folder / "Grove2").valid.sum() == 300


def test_damaged_sequences_are_refused(folder, tmp_path):
    with pytest.raises(InputError, match=r"must exist, got '.*none'; a sequence is a folder with frame10.png"):
        find_sequences(folder / "none")
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match="hold sequences in Middlebury's format"):
        find_sequences(folder / "empty")
    assert len(find_sequences(folder)) == 2
    cv2.imwrite(str(folder / "Urban2/frame11.png"), np.zeros((20, 31, 3), np.uint8))
    with pytest.raises(InputError, match=r"frame11.png' must be 20 × 30 as 'flow10.flo' beside it, got 20 × 31"):
        list(evaluate_folder(folder, Constant(0, 0)))
    (folder / "Urban2/frame11.png").write_bytes((folder / "Urban2/frame10.png").read_bytes()[:40])
    with pytest.raises(InputError, match=r"frame11.png' must be a picture"):
        read_sequence(folder / "Urban2")
    (folder / "Urban2/frame11.png").unlink()
    with pytest.raises(InputError, match=r"sequence 'Urban2' must be a file, got .*frame11.png', which does not exist"):
        find_sequences(folder)
    (folder / "Grove2/flow10.flo").write_bytes(b"PIEH")
    with pytest.raises(InputError, match=r"'.*Grove2/flow10.flo'"):
        read_sequence(folder / "Grove2")


def test_shapes_must_equal_the_truth():
    evaluation = FlowEvaluation("a", np.zeros((2, 3, 2)), np.zeros((3, 3, 2)))
    with pytest.raises(InputError, match=r"estimated flow must have shape \[3, 3, 2\], got \[2, 3, 2\]"):
        evaluation_document([evaluation])
    with pytest.raises(InputError, match="have a sequence, got none"):
        evaluation_document([])


@needs_shared("middlebury")
@pytest.mark.parametrize(
    ("name", "options", "sequences", "tolerance"),
    [
        # the figures were made on the grey of the PNG reader, which rounds in another way
        ("dis", {}, SEQUENCES, 0.006),
        ("raft_small", RAFT, SEQUENCES[:1], 0.001),
        pytest.param("raft_small", RAFT, SEQUENCES, 0.001, marks=pytest.mark.slow),
        # bfloat16: within 2 % of the smallest
        ("raft_small_fast", RAFT, SEQUENCES[:1], 0.02 * 0.246),
        pytest.param("raft_small_fast", RAFT, SEQUENCES, 0.02 * 0.246, marks=pytest.mark.slow),
    ],
)
def test_published_errors_are_reproduced(name, options, sequences, tolerance):
    estimator = build_estimator(name, **options)
    errors = []
    for sequence in sequences:
        frames, truth, valid = read_sequence(shared_path("middlebury") / sequence)
        errors.append(end_point_error(estimator(frames)[0], truth, valid=valid))
    np.testing.assert_allclose(errors, PUBLISHED[name][: len(sequences)], atol=tolerance)
