from triad.fusion.evaluation.interval_text import describe_interval, difference_style, format_interval


def test_interval_of_one_sample_is_none():
    assert format_interval(None) == format_interval(None, signed=True) == "–"
    assert difference_style(None) == ""
    row = {"ci95": None, "ci95_over": "sample", "ci95_units": 1, "ci95_resamples": 5000}
    assert describe_interval(row) == "no interval: one sample"


def test_interval_names_what_was_drawn():
    row = {"ci95": [-0.01234, 0.5], "ci95_over": "source_video", "ci95_units": 60}
    assert describe_interval(row) == "95 % over 60 source videos: -1.2–50.0"
    assert describe_interval(row, signed=True, joint=True) == (
        "95 % over 60 source videos, drawn once for all splits: -1.2 … +50.0"
    )
    assert describe_interval(row | {"ci95_resamples": 200}) == "95 % over 60 source videos, 200 resamples: -1.2–50.0"


def test_style_tells_certain_differences():
    assert [difference_style(ci95) for ci95 in ([0.1, 0.2], [-0.2, -0.1], [-0.1, 0.1])] == ["green", "red", ""]
