"""How many people a sample of a dataset may show."""

from __future__ import annotations

from modalities.checks import check_choice

_OF_ONE = (
    *("minihome", "smarthome", "tsu", "nucla", "utd_mhad", "florence3d"),
    *("ucf101", "hmdb51", "jhmdb", "folder", "table"),
)
MOST_PERSONS = {**dict.fromkeys(_OF_ONE, 1), "ntu60": 2, "ntu120": 2, "pku_mmd": 2, "kinetics_skeleton": 5}
"""Persons that ``prepare`` keeps of a recording of each dataset; of one's own files it keeps all there are."""


def max_persons(dataset: str) -> int:
    """Persons of a sample of a dataset.

    Raises:
        InputError: if there is no such dataset.
    """
    return MOST_PERSONS[check_choice("dataset", dataset, MOST_PERSONS)]
