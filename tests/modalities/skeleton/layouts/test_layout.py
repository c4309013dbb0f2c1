from dataclasses import replace

import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.layouts import Layout, get_layout, mirror_pairs

SMALL = Layout(name="small", joints=("a", "b", "c"), parents=(-1, 0, 1), mirror=(), torso=((0,), (1,)), dims=3)


def test_mirror_pairs_by_hand() -> None:
    assert mirror_pairs(("right_hip", "head", "left_hip", "left_ear")) == ((2, 0),)


def test_tree_and_mirror_by_hand() -> None:
    layout = replace(SMALL, parents=(1, -1, 1), mirror=((0, 2),))
    assert layout.root == 1
    assert layout.bones == ((0, 1), (2, 1))
    assert layout.mirror_index == (2, 1, 0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parents": (-1, 2, 1)}, "be a tree, got a cycle above 'b'"),
        ({"parents": (-1, -1, 0)}, r"have one root \(-1\), got 2 of them"),
        ({"parents": (-1, 0)}, "be 3 indices from -1 to 2"),
        ({"parents": (-1, 0, 3)}, "be 3 indices from -1 to 2"),
        ({"joints": ("a", "b", "a")}, "have different names"),
        ({"mirror": ((0, 1), (1, 2))}, "pair different joints"),
        ({"mirror": ((1, 3),)}, "pair different joints"),
        ({"torso": ((0,), (3,))}, "be two groups of joints 0–2"),
        ({"dims": 4}, "be 2 or 3, got 4"),
    ],
)
def test_impossible_layout_is_refused(changes: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(SMALL, **changes)


def test_unknown_joint_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'left_wrist'"):
        get_layout("coco17").index("left_wirst")
