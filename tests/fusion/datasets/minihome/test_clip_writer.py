"""The files of a clip are complete, and its true flow can be computed again from the record."""

import numpy as np

from triad.fusion.datasets.minihome import ClipSpec, clip_paths, clip_record, true_flow, write_clip
from triad.modalities.atomic_files import read_arrays


def test_true_flow_equals_stored_flow(tmp_path) -> None:
    clip = ClipSpec(3, 12, "s02", 1)
    write_clip(clip, tmp_path)
    assert all((tmp_path / path).is_file() for path in clip_paths(clip).values())
    truth = read_arrays(tmp_path / clip_paths(clip)["truth"], cure="")
    flow = true_flow(clip_record(clip), [4, 17], seed=3)
    np.testing.assert_array_equal(flow.astype(np.float16), truth["flow"][[4, 17]])


def test_only_dense_subjects_have_flow(tmp_path) -> None:
    clip = ClipSpec(3, 12, "s05", 1)
    write_clip(clip, tmp_path)
    assert "flow" not in read_arrays(tmp_path / clip_paths(clip)["truth"], cure="")


def test_record() -> None:
    record = clip_record(ClipSpec(3, 5, "s02", 1))
    assert record["id"] == "rest_on_keyboard_s02_c2_r01"
    assert (record["label"], record["subject"], record["camera"], record["repetition"]) == (5, "s02", "c2", 1)
    assert record["sources"]["skeleton"]["size"] == [120, 160]
    assert not any("truth" in source["path"] for source in record["sources"].values())
