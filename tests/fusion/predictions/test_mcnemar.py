import numpy as np
import pytest

from triad.fusion.predictions import mcnemar_test


def answers(both: int, only_a: int, only_b: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    a = np.repeat([True, True, False, False], [both, only_a, only_b, neither])
    b = np.repeat([True, False, True, False], [both, only_a, only_b, neither])
    return a, b


def test_textbook_table():
    """McNemar's 1947 form: 10 against 25 of 100 discordant; (|10 − 25| − 1)² / 35 = 5.6."""
    result = mcnemar_test(*answers(40, 10, 25, 25))
    assert (result.only_a, result.only_b) == (10, 25)
    assert result.chi2 == pytest.approx(196 / 35)
    assert result.chi2_p == pytest.approx(0.01796, abs=1e-5)


def test_exact_p_by_hand():
    """One against five: P(X ≤ 1 or X ≥ 5) of six fair coins, 2 (1 + 6) / 64."""
    assert mcnemar_test(*answers(3, 1, 5, 0)).exact_p == pytest.approx(14 / 64)


def test_equal_counts_show_nothing():
    assert mcnemar_test(*answers(5, 0, 0, 5)) == (0, 0, 1.0, 0.0, 1.0)
    assert mcnemar_test(*answers(5, 3, 3, 5))[2:] == (1.0, 0.0, 1.0)


def test_order_changes_counts_only():
    a, b = answers(4, 2, 7, 1)
    assert mcnemar_test(a, b)[2:] == mcnemar_test(b, a)[2:]
