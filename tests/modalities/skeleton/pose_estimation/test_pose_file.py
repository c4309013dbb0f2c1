import numpy as np
import pytest
from frame_poses import make_frame_poses

from triad.modalities.checks import InputError
from triad.modalities.skeleton.pose_estimation import TrackedPoses, assemble
from triad.modalities.skeleton.pose_estimation.pose_file import describe_poses, verify_poses, write_poses


@pytest.fixture
def path(tmp_path):
    tracked = [TrackedPoses(make_frame_poses((0, 0, 9, 20, 0.9)), np.array([0])) for _ in range(4)]
    write_poses(tmp_path / "a.npz", assemble(tracked, layout="coco17"), size_hw=(30, 40), provenance={"a": 1})
    return tmp_path / "a.npz"


def is_intact(path):
    try:
        verify_poses(path)
    except InputError:
        return False
    return True


def test_summary_is_read_without_joints(path):
    summary = describe_poses(path)
    assert (summary.num, summary.provenance, summary.entry) == (4, {"a": 1}, {"size": [30, 40]})
    assert summary.counts == {"nobody": 0, "filled": 0, "left_out": 0}


def test_changed_bytes_never_change_arrays(path):
    rng = np.random.default_rng(0)
    verify_poses(path)
    content = path.read_bytes()
    arrays = dict(np.load(path))
    refused = 0
    for position in rng.integers(0, len(content), 150):
        flipped = content[position] ^ 1 << int(rng.integers(8))
        path.write_bytes(content[:position] + bytes([flipped]) + content[position + 1 :])
        if is_intact(path):
            with np.load(path) as archive:
                assert all(np.array_equal(archive[name], array) for name, array in arrays.items())
        else:
            refused += 1
    assert refused > 100


def test_half_a_file_is_refused(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="must be a readable pose file"):
        describe_poses(path)
