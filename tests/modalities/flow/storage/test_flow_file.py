import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.flow.storage.field_codec import LIMIT
from triad.modalities.flow.storage.flow_file import FlowFile, FlowWriter


def write_file(path, chunks):
    with FlowWriter(path) as writer:
        for chunk in chunks:
            writer.add(chunk)
    return FlowFile(path)


def smooth_fields(num=5, height=24, width=32, seed=0):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / 9
    phases = rng.uniform(0, 6, (num, 1, 1, 2))
    return (6 * np.sin(np.stack([x + y, x - y], -1) + phases)).astype(np.float32)


def test_chunks_give_the_same_bytes(tmp_path):
    fields = smooth_fields(7)
    whole = write_file(tmp_path / "a.flow", [fields])
    write_file(tmp_path / "b.flow", [fields[:3], fields[3:4], fields[4:]])
    assert (tmp_path / "a.flow").read_bytes() == (tmp_path / "b.flow").read_bytes()
    assert (whole.num, whole.height, whole.width, whole.clipped) == (7, 24, 32, 0)


def test_read_fields_in_any_order(tmp_path):
    fields = smooth_fields(6)
    file = write_file(tmp_path / "a.flow", [fields])
    indices = np.array([5, 0, 2, 2])
    assert np.abs(file.read(indices) - fields[indices]).max() <= file.max_error == 1 / 64


def test_large_components_are_clipped_and_counted(tmp_path):
    fields = np.zeros((2, 3, 4, 2), np.float32)
    fields[0, 0, 0] = 2000, -5000
    fields[1, 2, 3, 0] = LIMIT
    file = write_file(tmp_path / "a.flow", [fields])
    assert file.clipped == 2
    np.testing.assert_array_equal(file.read(np.array([0]))[0, 0, 0], [LIMIT, -LIMIT])
    assert fields[0, 0, 0, 0] == 2000  # the input is not changed


def test_smooth_flow_is_compact(tmp_path):
    write_file(tmp_path / "a.flow", [smooth_fields(4, 120, 160)])
    assert (tmp_path / "a.flow").stat().st_size < 4 * 120 * 160 * 2 / 2  # half a byte a component


def test_failed_write_leaves_no_file(tmp_path):
    def chunks():
        yield smooth_fields(2)
        raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        write_file(tmp_path / "a.flow", chunks())
    with pytest.raises(InputError, match="finite"):
        write_file(tmp_path / "a.flow", [smooth_fields(2), np.full((1, 24, 32, 2), np.inf, np.float32)])
    assert list(tmp_path.iterdir()) == []


def test_invalid_fields_are_refused(tmp_path):
    path = tmp_path / "a.flow"
    with pytest.raises(InputError, match="at least one field, which takes two frames"), FlowWriter(path):
        pass
    with pytest.raises(InputError, match="finite"), FlowWriter(path) as writer:
        writer.add(np.full((1, 2, 2, 2), np.nan, np.float32))
    with pytest.raises(InputError, match=r"shape \[T, 2, 2, 2\]"):
        write_file(path, [np.zeros((1, 2, 2, 2), np.float32), np.zeros((1, 2, 3, 2), np.float32)])
    with pytest.raises(InputError, match="with block"):
        FlowWriter(path).add(smooth_fields(1))
    assert list(tmp_path.iterdir()) == []


def test_damaged_files_are_refused(tmp_path):
    path = tmp_path / "a.flow"
    write_file(path, [smooth_fields(3)])
    whole = path.read_bytes()
    with pytest.raises(InputError, match="must be 0 to 2"):
        FlowFile(path).read(np.array([3]))
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"a\.flow.*(cut off|damaged).*extract the flow again"):
        FlowFile(path)
    path.write_bytes(b"something else entirely" * 9)
    with pytest.raises(InputError, match="be a flow file of this project"):
        FlowFile(path)
    damaged = bytearray(whole)
    damaged[8:60] = bytes(52)
    path.write_bytes(damaged)
    with pytest.raises(InputError, match="flow field"):
        FlowFile(path).read(np.array([0]))


def test_provenance_is_stored(tmp_path):
    provenance = {"estimator": "dis", "settings": {"preset": "medium"}}
    with FlowWriter(tmp_path / "a.flow", provenance=provenance) as writer:
        writer.add(smooth_fields(1))
    assert FlowFile(tmp_path / "a.flow").provenance == provenance


def test_verify_finds_any_changed_byte(tmp_path):
    path = tmp_path / "a.flow"
    write_file(path, [smooth_fields(3, 6, 8)]).verify()
    whole = path.read_bytes()
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 16]) + whole[position + 1 :])
        with pytest.raises(InputError, match=r"a\.flow|flow field"):
            FlowFile(path).verify()
