from __future__ import annotations

import pytest

from fusion.data.persons import MOST_PERSONS, most_persons
from fusion.data.protocols import PROTOCOLS
from modalities.checks import InputError


def test_every_dataset_says_how_many() -> None:
    assert set(MOST_PERSONS) == set(PROTOCOLS)
    assert (most_persons("ntu120"), most_persons("nucla")) == (2, 1)


def test_an_unknown_dataset_is_refused() -> None:
    with pytest.raises(InputError, match=r"dataset must be one of .*did you mean 'nucla'"):
        most_persons("ncla")
