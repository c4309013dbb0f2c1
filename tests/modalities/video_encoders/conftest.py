"""Runs every test that takes a ``case`` on each of the ``CASES`` of its module."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("video_contract")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        cases = metafunc.module.CASES
        metafunc.parametrize("case", cases.values(), ids=cases, scope="module")  # all tests of a case in turn
