import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from count_extractor import CountExtractor, build_counter, build_dis, read_files, run_extraction, shifted_frames

from triad.modalities.checks import InputError
from triad.modalities.extraction import StreamStore, Task, verify_stream
from triad.modalities.video import write_video


def test_other_settings_are_refused(videos, tmp_path):
    run_extraction(videos[:1], build_counter, tmp_path)
    match = r"'settings' of this extraction must be 1 as .*provenance.json' says, got 2; .*or delete '.*count' to"
    with pytest.raises(InputError, match=match):
        run_extraction(videos, lambda: [CountExtractor(setting=2)], tmp_path)
    assert "v1.json" not in read_files(tmp_path / "count")


def test_error_names_differing_settings(videos, tmp_path):
    settings = {"iterations": 12, "device": "cpu", "model": {"width": 1, "depth": 2}}
    run_extraction(videos[:1], lambda: [CountExtractor(setting=settings)], tmp_path)
    other_settings = {**settings, "iterations": 6, "model": {"width": 1, "depth": 3}, "start": "zero"}
    expected = r"\{'iterations': 12, 'model': {'depth': 2}, 'start': None}"
    actual = r"\{'iterations': 6, 'model': {'depth': 3}, 'start': 'zero'}"
    with pytest.raises(InputError, match=f"'settings' of this extraction must be {expected} as .* says, got {actual};"):
        run_extraction(videos, lambda: [CountExtractor(setting=other_settings)], tmp_path)


def test_missing_store_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none/provenance.json', which does not exist"):
        StreamStore.to_read(CountExtractor("none"), tmp_path)


def test_file_of_other_settings_is_replaced(videos, tmp_path):
    """The folder's provenance was deleted, or a file was copied into it."""
    run_extraction(videos[:2], build_counter, tmp_path)
    (tmp_path / "count/provenance.json").unlink()
    assert run_extraction(videos[:1], lambda: [CountExtractor(setting=2)], tmp_path) == {"v0": None}
    store = StreamStore.to_write(CountExtractor(setting=2), tmp_path)
    assert store.state(videos[0]).kind == "done"
    state = store.state(videos[1])
    assert state.kind == "damaged"
    assert state.reason.startswith("'settings' of")
    assert state.reason.endswith("must be 2 as of its folder, got 1")


def test_decoder_version_is_a_setting(videos, tmp_path, monkeypatch):
    run_extraction(videos[:1], build_counter, tmp_path)
    monkeypatch.setattr("av.__version__", "0.1")
    with pytest.raises(InputError, match=r"'decoder' of this extraction must be .* got {'av': '0.1'}"):
        run_extraction(videos[:1], build_counter, tmp_path)


def test_truncated_files_are_replaced(videos, tmp_path):
    run_extraction(videos, build_dis, tmp_path)
    folder = tmp_path / "flow_dis"
    files = read_files(folder)
    (folder / "v0.flow").write_bytes(files["v0.flow"][:-9])
    write_video(videos[2].video, shifted_frames(2, 4), fps=10)
    run_extraction([Task("v1x", videos[2].video, 4)], build_dis, tmp_path)
    (folder / "v1x.flow").rename(folder / "v1.flow")
    store = StreamStore.to_write(build_dis()[0], tmp_path)
    assert [store.state(task).kind for task in videos[:2]] == ["damaged", "damaged"]
    assert "v1.flow' must have 6 entries, got 3" in store.state(videos[1]).reason
    assert run_extraction(videos[:2], build_dis, tmp_path) == {"v0": None, "v1": None}
    assert read_files(folder) == files


@pytest.mark.parametrize("position", [12, -100, -30, -1])  # a field, provenance or offsets, the footer, the checksum
def test_verify_finds_one_flipped_bit(videos, tmp_path, position):
    run_extraction(videos[:2], build_dis, tmp_path)
    path = tmp_path / "flow_dis/v0.flow"
    content = path.read_bytes()
    damaged = bytearray(content)
    damaged[position] ^= 1
    path.write_bytes(damaged)
    store = StreamStore.to_write(build_dis()[0], tmp_path)
    kinds = {task.id: state.kind for task, state in verify_stream(videos[:2], store)}
    assert kinds == {"v0": "damaged", "v1": "done"}
    assert run_extraction(videos[:2], build_dis, tmp_path) == {"v0": None}
    assert path.read_bytes() == content


def test_first_provenance_stays(tmp_path, monkeypatch):
    """Of two shards with other settings that find no provenance at the same moment, the second is refused."""
    StreamStore.to_write(CountExtractor(setting=1), tmp_path).prepare()
    exists = Path.exists
    hidden = [tmp_path / "count/provenance.json"]
    monkeypatch.setattr(
        Path, "exists", lambda self: not (hidden and self == hidden[0] and hidden.pop()) and exists(self)
    )
    with pytest.raises(InputError, match="'settings' of this extraction must be 1"):
        StreamStore.to_write(CountExtractor(setting=2), tmp_path).prepare()
    assert not hidden
    assert json.loads((tmp_path / "count/provenance.json").read_text())["settings"] == 1
    assert list(read_files(tmp_path / "count")) == ["provenance.json"]


@pytest.mark.parametrize("link", ["count", "count/failed", "count/.locks"])
def test_links_to_elsewhere_are_not_followed(videos, tmp_path, link):
    root, outside = tmp_path / "root", tmp_path / "outside"
    outside.mkdir()
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside)
    if link == "count/failed":
        write = partial(StreamStore.to_write(CountExtractor(), root).record_failure, videos[0], "reason")
    else:
        write = partial(run_extraction, videos, build_counter, root)
    with pytest.raises(InputError, match=r"must lie in '.*', got a link to '.*outside'"):
        write()
    assert not list(outside.iterdir())


@pytest.mark.parametrize("name", ["x" * 400, "a\udcff", "ü" * 200])
def test_odd_ids_are_extracted(videos, tmp_path, name):
    task = replace(videos[0], id=name)
    assert run_extraction([task], build_counter, tmp_path) == {name: None}
    store = StreamStore.to_read(CountExtractor(), tmp_path)
    assert store.state(task).kind == "done"
    store.path_of(task).unlink()
    store.record_failure(task, "reason")
    assert store.state(task).reason == "reason"


@pytest.mark.parametrize("content", ["[1]", "3", "null", "[" * 100_000, "{"])
def test_damaged_records_of_failures_and_settings(videos, tmp_path, content):
    run_extraction(videos[:1], build_counter, tmp_path)
    store = StreamStore.to_read(CountExtractor(), tmp_path)
    store.record_failure(videos[1], "reason")
    assert store.state(videos[1]).kind == "failed"
    store._failure_path(videos[1]).write_text(content)
    assert store.state(videos[1]).kind == "missing"
    (tmp_path / "count/provenance.json").write_text(content)
    with pytest.raises(InputError, match=r"provenance.json' must be"):
        StreamStore.to_read(CountExtractor(), tmp_path)
    with pytest.raises(InputError, match=r"provenance.json' must be"):
        store.check()
