"""Insets of attention maps: joints on people, parts and times as bars."""

import numpy as np

from triad.fusion.annotated_video.attention_inset import WHOLE
from triad.fusion.annotated_video.frame_layout import INSET_HW
from triad.fusion.annotated_video.map_insets import draw_joints, draw_map_insets, draw_parts, draw_times
from triad.fusion.annotated_video.person_overlay import PersonOverlay
from triad.fusion.models import SampleMap
from triad.fusion.rendering.attention_rows import COLOR
from triad.modalities.clips import Span
from triad.modalities.skeleton import get_layout

PICTURE = np.full((240, 320, 3), 100, np.uint8)
LAYOUT = get_layout("coco17")


def make_map(axes, weights, name="map", stream="rgb", **facts):
    return SampleMap(name, stream, axes, np.array(weights, np.float32), Span(0.0, 1.0), **facts)


def make_person():
    pixels = np.stack([np.linspace(100, 180, 17), np.linspace(40, 200, 17)], axis=-1).astype(np.float32)
    return PersonOverlay(pixels, np.ones(17, np.float32), LAYOUT)


def test_places_come_first_and_take_their_times():
    maps = (
        make_map("T", [0.5, 0.5], "β"),
        make_map("N", [0.5, 0.5], "joint", "joint", names=("rgb", "flow")),
        make_map("T", [0.5, 0.5], "when", "flow"),
        make_map("MTV", np.ones((1, 1, 17)), "joints", "pose"),
        make_map("HW", np.eye(2), "α", driven=False, missing=("pose",)),
    )
    insets = draw_map_insets(maps, PICTURE, [make_person()], {"rgb": WHOLE}, 0.5)
    assert [caption for caption, _ in insets] == ["α: no pose", "joints of pose", "joint", "when of flow"]
    assert {inset.shape for _, inset in insets} == {(*INSET_HW, 3)}
    without_people = draw_map_insets(maps, PICTURE, [], {"rgb": WHOLE}, 0.5)
    assert [caption for caption, _ in without_people] == ["α: no pose", "joint", "when of flow"]
    assert draw_map_insets((), PICTURE, [], {}, 0.5) == []
    twice = (maps[4], make_map("HW", np.eye(2), "γ", "flow"), maps[1])
    insets = draw_map_insets(twice, PICTURE, [], {"rgb": WHOLE}, 0.5)
    assert [caption for caption, _ in insets] == ["α: no pose", "joint", "γ of flow"]


def test_joint_of_largest_weight_is_dark():
    """The nose, the first joint, is the uppermost; it weighs all in the second half."""
    weights = np.zeros((1, 2, 17))
    weights[0, 1, 0] = 1.0
    early, late = (draw_joints(PICTURE, make_map("MTV", weights), [make_person()], time) for time in (0.2, 0.8))
    changed = np.argwhere(np.abs(early.astype(int) - late).sum(-1) > 60)
    assert len(changed)
    assert changed[:, 0].max() < INSET_HW[0] / 3


def test_people_of_another_layout_are_left_out():
    assert draw_joints(PICTURE, make_map("V", np.ones(15)), [make_person()], 0.5) is None


def test_bars_of_parts_are_proportional():
    inset = draw_parts(make_map("TN", [[1.0, 0.5], [0.0, 0.0]], names=("left_hand", "body")), 0.2)
    assert inset.shape == (*INSET_HW, 3)
    lengths = (inset == COLOR).all(-1).sum(1)
    upper, lower = lengths[: INSET_HW[0] // 2].max(), lengths[INSET_HW[0] // 2 :].max()
    assert abs(upper / lower - 2) < 0.1
    assert (draw_parts(make_map("N", np.ones(40)), 0.2) == COLOR).all(-1).any()  # too many for words


def test_time_of_the_frame_is_marked():
    inset = draw_times(make_map("T", [0.5, 1.0]), 0.8)
    columns = np.nonzero((inset == COLOR).all(-1).any(0))[0]
    assert columns.min() == INSET_HW[1] // 2
