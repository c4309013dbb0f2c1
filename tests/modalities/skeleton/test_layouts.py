from dataclasses import replace

import numpy as np
import pytest
from shared_data import needs_shared, shared_path

from modalities.checks import InputError
from modalities.skeleton.layouts import LAYOUTS, get_layout
from modalities.skeleton.layouts.ntu import NTU25, NTU25_AGCN

FLORENCE = shared_path("florence3d")
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
        ("florence15", 15, "spine"),
        ("h36m17", 17, "pelvis"),
        ("openpose18", 18, "neck"),
        ("openpose25", 25, "mid_hip"),
        ("smarthome13", 13, "head"),
        ("smarthome15", 15, "mid_hip"),
        ("smarthome15_agcn", 15, "head"),
        ("smarthome17", 17, "mid_hip"),
    ],
)
def test_tables(name: str, joints: int, root: str) -> None:
    layout = get_layout(name)
    assert (layout.num_joints, layout.joints[layout.root]) == (joints, root)
    assert len(layout.bones) == joints - 1
    assert layout.name == name


def test_every_layout_is_in_the_tables() -> None:
    tables = next(mark for mark in test_tables.pytestmark if mark.name == "parametrize").args[1]
    assert {row[0] for row in tables} == set(LAYOUTS)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_bones_make_one_tree(name: str) -> None:
    """By joining the ends of bone after bone: none closes a cycle, and all are joined at the end."""

    layout = get_layout(name)
    group = list(range(layout.num_joints))
    for child, parent in layout.bones:
        assert group[child] != group[parent], f"{layout.joints[child]} and {layout.joints[parent]} were joined before"
        group = [group[parent] if other == group[child] else other for other in group]
    assert len(set(group)) == 1


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_the_torso_reaches_from_the_hips_to_the_shoulders(name: str) -> None:
    """Its ends are on the middle line (single joints without a side, or both of a pair), and are of trunk alone."""
    layout = get_layout(name)
    low = {"mid_hip", "pelvis", "hip_center", "spine_base", "left_hip", "right_hip", "belly"}
    high = {"neck", "shoulder_center", "spine_shoulder", "thorax", "left_shoulder", "right_shoulder"}
    ends = [{layout.joints[joint] for joint in group} for group in layout.torso]
    assert any(first <= low and second <= high for first, second in (ends, ends[::-1]))
    assert all({layout.mirror_index[joint] for joint in group} == set(group) for group in layout.torso)


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


def test_smarthome_reverses_lcrnet() -> None:
    """LCR-Net's order is read from the ankles up, the graph of 2s-AGCN from the head down; UNIK adds four."""
    lcrnet, agcn, unik = (get_layout(f"smarthome{joints}").joints for joints in (13, 15, 17))
    assert lcrnet[:2] == ("right_ankle", "left_ankle")
    assert lcrnet[6:8] == ("right_wrist", "left_wrist")
    assert agcn == (*lcrnet[::-1], "neck", "mid_hip")
    assert unik[5:] == lcrnet[-2::-1]


def test_smarthome_agcn_has_the_published_edges() -> None:
    """Child and parent, counted from 1 as in 2s-AGCN for daily living; the plain tree has the same bones."""
    published = {(14, 1), (15, 14), (9, 15), (8, 15), (10, 8), (12, 10), (11, 9), (13, 11), (3, 14), (5, 3), (7, 5)}
    published |= {(2, 14), (4, 2), (6, 4)}
    agcn, plain = get_layout("smarthome15_agcn"), get_layout("smarthome15")
    assert {(child + 1, parent + 1) for child, parent in agcn.bones} == published
    assert {frozenset(bone) for bone in agcn.bones} == {frozenset(bone) for bone in plain.bones}


@needs_shared("florence3d")
def test_the_order_of_florence_is_that_of_its_files() -> None:
    """Bones keep their length, bodies stand upright, and people mostly wave, drink and telephone with the right."""
    layout, lengths, heights, right = get_layout("florence15"), [], [], []
    for path in sorted(FLORENCE.glob("a0[123]_*.txt")):
        points = np.loadtxt(path).reshape(-1, 15, 3)  # [T, V, C], millimetres, y up
        bones = np.stack([np.linalg.norm(points[:, a] - points[:, b], axis=-1) for a, b in layout.bones])  # [V-1, T]
        lengths.append(bones.std(1) / bones.mean(1))
        heights.append(points[..., 1].mean(0))
        reach = {side: points[:, layout.index(f"{side}_wrist"), 1].max() for side in ("left", "right")}
        right.append(reach["right"] > reach["left"])
    assert np.median(lengths) < 0.1
    height = dict(zip(layout.joints, np.mean(heights, 0), strict=True))
    for side in ("left", "right"):
        chain = ["head", "neck", "spine", *(f"{side}_{joint}" for joint in ("hip", "knee", "ankle"))]
        assert [height[joint] for joint in chain] == sorted((height[joint] for joint in chain), reverse=True)
    assert (sum(right), len(right)) == (50, 67)


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
