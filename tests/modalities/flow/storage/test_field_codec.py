import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triad.modalities.checks import InputError
from triad.modalities.flow.storage.field_codec import (
    LIMIT,
    STEP,
    FieldDecoder,
    decode_field,
    encode_field,
    quantize_flow,
)


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    size=st.sampled_from([0.0, 0.01, 1.0, 20.0, LIMIT]),
    seed=st.integers(0, 999),
)
def test_error_is_within_half_a_step(height, width, size, seed):
    field = np.random.default_rng(seed).uniform(-size, size, (height, width, 2)).astype(np.float32)
    decoded = decode_field(encode_field(field), height, width)
    assert decoded.dtype == np.float32
    assert np.abs(decoded - field).max() <= STEP / 2


def test_whole_steps_are_exact_across_jumps():
    field = np.array([[[0, 1], [LIMIT, -LIMIT]], [[-LIMIT, LIMIT], [STEP, -STEP]]], np.float32)
    np.testing.assert_array_equal(decode_field(encode_field(field), 2, 2), field)


def test_quantized_flow_equals_decoded_flow():
    field = np.random.default_rng(0).normal(0, 9, (5, 6, 2)).astype(np.float32)
    np.testing.assert_array_equal(quantize_flow(field), decode_field(encode_field(field), 5, 6))


def test_quantized_flow_is_clipped_float32():
    quantized = quantize_flow(np.array([2 * LIMIT, -2 * LIMIT, 0.04], np.float32))
    np.testing.assert_array_equal(quantized, np.float32([LIMIT, -LIMIT, STEP]))
    assert quantized.dtype == np.float32


def test_damaged_bytes_are_refused():
    payload = encode_field(np.zeros((2, 2, 2), np.float32))
    with pytest.raises(InputError, match="flow field must decompress"):
        decode_field(b"damaged", 2, 2)
    with pytest.raises(InputError, match="flow field must hold 12 codes, got 8 bytes"):
        decode_field(payload, 2, 3)


def test_decoder_is_used_again():
    fields = np.random.default_rng(0).normal(0, 4, (3, 5, 6, 2)).astype(np.float32)
    decoder = FieldDecoder(5, 6)
    for field in fields:
        np.testing.assert_array_equal(decoder(encode_field(field)), quantize_flow(field))
