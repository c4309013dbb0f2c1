from dataclasses import replace

import pytest

from modalities.checks import InputError
from modalities.skeleton.layouts import LAYOUTS, get_layout
from modalities.skeleton.layouts.ntu import NTU25, NTU25_AGCN

SMALL = replace(NTU25, joints=("a", "b", "c"), parents=(-1, 0, 1), mirror=(), torso=((0,), (1,)))


@pytest.mark.parametrize(
    ("name", "joints", "root"),
    [
        ("minihome16", 16, "pelvis"),
        ("jhmdb15", 15, "neck"),
        ("coco17", 17, "nose"),
        ("ntu25", 25, "spine_shoulder"),
        ("ntu25_agcn", 25, "spine_shoulder"),
        ("kinect20", 20, "shoulder_center"),
    ],
)
def test_tables(name: str, joints: int, root: str) -> None:
    layout = get_layout(name)
    assert (layout.num_joints, layout.joints[layout.root]) == (joints, root)
    assert len(layout.bones) == joints - 1


def test_mirror_changes_every_side_and_nothing_else() -> None:
    for layout in LAYOUTS.values():
        for joint, image in enumerate(layout.mirror_index):
            swapped = layout.joints[joint].replace("left_", "x_").replace("right_", "left_").replace("x_", "right_")
            assert layout.joints[image] == swapped
            assert layout.mirror_index[image] == joint


def test_mirror_keeps_the_tree() -> None:
    for layout in LAYOUTS.values():
        mirror = layout.mirror_index
        assert {(mirror[child], mirror[parent]) for child, parent in layout.bones} == set(layout.bones)


def test_hands_of_the_two_ntu_conventions() -> None:
    differing = [
        (NTU25.joints[child], NTU25.joints[mma], NTU25.joints[agcn])
        for child, (mma, agcn) in enumerate(zip(NTU25.parents, NTU25_AGCN.parents, strict=True))
        if mma != agcn
    ]
    assert differing == [
        ("left_hand_tip", "left_hand", "left_thumb"),
        ("right_hand_tip", "right_hand", "right_thumb"),
    ]


def test_limbs_are_chains() -> None:
    for layout in LAYOUTS.values():
        for side in ("left", "right"):
            for child, parent in (("wrist", "elbow"), ("elbow", "shoulder"), ("ankle", "knee"), ("knee", "hip")):
                assert layout.parents[layout.index(f"{side}_{child}")] == layout.index(f"{side}_{parent}")


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
def test_refuses(changes: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(SMALL, **changes)


def test_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'minihome' \(did you mean 'minihome16'"):
        get_layout("minihome")
    with pytest.raises(InputError, match="did you mean 'left_wrist'"):
        get_layout("coco17").index("left_wirst")
