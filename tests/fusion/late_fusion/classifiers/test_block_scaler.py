import numpy as np
import pytest

from triad.fusion.late_fusion.classifiers import BlockScaler, BlockSVC


def test_blocks_are_scaled_apart():
    columns = [[3.0, 4.0, 0.0, 2.0], [1.0, 0.0, 0.0, 0.0]]
    scaled = BlockScaler(widths=(2, 2)).fit_transform(columns)
    np.testing.assert_allclose(scaled, [[0.6, 0.8, 0, 1], [1, 0, 0, 0]])


def test_missing_values_become_the_mean():
    columns = [[1.0, 5.0], [3.0, np.nan], [np.nan, 7.0]]
    scaled = BlockScaler(standardize=True, normalize=False).fit_transform(columns)
    np.testing.assert_allclose(scaled, [[-1, -1], [1, 0], [0, 1]])


def test_named_blocks_are_standardised():
    columns = [[1.0, 10.0], [3.0, 30.0]]
    scaled = BlockScaler(widths=(1, 1), standardize=(False, True), normalize=False).fit_transform(columns)
    np.testing.assert_allclose(scaled, [[1, -1], [3, 1]])


def test_widths_must_fit():
    with pytest.raises(ValueError, match=r"sum to the 3 columns, got \[2, 2\]"):
        BlockScaler(widths=(2, 2)).fit(np.zeros((4, 3)))


def test_unknown_kernel_is_refused():
    with pytest.raises(ValueError, match="kernel must be 'linear' or 'rbf', got 'poly'"):
        BlockSVC(kernel="poly").fit(np.eye(4), [0, 1, 0, 1])
