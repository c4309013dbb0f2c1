import json

import pytest
from count_extractor import FRAMES, Count, contents, extract, frames

from modalities.checks import InputError
from modalities.extraction import StreamStore, Task, verify_stream
from modalities.flow import FlowExtractor
from modalities.flow.estimators import build_estimator
from modalities.video import write_video


def counting():
    return [Count()]


def flow():
    return [FlowExtractor(build_estimator("dis"))]


def kinds(store, tasks):
    return [store.state(task).kind for task in tasks]


def test_failures_are_remembered_until_told_to_retry(videos, tmp_path):
    extract(videos, counting, tmp_path)
    store = StreamStore.to_write(Count(), tmp_path)
    assert kinds(store, videos) == ["done", "done", "failed", "done"]
    assert "v2.mp4' (Invalid data" in store.state(videos[2]).reason
    assert extract(videos, counting, tmp_path) == {}
    assert list(extract(videos, counting, tmp_path, retry_failed=True)) == ["v2"]
    assert kinds(store, videos) == ["done", "done", "failed", "done"]


def test_a_mended_video_is_tried_again_and_its_failure_forgotten(videos, tmp_path):
    extract(videos, counting, tmp_path)
    write_video(videos[2].video, frames(2), fps=10)
    assert extract(videos, counting, tmp_path) == {"v2": None}
    assert not (tmp_path / "count/failed/v2.json").exists()


def test_an_index_made_again_is_tried_again(videos, tmp_path):
    wrong = Task("v0", videos[0].video, FRAMES + 1)
    (error,) = extract([wrong], counting, tmp_path).values()
    assert "must have 8 frames as the index says, got 7; prepare the dataset again" in error
    assert not (tmp_path / "count/v0.json").exists()
    assert extract([wrong], counting, tmp_path) == {}
    assert extract(videos[:1], counting, tmp_path) == {"v0": None}


def test_a_store_made_in_another_way_is_refused(videos, tmp_path):
    extract(videos[:1], counting, tmp_path)
    match = r"'settings' of this extraction must be 1 as .*provenance.json' says, got 2; .*or delete '.*count' to"
    with pytest.raises(InputError, match=match):
        extract(videos, lambda: [Count(setting=2)], tmp_path)
    assert "v1.json" not in contents(tmp_path / "count")


def test_of_many_settings_those_that_differ_are_told(videos, tmp_path):
    settings = {"iterations": 12, "device": "cpu", "model": {"width": 1, "depth": 2}}
    extract(videos[:1], lambda: [Count(setting=settings)], tmp_path)
    other = {**settings, "iterations": 6, "model": {"width": 1, "depth": 3}, "start": "zero"}
    theirs = r"\{'iterations': 12, 'model': {'depth': 2}, 'start': None}"
    ours = r"\{'iterations': 6, 'model': {'depth': 3}, 'start': 'zero'}"
    with pytest.raises(InputError, match=f"'settings' of this extraction must be {theirs} as .* says, got {ours};"):
        extract(videos, lambda: [Count(setting=other)], tmp_path)


def test_a_file_of_other_settings_is_made_again(videos, tmp_path):
    """Even where the folder's own note has gone, or a file was copied into it."""
    extract(videos[:2], counting, tmp_path)
    (tmp_path / "count/provenance.json").unlink()
    assert extract(videos[:1], lambda: [Count(setting=2)], tmp_path) == {"v0": None}
    store = StreamStore.to_write(Count(setting=2), tmp_path)
    assert kinds(store, videos[:2]) == ["done", "damaged"]
    assert "'settings' of" in store.state(videos[1]).reason
    assert store.state(videos[1]).reason.endswith("must be 2 as of its folder, got 1")


def test_the_decoders_version_is_part_of_it(videos, tmp_path, monkeypatch):
    extract(videos[:1], counting, tmp_path)
    monkeypatch.setattr("av.__version__", "0.1")
    with pytest.raises(InputError, match=r"'decoder' of this extraction must be .* got {'av': '0.1'}"):
        extract(videos[:1], counting, tmp_path)


def test_a_file_of_another_length_or_cut_off_is_made_again(videos, tmp_path):
    extract(videos, flow, tmp_path)
    folder = tmp_path / "flow_dis"
    good = contents(folder)
    whole = (folder / "v0.flow").read_bytes()
    (folder / "v0.flow").write_bytes(whole[:-9])
    write_video(videos[2].video, frames(2, 4), fps=10)
    extract([Task("v1x", videos[2].video, 4)], flow, tmp_path)
    (folder / "v1x.flow").rename(folder / "v1.flow")
    store = StreamStore.to_write(flow()[0], tmp_path)
    assert kinds(store, videos[:2]) == ["damaged", "damaged"]
    assert "v1.flow' must have 6 entries, got 3" in store.state(videos[1]).reason
    assert extract(videos[:2], flow, tmp_path) == {"v0": None, "v1": None}
    assert contents(folder) == good


@pytest.mark.parametrize("place", [12, -100, -30, -1])  # a field, provenance or offsets, the footer, the checksum
def test_verify_finds_one_flipped_bit(videos, tmp_path, place):
    extract(videos[:2], flow, tmp_path)
    path = tmp_path / "flow_dis/v0.flow"
    whole = path.read_bytes()
    broken = bytearray(whole)
    broken[place] ^= 1
    path.write_bytes(broken)
    store = StreamStore.to_write(flow()[0], tmp_path)
    found = {task.id: state.kind for task, state in verify_stream(videos[:2], store)}
    assert found == {"v0": "damaged", "v1": "done"}
    assert extract(videos[:2], flow, tmp_path) == {"v0": None}
    assert path.read_bytes() == whole


def test_verify_names_what_it_removes(videos, tmp_path):
    extract(videos[:2], counting, tmp_path)
    path = tmp_path / "count/v1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "bad": 1}))
    states = {task.id: state for task, state in verify_stream(videos, StreamStore.to_read(Count(), tmp_path))}
    assert [state.kind for state in states.values()] == ["done", "damaged", "missing", "missing"]
    assert states["v1"].reason == f"'{path}' is bad"
    assert not path.exists()


def test_verify_needs_the_settings_of_the_store(videos, tmp_path):
    extract(videos[:1], counting, tmp_path)
    with pytest.raises(InputError, match="'settings' of this extraction must be 1"):
        list(verify_stream(videos, StreamStore.to_write(Count(setting=2), tmp_path)))
    with pytest.raises(InputError, match=r"none/provenance.json', which does not exist"):
        StreamStore.to_read(Count("none"), tmp_path)


def test_half_written_files_of_a_killed_run_are_swept(videos, tmp_path):
    store = StreamStore.to_write(Count(), tmp_path)
    store.prepare()
    left = ["count/.v0.abcd1234.partial.json", "count/failed/.v0.abcd1234.partial.json"]
    left.append("count/.provenance.abcd1234.partial.json")
    (tmp_path / "count/failed").mkdir()
    for name in left:
        (tmp_path / name).write_text("half")
    extract(videos[1:], counting, tmp_path)
    assert (tmp_path / left[0]).exists()  # not of these tasks: it may be another shard's
    extract(videos, counting, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if "partial" in path.name]
