import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modalities.checks import InputError
from modalities.flow.storage.field_codec import LIMIT, STEP, decode_field, encode_field, quantize_flow
from modalities.flow.storage.flow_file import FlowFile, FlowWriter


def write(path, chunks):
    with FlowWriter(path) as writer:
        for chunk in chunks:
            writer.add(chunk)
    return FlowFile(path)


def smooth_fields(num=5, height=24, width=32, seed=0):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / 9
    phases = rng.uniform(0, 6, (num, 1, 1, 2))
    return (6 * np.sin(np.stack([x + y, x - y], -1) + phases)).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    size=st.sampled_from([0.0, 0.01, 1.0, 20.0, LIMIT]),
    seed=st.integers(0, 999),
)
def test_no_component_is_off_by_more_than_half_a_step(height, width, size, seed):
    field = np.random.default_rng(seed).uniform(-size, size, (height, width, 2)).astype(np.float32)
    decoded = decode_field(encode_field(field), height, width)
    assert decoded.dtype == np.float32
    assert np.abs(decoded - field).max() <= STEP / 2


def test_quantised_is_what_a_file_gives_back(tmp_path):
    fields = 9 * smooth_fields(2)
    fields[0, 0, 0] = 2 * LIMIT
    given_back = write(tmp_path / "a.flow", [fields]).read(np.arange(2))
    np.testing.assert_array_equal(quantize_flow(fields), given_back)
    assert quantize_flow(fields).dtype == np.float32


def test_whole_steps_survive_exactly_even_with_jumps():
    field = np.array([[[0, 1], [LIMIT, -LIMIT]], [[-LIMIT, LIMIT], [STEP, -STEP]]], np.float32)
    np.testing.assert_array_equal(decode_field(encode_field(field), 2, 2), field)


def test_chunks_make_the_same_file_as_one(tmp_path):
    fields = smooth_fields(7)
    whole = write(tmp_path / "a.flow", [fields])
    write(tmp_path / "b.flow", [fields[:3], fields[3:4], fields[4:]])
    assert (tmp_path / "a.flow").read_bytes() == (tmp_path / "b.flow").read_bytes()
    assert (whole.num, whole.height, whole.width, whole.clipped) == (7, 24, 32, 0)


def test_fields_in_any_order_and_repeated(tmp_path):
    fields = smooth_fields(6)
    file = write(tmp_path / "a.flow", [fields])
    indices = np.array([5, 0, 2, 2])
    read = file.read(indices)
    assert np.abs(read - fields[indices]).max() <= file.max_error == 1 / 64


def test_too_large_components_are_clipped_and_counted(tmp_path):
    fields = np.zeros((2, 3, 4, 2), np.float32)
    fields[0, 0, 0] = 2000, -5000
    fields[1, 2, 3, 0] = LIMIT
    file = write(tmp_path / "a.flow", [fields])
    assert file.clipped == 2
    np.testing.assert_array_equal(file.read(np.array([0]))[0, 0, 0], [LIMIT, -LIMIT])
    assert fields[0, 0, 0, 0] == 2000  # the input is not changed


def test_smooth_flow_is_compact(tmp_path):
    write(tmp_path / "a.flow", [smooth_fields(4, 120, 160)])
    assert (tmp_path / "a.flow").stat().st_size < 4 * 120 * 160 * 2 / 2  # half a byte a component


def test_error_leaves_nothing(tmp_path):
    def chunks():
        yield smooth_fields(2)
        raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        write(tmp_path / "a.flow", chunks())
    with pytest.raises(InputError, match="finite"):
        write(tmp_path / "a.flow", [smooth_fields(2), np.full((1, 24, 32, 2), np.inf, np.float32)])
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written(tmp_path):
    path = tmp_path / "a.flow"
    with pytest.raises(InputError, match="at least one field, which takes two frames"), FlowWriter(path):
        pass
    with pytest.raises(InputError, match="finite"), FlowWriter(path) as writer:
        writer.add(np.full((1, 2, 2, 2), np.nan, np.float32))
    with pytest.raises(InputError, match=r"shape \[T, 2, 2, 2\]"):
        write(path, [np.zeros((1, 2, 2, 2), np.float32), np.zeros((1, 2, 3, 2), np.float32)])
    with pytest.raises(InputError, match="with block"):
        FlowWriter(path).add(smooth_fields(1))
    assert list(tmp_path.iterdir()) == []


def test_damage_is_found(tmp_path):
    path = tmp_path / "a.flow"
    write(path, [smooth_fields(3)])
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


def test_provenance_is_kept_and_damage_of_any_byte_is_found(tmp_path):
    path = tmp_path / "a.flow"
    with FlowWriter(path, provenance={"estimator": "dis", "settings": {"preset": "medium"}}) as writer:
        writer.add(smooth_fields(3, 6, 8))
    file = FlowFile(path)
    assert file.provenance == {"estimator": "dis", "settings": {"preset": "medium"}}
    file.verify()
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :])
        with pytest.raises(InputError, match=r"a\.flow|flow field"):
            FlowFile(path).verify()
