import cv2
import numpy as np
import pytest
from flo_files import write_flo

from modalities.checks import InputError
from modalities.flow.evaluation import (
    FlowEvaluation,
    evaluate_folder,
    evaluation_document,
    find_sequences,
    read_sequence,
)
from modalities.flow.metrics import flow_scores, mean_scores


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
    """Says the same vector everywhere."""

    name = "constant"

    def __init__(self, *vector):
        self.vector = vector

    def __call__(self, frames):
        return np.full((len(frames) - 1, *frames.shape[1:3], 2), self.vector, np.float32)


def test_scores_by_hand():
    truth = np.array([[0, 0], [100, 0], [3, 0], [0.4, 0]], np.float32)
    estimate = np.array([[0, 0], [104, 0], [3, 6], [0.4, 2]], np.float32)
    scores = flow_scores(estimate, truth)
    assert scores == pytest.approx(
        {
            "epe": 3.0,  # 0, 4, 6, 2
            "outliers": 0.25,  # 4 of 100 pixels is within 5 %
            "above_1px": 0.75,
            "above_3px": 0.5,
            "above_5px": 0.25,
            "epe_zero_flow": 103.4 / 4,
            "epe_moving": 5.0,
            "epe_zero_flow_moving": 51.5,
        }
    )
    still = flow_scores(estimate, truth, valid=np.array([True, False, False, False]))
    assert "epe_moving" not in still
    assert mean_scores([scores, still])["epe"] == 1.5
    assert mean_scores([scores, still])["epe_moving"] == 5.0


def test_a_folder_of_sequences(folder):
    document = evaluation_document(evaluate_folder(folder, Constant(3, 4)))
    assert list(document["sequences"]) == ["Grove2", "Urban2"]
    assert document["mean"]["epe"] == 0
    document = evaluation_document(evaluate_folder(folder, Constant(0, 0)))
    assert document["mean"]["epe"] == document["mean"]["epe_zero_flow"] == 5.0
    assert document["mean"]["outliers"] == 1.0
    assert read_sequence(folder / "Grove2")[2].sum() == 300


def test_what_is_damaged_or_missing_is_named(folder, tmp_path):
    with pytest.raises(InputError, match=r"be there, got '.*none'; a sequence is a folder with frame10.png"):
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


def test_shapes_must_be_the_truth_s():
    judged = FlowEvaluation("a", np.zeros((2, 3, 2)), np.zeros((3, 3, 2)))
    with pytest.raises(InputError, match=r"estimated flow must have shape \[3, 3, 2\], got \[2, 3, 2\]"):
        evaluation_document([judged])
    with pytest.raises(InputError, match="have a sequence, got none"):
        evaluation_document([])
