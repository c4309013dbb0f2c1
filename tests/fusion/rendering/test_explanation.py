import shutil

import pytest

from triad.fusion.index import load_index, write_index
from triad.fusion.rendering import Explanation, open_explainer, render_sample
from triad.modalities.checks import InputError
from triad.modalities.clips import Span


def test_explanation_covers_present_streams(tiny, sta_model, tmp_path):
    config, checkpoint, options = sta_model
    data = shutil.copytree(tiny, tmp_path / "data")
    index = load_index(data)
    del index.record("left_s02")["sources"]["rgb"]
    del index.record("left_s03")["sources"]["skeleton"]
    index.record("left_s04")["sources"].clear()
    write_index(data / "index.json", index.metainfo, index.records)
    explainer = open_explainer(config, checkpoint, data, options)
    both, skeleton_only, video_only, neither = (explainer(f"left_s0{number}") for number in range(1, 5))
    assert [one.name for one in both.attention.maps] == ["α", "β"]
    assert [saliency.stream for saliency in both.saliencies] == ["skeleton"]
    assert not skeleton_only.attention
    assert len(skeleton_only.saliencies) == 1
    assert video_only.attention.maps[0].undriven_note == "no skeleton: uniform"
    assert video_only.saliencies == ()
    assert [bool(explanation) for explanation in (both, skeleton_only, video_only, neither)] == [
        True,
        True,
        True,
        False,
    ]


def test_attention_adds_rows_to_picture(tiny, sta_model):
    config, checkpoint, options = sta_model
    explanation = open_explainer(config, checkpoint, tiny, options)("left_s01")
    assert explanation.span == Span(0.0, 1.0)
    index = load_index(tiny)
    plain = render_sample(index, "left_s01", num_columns=2, cell_width=64)
    attention = Explanation(explanation.span, explanation.attention)
    explained = render_sample(index, "left_s01", num_columns=2, cell_width=64, explanation=attention)
    assert explained.height > plain.height + 48


def test_unknown_record_names_the_nearest(tiny, sta_model):
    config, checkpoint, options = sta_model
    with pytest.raises(InputError, match=r"got 'left_01'; the nearest are"):
        open_explainer(config, checkpoint, tiny, options)("left_01")
