from __future__ import annotations

import numpy as np
import pytest
from object_files import write_object_file

from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.objects import ObjectReader
from triad.modalities.objects.vocabularies import COCO80, VOCABULARIES, get_vocabulary


def make_reader(**options) -> ObjectReader:
    return ObjectReader(**{"vocabulary": "household", "frame_size": (100, 100), "max_objects": 2, **options})


def read(tmp_path, reader: ObjectReader, num: int = 3):
    source = Source(write_object_file(tmp_path / "o.npz"), num, fps=10.0)
    return reader.read(source, np.array([0.05, 0.25, 0.4]), np.ones(3, bool))


def test_boxes_are_moved_onto_the_canvas(tmp_path):
    clip = read(tmp_path, make_reader())
    assert clip.boxes[:, 0].tolist() == [[10, 35, 20, 55], [30, 35, 40, 55], [30, 35, 40, 55]]  # 25 rows above
    assert clip.valid.tolist() == [True, True, False]


def test_classes_are_matched_by_name(tmp_path):
    clip = read(tmp_path, make_reader())
    assert [get_vocabulary("household")[label] for label in clip.labels[:, 0]] == ["cup"] * 3
    assert (clip.scores[:, 1] == 0).all()  # no kite in the household
    everything = read(tmp_path, make_reader(vocabulary="coco80"))
    assert [COCO80[label] for label in everything.labels[0]] == ["cup", "kite"]


def test_uncertain_objects_are_left_out(tmp_path):
    assert (read(tmp_path, make_reader(vocabulary="coco80", min_score=0.5)).scores > 0).sum() == 3


def test_blank_clip_is_empty():
    clip = make_reader().blank(np.zeros(4))
    assert clip.boxes.shape == (4, 2, 4)
    assert not clip.scores.any()
    assert not clip.valid.any()


def test_other_lengths_and_classes_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"o.npz' must hold 4 entries, got 3; extract it again"):
        read(tmp_path, make_reader(), num=4)
    with pytest.raises(InputError, match=r"objects of stream 'x' must be of vocabulary 'household', got zebra, yak …"):
        make_reader().check_stored("stream 'x'", {"classes": ["zebra", "yak"]})
    make_reader().check_stored("stream 'x'", {"classes": ["zebra", "cup"]})
    with pytest.raises(InputError, match=r"vocabulary of objects must be one of .*, got 'coco'"):
        make_reader(vocabulary="coco")


@pytest.mark.parametrize("name", VOCABULARIES)
def test_vocabularies_have_different_words(name):
    assert len(set(VOCABULARIES[name])) == len(VOCABULARIES[name])
    assert len(COCO80) == 80
    assert (COCO80.index("cup"), COCO80.index("laptop"), COCO80.index("cell phone")) == (41, 63, 67)
