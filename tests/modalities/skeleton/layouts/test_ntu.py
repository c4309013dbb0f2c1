from triad.modalities.skeleton.layouts.ntu import NTU25, NTU25_AGCN


def test_trees_differ_in_the_hands() -> None:
    differences = [
        (NTU25.joints[joint], NTU25.joints[parent], NTU25.joints[agcn_parent])
        for joint, (parent, agcn_parent) in enumerate(zip(NTU25.parents, NTU25_AGCN.parents, strict=True))
        if parent != agcn_parent
    ]
    assert differences == [
        ("left_hand_tip", "left_hand", "left_thumb"),
        ("right_hand_tip", "right_hand", "right_thumb"),
    ]
