from __future__ import annotations

import numpy as np
import pytest
from waves import make_waves

from triad.fusion.benchmarks.flow_codecs import CODECS, GROUP_SIZE

# largest allowed end-point error of a vector, pixels
BOUNDS = dict(zip(CODECS, (0.0222, 0.4, 0.0111, 0.004, 0.0, 0.0223, 0.3, 0.3), strict=True))


@pytest.mark.parametrize("name", CODECS)
def test_fields_are_decoded_within_bounds(name):
    fields = make_waves(2 * GROUP_SIZE + 3)
    encoded = CODECS[name](fields)
    decoded = encoded.read(range(len(fields)))
    assert np.linalg.norm(decoded - fields, axis=-1).max() <= BOUNDS[name] + 1e-6
    assert 0 < encoded.size < 2 * fields.nbytes


@pytest.mark.parametrize("name", CODECS)
def test_random_access_equals_sequential(name):
    encoded = CODECS[name](make_waves(2 * GROUP_SIZE + 3))
    indices = [0, 5, GROUP_SIZE, GROUP_SIZE + 1, 2 * GROUP_SIZE + 2]
    np.testing.assert_array_equal(encoded.read(indices), encoded.read(range(2 * GROUP_SIZE + 3))[indices])
