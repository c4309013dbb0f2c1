from triad.fusion.predictions import modality_of, sort_streams


def test_streams_sort_by_modality_and_name():
    assert sort_streams(["audio", "skeleton_bone", "flow_raft", "skeleton", "flow_dis", "rgb"]) == (
        "rgb", "flow_dis", "flow_raft", "skeleton", "skeleton_bone", "audio",
    )  # fmt: skip


def test_modality_is_the_first_word():
    assert modality_of("flow_dis") == "flow"
    assert modality_of("rgb") == "rgb"
