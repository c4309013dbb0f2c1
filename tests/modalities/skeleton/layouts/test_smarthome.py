from triad.modalities.skeleton import get_layout


def test_agcn_order_reverses_lcrnet() -> None:
    """LCR-Net++ lists joints from the ankles up, 2s-AGCN from the head down; UNIK adds four joints."""
    lcrnet, agcn, unik = (get_layout(f"smarthome{joints}").joints for joints in (13, 15, 17))
    assert lcrnet[:2] == ("right_ankle", "left_ankle")
    assert lcrnet[6:8] == ("right_wrist", "left_wrist")
    assert agcn == (*lcrnet[::-1], "neck", "mid_hip")
    assert unik[5:] == lcrnet[-2::-1]


def test_agcn_tree_has_published_edges() -> None:
    """Child and parent, counted from 1, as in 2s-AGCN for daily living; the plain tree has the same bones."""
    published = {(14, 1), (15, 14), (9, 15), (8, 15), (10, 8), (12, 10), (11, 9), (13, 11), (3, 14), (5, 3), (7, 5)}
    published |= {(2, 14), (4, 2), (6, 4)}
    agcn, plain = get_layout("smarthome15_agcn"), get_layout("smarthome15")
    assert {(child + 1, parent + 1) for child, parent in agcn.bones} == published
    assert {frozenset(bone) for bone in agcn.bones} == {frozenset(bone) for bone in plain.bones}
