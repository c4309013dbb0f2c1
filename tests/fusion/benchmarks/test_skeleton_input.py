import pytest

from triad.fusion.benchmarks import skeleton_input


@pytest.mark.slow
def test_both_pipelines_are_timed(tmp_path, monkeypatch):
    monkeypatch.setattr(skeleton_input, "NUM_CLIPS", 32)
    (result,) = skeleton_input.bench_skeleton_input(tmp_path)
    assert (result.unit, result.required) == ("clips/s", 8.0)
    assert result.ours > 0
    assert result.reference > 0
