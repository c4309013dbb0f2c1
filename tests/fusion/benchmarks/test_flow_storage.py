import numpy as np
import pytest
from waves import make_waves

from triad.fusion.benchmarks import flow_storage
from triad.fusion.benchmarks.flow_storage import bench_flow_storage, compare_codecs, estimate_flow
from triad.modalities.checks import InputError


def test_document_covers_all_fields():
    document = compare_codecs([make_waves(3), make_waves(6)])
    assert (document["fields"], document["height"], document["width"]) == (9, 36, 46)
    for row in document["codecs"].values():
        assert set(row) == {
            "bytes", "error_mean", "error_999", "error_max", "encode", "sequential", "random",
        }  # fmt: skip


def test_largest_error_is_over_all_clips():
    both = compare_codecs([make_waves(3), make_waves(6)])["codecs"]
    jpeg = "JPEG pair, ±20 px, q 95"
    singles = [compare_codecs([make_waves(num)])["codecs"][jpeg]["error_max"] for num in (3, 6)]
    assert both[jpeg]["error_max"] == max(singles)
    assert both[jpeg]["error_mean"] <= both[jpeg]["error_999"] <= both[jpeg]["error_max"] <= 0.4


def test_no_clips_are_refused():
    with pytest.raises(InputError, match="clips to store must be there, got none"):
        compare_codecs([])


def test_flow_comes_from_evenly_spread_videos(tmp_path, monkeypatch):
    class Index:
        root = tmp_path
        records = [{"sources": {"rgb": {"path": f"{number}.mp4", "num": 2}}} for number in range(5)]  # noqa: RUF012

    paths = []
    monkeypatch.setattr(flow_storage, "iter_frames", lambda path: paths.append(path.name) or [np.zeros((2, 2, 3))] * 2)
    assert len(list(estimate_flow(Index(), lambda frames: frames[:1], num_clips=3))) == 3
    assert paths == ["0.mp4", "2.mp4", "4.mp4"]
    Index.records = [{"sources": {"skeleton": {"num": 9}}}]
    with pytest.raises(InputError, match="must have videos, got none"):
        list(estimate_flow(Index(), lambda frames: frames[:1], num_clips=3))


def test_benchmark_reads_what_it_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(flow_storage, "NUM_CLIPS", 1)
    monkeypatch.setattr(flow_storage, "ROUNDS", 1)
    monkeypatch.setattr(flow_storage, "FRAME_SIZE", (48, 64))
    at_random, in_turn, against_jpeg = bench_flow_storage(tmp_path)
    assert (at_random.required, in_turn.required, against_jpeg.required) == (10.0, 10.0, None)
    assert at_random.ours == against_jpeg.ours > 0
    assert len(list(tmp_path.glob("*.flow"))) == 1
