from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.depth.reader import DepthReader
from triad.modalities.modality import MODALITIES, get_modality, modality_of_reader, modality_of_stream
from triad.modalities.seeding import derive_rng

INFO = {"skeleton": {"layout": "coco17"}, "objects": {"classes": ["cup"]}, "features": {"channels": 3}}
each_modality = pytest.mark.parametrize("name", MODALITIES)


def blank_clip(name: str):
    info = {"modality": name, **INFO.get(name, {})}
    return get_modality(name).default_reader(info, (6, 8)).blank(np.array([0.0, 0.5]))


@each_modality
def test_record_names_its_own_classes(name):
    modality = get_modality(name)
    assert modality.name == modality.clip.modality == modality.reader.modality == name
    assert isinstance(blank_clip(name), modality.clip)
    assert modality_of_stream(name) is modality_of_stream(f"{name}_left") is modality
    assert modality_of_reader({"type": modality.reader}) is modality


@each_modality
def test_batch_has_the_described_fields(name):
    modality = get_modality(name)
    clips = [modality.randomize(modality.fill(blank_clip(name), 2), derive_rng(name, number)) for number in range(3)]
    batch = modality.collate(clips)
    assert set(batch) == {*modality.input.fields, "times"}
    for field, input_field in modality.input.fields.items():
        assert len(input_field.axes_of(batch[field].ndim)) == batch[field].ndim
        assert batch[field].shape[0] == 3
        assert not modality.input.has_persons or field == "times" or batch[field].shape[1] == 2
    assert batch["data"].any()
    assert batch["valid"].all()


@each_modality
def test_painter_draws_one_picture_per_time(name):
    from triad.modalities.modality import Canvas

    modality = get_modality(name)
    clip = modality.randomize(modality.fill(blank_clip(name), 1), derive_rng(name))
    cells = modality.painter(clip, Canvas((6, 8))).draw(clip, None)
    assert [(cell.shape, cell.dtype) for cell in cells] == [((6, 8, 3), np.uint8)] * 2


def test_unknown_names_have_no_modality():
    assert modality_of_stream("bone_motion") is None
    with pytest.raises(InputError, match=r"modality must be one of depth, features, flow, .*, got 'depht' \(did you"):
        get_modality("depht")


def test_reader_may_be_named_by_string():
    assert modality_of_reader({"type": "triad.DepthReader"}).reader is DepthReader


def test_missing_info_is_named():
    with pytest.raises(InputError, match=r"stream 'pose' of the index must have 'layout', got only modality; prepare"):
        get_modality("skeleton").check_info("pose", {"modality": "skeleton"})


def test_names_cost_no_import():
    code = "import sys, triad.modalities.modality; sys.exit('torch' in sys.modules or 'cv2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
