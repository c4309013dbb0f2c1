import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import LAYOUTS, get_layout

TABLE = [
    ("minihome16", 16, "pelvis"),
    ("jhmdb15", 15, "neck"),
    ("coco17", 17, "nose"),
    ("ntu25", 25, "spine_shoulder"),
    ("ntu25_agcn", 25, "spine_shoulder"),
    ("kinect20", 20, "shoulder_center"),
    ("florence15", 15, "spine"),
    ("h36m17", 17, "pelvis"),
    ("wholebody23", 23, "nose"),
    ("halpe26", 26, "mid_hip"),
    ("blazepose33", 33, "nose"),
    ("azure_kinect32", 32, "pelvis"),
    ("openpose18", 18, "neck"),
    ("openpose25", 25, "mid_hip"),
    ("smarthome13", 13, "head"),
    ("smarthome15", 15, "mid_hip"),
    ("smarthome15_agcn", 15, "head"),
    ("smarthome17", 17, "mid_hip"),
]


@pytest.mark.parametrize(("name", "joints", "root"), TABLE)
def test_number_of_joints_and_root(name: str, joints: int, root: str) -> None:
    layout = get_layout(name)
    assert (layout.num_joints, layout.joints[layout.root]) == (joints, root)
    assert len(layout.bones) == joints - 1
    assert layout.name == name


def test_every_layout_is_in_the_table() -> None:
    assert {name for name, _, _ in TABLE} == set(LAYOUTS)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_bones_make_one_tree(name: str) -> None:
    """Joining the ends of bone after bone closes no cycle and leaves one group of joints."""
    layout = get_layout(name)
    group = list(range(layout.num_joints))
    for child, parent in layout.bones:
        assert group[child] != group[parent], f"{layout.joints[child]} and {layout.joints[parent]} are joined already"
        group = [group[parent] if number == group[child] else number for number in group]
    assert len(set(group)) == 1


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_torso_runs_from_hips_to_shoulders(name: str) -> None:
    """Its ends lie on the middle line: single joints without a side, or both joints of a pair."""
    layout = get_layout(name)
    hips = {"mid_hip", "pelvis", "hip_center", "spine_base", "left_hip", "right_hip", "belly"}
    shoulders = {"neck", "shoulder_center", "spine_shoulder", "thorax", "left_shoulder", "right_shoulder"}
    ends = [{layout.joints[joint] for joint in group} for group in layout.torso]
    assert any(first <= hips and second <= shoulders for first, second in (ends, ends[::-1]))
    assert all({layout.mirror_index[joint] for joint in group} == set(group) for group in layout.torso)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_mirror_swaps_left_and_right_names(name: str) -> None:
    layout = get_layout(name)
    for joint, image in enumerate(layout.mirror_index):
        swapped = layout.joints[joint].replace("left_", "x_").replace("right_", "left_").replace("x_", "right_")
        assert layout.joints[image] == swapped
        assert layout.mirror_index[image] == joint


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_mirror_keeps_the_tree(name: str) -> None:
    layout = get_layout(name)
    mirror = layout.mirror_index
    assert {(mirror[child], mirror[parent]) for child, parent in layout.bones} == set(layout.bones)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_limbs_are_chains(name: str) -> None:
    layout = get_layout(name)
    for side in ("left", "right"):
        for child, parent in (("wrist", "elbow"), ("elbow", "shoulder"), ("ankle", "knee"), ("knee", "hip")):
            assert layout.parents[layout.index(f"{side}_{child}")] == layout.index(f"{side}_{parent}")


def test_unknown_layout_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'minihome' \(did you mean 'minihome16'"):
        get_layout("minihome")
