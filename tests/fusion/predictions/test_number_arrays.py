import numpy as np
import pytest

from triad.fusion.predictions.number_arrays import to_floats, to_integers
from triad.modalities.checks import InputError


def test_whole_numbers_of_any_type_are_taken():
    for values in ([0, -1], np.array([0.0, -1.0]), np.array([0, -1], np.int8)):
        assert to_integers("labels", values).tolist() == [0, -1]
    assert to_integers("labels", []).dtype == np.int64
    assert to_floats("scores", [[1, 2]]).dtype == np.float32


@pytest.mark.parametrize("values", [[0.5], [np.nan], [np.inf], [1e300], [2**64 - 1], ["1"], [1j], [None]])
def test_other_labels_are_refused(values):
    with pytest.raises(InputError, match="labels must be whole numbers, got"):
        to_integers("labels", np.array(values))


@pytest.mark.parametrize("values", [["1"], [1j], [None], [np.datetime64("2020")]])
def test_other_scores_are_refused(values):
    with pytest.raises(InputError, match="scores must be real numbers, got"):
        to_floats("scores", np.array(values))
