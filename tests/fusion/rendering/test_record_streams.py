import pytest

from triad.fusion.index import Index
from triad.fusion.rendering.record_streams import default_reader, describe_record, make_canvas, streams_in_order
from triad.modalities.checks import InputError
from triad.modalities.clips import Span


def make_index(tmp_path, **streams):
    return Index(tmp_path, {"dataset": "d", "classes": ["sit_down"], "streams": streams}, [])


def test_streams_follow_modality_order(tmp_path):
    names = {"skeleton": "skeleton", "depth": "depth", "flow_b": "flow", "rgb": "rgb", "flow_a": "flow"}
    index = make_index(tmp_path, **{name: {"modality": modality} for name, modality in names.items()})
    record = {"sources": dict.fromkeys(names)}
    assert streams_in_order(index, record) == ["rgb", "flow_a", "flow_b", "skeleton", "depth"]


def test_skeleton_without_layout_is_refused(tmp_path):
    index = make_index(tmp_path, skeleton={"modality": "skeleton"})
    with pytest.raises(InputError, match="stream 'skeleton' of the index must have 'layout', got only modality"):
        default_reader(index, "skeleton", (4, 4))


def test_title_is_the_action_in_words(tmp_path):
    record = {"id": "a", "label": 0, "subject": "s1", "sources": {}}
    title, subtitle = describe_record(make_index(tmp_path), record, Span(0.0, 1.5))
    assert title == "Sit down"
    assert subtitle == "a  ·  d  ·  subject s1  ·  0.00 – 1.50 s"
    assert describe_record(make_index(tmp_path), {**record, "label": None}, Span(0, 1))[0] == "Unlabelled"


def test_canvas_has_picture_shape(tmp_path):
    index = make_index(tmp_path, skeleton={"modality": "skeleton", "layout": "coco17"})
    source = {"path": "a.npz", "num": 2, "fps": 1.0, "size": [60, 80]}
    record = {"id": "a", "sources": {"skeleton": source}}
    assert (make_canvas(index, record, width=40).frame_size, make_canvas(index, record, width=40).scale) == (
        (30, 40),
        0.5,
    )
    assert make_canvas(index, record, height=120).frame_size == (120, 160)
    without_size = {"id": "a", "sources": {"skeleton": {key: source[key] for key in ("path", "num", "fps")}}}
    assert make_canvas(index, without_size, width=160).frame_size == (120, 160)
