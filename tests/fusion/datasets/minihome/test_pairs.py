"""The pair table is complete and promises what its differences allow."""

from triad.fusion.datasets.minihome.pairs import CLASSES, PAIRS, pairs_of


def test_table_is_complete() -> None:
    assert len(CLASSES) == len(set(CLASSES)) == 16
    assert len({pair.name for pair in PAIRS}) == 8


def test_blind_modalities_follow_from_difference() -> None:
    blind = {"surface": ["flow", "skeleton"], "still": ["skeleton"], "depth": ["rgb", "flow"], "reversed": []}
    for pair in PAIRS:
        sights = {modality: sight for modality, sight in pair.sees.items() if modality != "objects"}
        assert [modality for modality, sight in sights.items() if sight == "blind"] == blind[pair.difference]
        assert (pair.sees["objects"] == "sees") == (pair.difference == "surface")
    assert [pair.difference for pair in PAIRS] == [difference for difference in blind for _ in range(2)]


def test_pairs_need_both_classes() -> None:
    classes = ("stir_pot", "wait_at_pot", "sit_down")
    assert [pair.name for pair in pairs_of("minihome", classes)] == ["pot"]
    assert pairs_of("jhmdb", classes) == ()
    assert pairs_of(None, CLASSES) == ()
