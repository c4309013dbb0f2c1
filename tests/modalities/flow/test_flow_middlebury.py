import cv2
import numpy as np
import pytest
from flo_files import write_flo
from shared_data import needs_shared, shared_path

from modalities.checks import InputError
from modalities.flow import end_point_error, read_flo
from modalities.flow.estimators import build_estimator

SHARED = shared_path("")
SEQUENCES = ("Dimetrodon", "Grove2", "RubberWhale", "Urban2")
# data/README.md beside the sequences; RAFT-small's official weights with 24 iterations, OpenCV's DIS medium
PUBLISHED = {"raft_small": (0.246, 0.349, 0.323, 0.526), "dis": (0.153, 0.324, 0.223, 0.652)}
PUBLISHED["raft_small_fast"] = PUBLISHED["raft_small"]

RAFT = {"weights": SHARED / "weights/raft-small.pth", "iterations": 24}


def test_flo_written_is_flo_read(tmp_path):
    flow = np.array([[[1, 2], [3, -4], [0.5, 0]], [[7, 8], [1e10, 0], [np.nan, 1]]], np.float32)
    write_flo(tmp_path / "a.flo", flow)
    assert (tmp_path / "a.flo").read_bytes()[:12] == b"PIEH" + b"\3\0\0\0" + b"\2\0\0\0"
    read, known = read_flo(tmp_path / "a.flo")
    assert known.tolist() == [[True, True, True], [True, False, False]]
    np.testing.assert_array_equal(read[known], flow[known])
    assert not read[~known].any()


def test_files_that_are_not_flo(tmp_path):
    path = tmp_path / "a.flo"
    write_flo(path, np.zeros((2, 3, 2), np.float32))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match="must hold 2 × 3 vectors"):
        read_flo(path)
    path.write_bytes(b"PNG?" * 9)
    with pytest.raises(InputError, match=r"a .flo file of the Middlebury format"):
        read_flo(path)


def test_end_point_error_by_hand():
    truth = np.zeros((1, 3, 2), np.float32)
    estimate = np.array([[[3, 4], [0, 1], [9, 9]]], np.float32)
    known = np.array([[True, True, False]])
    assert end_point_error(estimate, truth, valid=known) == 3.0
    assert end_point_error(estimate[:, :2], truth[:, :2]) == 3.0
    with pytest.raises(InputError, match="nothing known"):
        end_point_error(estimate, truth, valid=~known & known)
    with pytest.raises(InputError, match=r"estimated flow must have shape \[1, 3, 2\]"):
        end_point_error(estimate[:, :2], truth)


@needs_shared("middlebury")
@pytest.mark.parametrize(
    ("name", "options", "sequences", "tolerance"),
    [
        # DIS reads the grey of the decoded colours, the figures the grey of the PNG reader: not the same rounding
        ("dis", {}, SEQUENCES, 0.006),
        ("raft_small", RAFT, SEQUENCES[:1], 0.001),
        pytest.param("raft_small", RAFT, SEQUENCES, 0.001, marks=pytest.mark.slow),
        # bfloat16: within 2 % of the least
        ("raft_small_fast", RAFT, SEQUENCES[:1], 0.02 * 0.246),
        pytest.param("raft_small_fast", RAFT, SEQUENCES, 0.02 * 0.246, marks=pytest.mark.slow),
    ],
)
def test_published_errors_are_reproduced(name, options, sequences, tolerance):
    estimator = build_estimator(name, **options)
    found = []
    for sequence in sequences:
        folder = SHARED / "middlebury" / sequence
        pictures = [cv2.imread(str(folder / f"frame{number}.png")) for number in (10, 11)]
        truth, known = read_flo(folder / "flow10.flo")
        flow = estimator(np.stack(pictures)[..., ::-1].copy())[0]
        found.append(end_point_error(flow, truth, valid=known))
    np.testing.assert_allclose(found, PUBLISHED[name][: len(sequences)], atol=tolerance)
