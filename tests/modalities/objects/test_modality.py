from __future__ import annotations

import numpy as np
import pytest
from object_files import CLASSES, write_object_file

from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.modality import Canvas, get_modality, modality_of_stream
from triad.modalities.objects import ObjectClip
from triad.modalities.objects.modality import MODALITY
from triad.modalities.seeding import derive_rng

INFO = {"modality": "objects", "classes": list(CLASSES)}


def test_objects_are_registered():
    assert get_modality("objects") is MODALITY
    assert modality_of_stream("objects_yolox") is MODALITY
    with pytest.raises(InputError, match=r"stream 'o' of the index must have 'classes'"):
        MODALITY.check_info("o", {"modality": "objects"})


def test_default_vocabulary_knows_the_classes():
    assert MODALITY.default_reader(INFO, (8, 8)).vocabulary == "coco80"
    assert MODALITY.default_reader({"classes": ["cup", "can"]}, (8, 8)).vocabulary == "minihome"


def test_inspection_compares_classes(tmp_path):
    path = write_object_file(tmp_path / "o.npz")
    inspect = MODALITY.files.inspector()
    assert inspect(Source(path, 3, fps=10.0), INFO).num == 3
    with pytest.raises(InputError, match=r"classes of '.*o.npz' must be those of the index, got person, cup, kite"):
        inspect(Source(path, 3, fps=10.0), {"classes": ["cup"]})


def test_batch_of_random_clips():
    reader = MODALITY.default_reader(INFO, (8, 8))
    clips = [MODALITY.randomize(MODALITY.fill(reader.blank(np.zeros(3)), 1), derive_rng("o", seed)) for seed in (1, 2)]
    batch = MODALITY.collate(clips)
    assert batch["data"].shape == (2, 3, 8, 4)
    assert batch["labels"].max() < 80
    assert batch["valid"].all()
    assert 0.1 < (batch["scores"] == 0).float().mean() < 0.6


def test_picture_has_a_box(tmp_path):
    reader = MODALITY.default_reader(INFO, (50, 100))
    source = Source(write_object_file(tmp_path / "o.npz"), 3, fps=10.0)
    clip = reader.read(source, np.array([0.0]), np.ones(1, bool))
    frames = np.full((1, 50, 100, 3), 9, np.uint8)
    painter = MODALITY.painter(clip, Canvas((50, 100)))
    (picture,) = painter.draw(clip, frames)
    pale = picture[45, 50].tolist()
    assert (picture[12:28, 10] != pale).any(-1).all()  # an edge of the cup
    assert (frames == 9).all()
    assert painter.draw(clip, None)[0].shape == (50, 100, 3)


def test_clips_are_checked():
    arrays = [np.zeros((2, 3, 4), np.float32), np.zeros((2, 3), np.int64), np.zeros((2, 3), np.float32)]
    times = (np.zeros(2), np.ones(2, bool))
    ObjectClip(*arrays, "coco80", *times)
    with pytest.raises(InputError, match=r"ObjectClip.labels must be int64, got float64"):
        ObjectClip(arrays[0], np.zeros((2, 3)), arrays[2], "coco80", *times)
    with pytest.raises(InputError, match=r"ObjectClip.boxes must be finite"):
        ObjectClip(arrays[0] + np.float32(np.nan), *arrays[1:], "coco80", *times)


def test_command_names_the_stream():
    assert "--objects yolox --object-detector" in MODALITY.add_command("objects_yolox", "OUT")
