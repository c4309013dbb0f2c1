import numpy as np

from triad.fusion.predictions import groups_of, held_out_units, select_clusters


def make_records(*fields: dict) -> list[dict]:
    return [{"id": f"c{number}", **given} for number, given in enumerate(fields)]


def test_groups_follow_the_ids():
    records = make_records({"subject": "a", "camera": 1}, {"subject": "b", "camera": 2})
    groups = groups_of(records, ["c1", "c0", "c1"])
    assert {name: group.tolist() for name, group in groups.items()} == {"subject": ["b", "a", "b"]}


def test_numbers_become_names():
    assert groups_of(make_records({"subject": 7}), ["c0"])["subject"].tolist() == ["7"]


def test_null_is_no_common_subject():
    records = make_records({"subject": None, "source_video": "v"}, {"subject": None, "source_video": "w"})
    assert set(groups_of(records, ["c0", "c1"])) == {"source_video"}


def test_field_missing_once_is_no_grouping():
    assert groups_of(make_records({"subject": "a"}, {}, {"subject": "b"}), ["c0", "c1", "c2"]) == {}


def test_coarsest_grouping_is_held_out():
    two = np.array(["a", "a", "b"])
    three = np.array(["v", "w", "x"])
    assert held_out_units({"source_video": three, "subject": two}, ["1", "2", "3"]).tolist() == ["a", "a", "b"]


def test_single_group_is_not_held_out():
    one = np.array(["a", "a"])
    assert held_out_units({"subject": one, "source_video": np.array(["v", "w"])}, ["1", "2"]).tolist() == ["v", "w"]
    assert held_out_units({"subject": one}, ["1", "2"]).tolist() == ["1", "2"]


def test_clusters_need_three_groups():
    three = np.array(["a", "b", "c"])
    two = np.array(["v", "v", "w"])
    assert select_clusters({"subject": three, "source_video": two})[0] == "subject"
    assert select_clusters({"subject": two, "source_video": three})[0] == "source_video"
    assert select_clusters({"subject": two}) == ("sample", None)
