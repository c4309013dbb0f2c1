"""The codecs that ours is measured against do what they are said to do."""

from __future__ import annotations

import numpy as np
import pytest

from fusion.benchmarks.flow_codecs import CODECS, GROUP
from fusion.benchmarks.flow_storage import storage_document


def waves(num=2 * GROUP + 3, height=36, width=46):
    y, x = np.mgrid[:height, :width] / 9
    fields = [3 * np.sin(np.stack([x + 0.2 * time, y - 0.1 * time], -1)) for time in range(num)]
    return np.array(fields, np.float32)


# pixels that the largest error of a vector may be
BOUNDS = dict(zip(CODECS, (0.0222, 0.4, 0.0111, 0.004, 0.0, 0.0223, 0.3, 0.3), strict=True))


@pytest.mark.parametrize("name", CODECS)
def test_fields_come_back_in_any_place(name):
    fields = waves()
    stored = CODECS[name](fields)
    whole = stored.read(range(len(fields)))
    assert np.linalg.norm(whole - fields, axis=-1).max() <= BOUNDS[name] + 1e-6
    some = [0, 5, GROUP, GROUP + 1, len(fields) - 1]
    np.testing.assert_array_equal(stored.read(some), whole[some])
    assert 0 < stored.size < 2 * fields.nbytes


def test_the_document_weighs_fields_and_keeps_the_largest_error():
    document = storage_document([waves(3), waves(6)])
    assert document["fields"] == 9
    jpeg = document["codecs"]["JPEG pair, ±20 px, q 95"]
    assert jpeg["error_mean"] <= jpeg["error_999"] <= jpeg["error_max"] <= 0.4
