from __future__ import annotations

import pytest

from fusion.datasets.max_persons import MOST_PERSONS, max_persons
from fusion.datasets.protocols import PROTOCOLS
from modalities.checks import InputError


def test_every_dataset_says_how_many() -> None:
    assert set(MOST_PERSONS) == set(PROTOCOLS)
    assert (max_persons("ntu120"), max_persons("nucla")) == (2, 1)


def test_an_unknown_dataset_is_refused() -> None:
    with pytest.raises(InputError, match=r"dataset must be one of .*did you mean 'nucla'"):
        max_persons("ncla")
