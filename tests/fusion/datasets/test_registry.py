"""Every dataset of the registry has its record, and unknown names are refused with the nearest one."""

from __future__ import annotations

import subprocess
import sys
from inspect import signature

import pytest

from triad.fusion.datasets import DATASETS, get_dataset, get_protocols
from triad.modalities.checks import InputError


@pytest.mark.parametrize("name", DATASETS)
def test_record_fits_registry_line(name):
    dataset = get_dataset(name)
    assert dataset.name == name
    assert dataset.protocols
    assert dataset.files.endswith((".", "…"))
    assert set(dataset.published_counts) <= set(dataset.protocols)
    assert set(dataset.published_video_counts) <= set(dataset.protocols)


@pytest.mark.parametrize("name", DATASETS)
def test_options_are_keywords_of_prepare(name):
    dataset = get_dataset(name)
    parameters = signature(dataset.prepare).parameters
    assert list(parameters)[: len(dataset.arguments)] == list(dataset.arguments)
    keywords = set(parameters) - set(dataset.arguments) - {"progress", "edition"}
    assert {option.name for option in dataset.options} == keywords


def test_max_persons():
    several = {name: get_dataset(name).max_persons for name in DATASETS if get_dataset(name).max_persons > 1}
    assert several == {
        **dict.fromkeys(("ntu60", "ntu120", "pku_mmd", "etri_activity3d", "msr_daily_activity3d", "skeletons"), 2),
        "minihome_untrimmed": 2,
        "kinetics_skeleton": 5,
    }


def test_unknown_dataset_is_refused():
    with pytest.raises(InputError, match=r"dataset must be one of .*did you mean 'nucla'"):
        get_dataset("ncla")
    assert get_protocols("ncla") == {}


def test_registry_imports_no_heavy_library():
    code = "import sys, triad.fusion.datasets; print(*{'torch', 'cv2', 'av', 'scipy'} & set(sys.modules))"
    completed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert completed.stdout.strip() == ""
