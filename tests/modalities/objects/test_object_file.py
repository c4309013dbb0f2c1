from __future__ import annotations

import numpy as np
import pytest
from object_files import CLASSES, write_object_file

from triad.modalities.checks import InputError
from triad.modalities.objects.object_file import describe_objects, pad_objects, read_objects


def test_file_gives_back_what_was_written(tmp_path):
    objects = read_objects(write_object_file(tmp_path / "o.npz"))
    assert objects.classes == CLASSES
    assert objects.size_hw == (50, 100)
    assert objects.boxes[2, 0].tolist() == [30, 10, 40, 30]
    assert objects.labels.dtype == np.int64
    assert objects.provenance == {"detector": "tiny"}


def test_summary_counts_objects(tmp_path):
    summary = describe_objects(write_object_file(tmp_path / "o.npz"))
    assert summary.num == 3
    assert summary.counts == {"objects": 6, "empty": 0}
    assert summary.entry == {"size": [50, 100]}


def test_equal_objects_give_equal_bytes(tmp_path):
    first, second = (write_object_file(tmp_path / name) for name in ("a.npz", "b.npz"))
    assert first.read_bytes() == second.read_bytes()


def test_most_certain_objects_stay():
    boxes = np.arange(12, dtype=np.float32).reshape(3, 4)
    frames = [(boxes, np.array([4, 5, 6]), np.array([0.1, 0.9, 0.5])), (boxes[:0], np.zeros(0), np.zeros(0))]
    padded, labels, scores = pad_objects(frames, 2)
    assert labels.tolist() == [[5, 6], [0, 0]]
    assert padded[0, 0].tolist() == boxes[1].tolist()
    np.testing.assert_allclose(scores, [[0.9, 0.5], [0, 0]], rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("size", [50], "size of .* must be height and width, at least 1 pixel, got .50.; extract it again"),
        ("size", [0, 100], "size of .* must be height and width"),
        ("labels", np.zeros((3, 3)), "labels of .* must be whole numbers, got float64"),
        ("boxes", np.full((3, 3, 4), "a"), "boxes of .* must be numbers, got <U1"),
        ("classes", np.frombuffer(b"[[], 1, 2]", np.uint8), "classes of .* must be a list of names"),
        ("provenance", np.frombuffer(b"[]", np.uint8), "provenance of .* must be an object of JSON, got list"),
    ],
)
def test_other_content_is_refused(name, value, message, tmp_path):
    path = write_object_file(tmp_path / "o.npz")
    np.savez(path, **{**np.load(path), name: value})
    with pytest.raises(InputError, match=message):
        read_objects(path)


def test_damaged_files_are_refused(tmp_path):
    path = write_object_file(tmp_path / "o.npz", classes=("person",))
    with pytest.raises(InputError, match=r"labels of '.*o.npz' must be 0 to 0, got 0 to 2; extract it again"):
        read_objects(path)
    path.write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"o.npz"):
        read_objects(path)
    with pytest.raises(InputError, match=r"object file must be a file, got .*missing.npz"):
        read_objects(tmp_path / "missing.npz")
    np.savez(path, boxes=np.zeros((1, 1, 4)))
    with pytest.raises(InputError, match=r"must hold boxes, labels, scores and classes, got no classes"):
        read_objects(path)
