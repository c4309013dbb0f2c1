"""Attention maps of one sample: axes, times, rows and what was missing."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from triad.fusion.models import AttentionMap, SampleMap, sample_maps
from triad.modalities.clips import Span

SECOND = Span(0.0, 1.0)


def make_batch(**present: list[bool]) -> dict[str, object]:
    size = len(next(iter(present.values())))
    entries = {stream: {"present": torch.tensor(mask)} for stream, mask in present.items()}
    return {**entries, "id": ["a"] * size, "span": torch.tensor([[2.0, 4.0]] * size)}


def test_mean_over_other_axes() -> None:
    weights = np.array([[[0.0, 0.2]], [[0.2, 0.4]]], np.float32)  # [T, H, W]
    one = SampleMap("map", "rgb", "THW", weights, SECOND)
    np.testing.assert_allclose(one.over("HW"), [[0.1, 0.3]])
    np.testing.assert_allclose(one.over("WT"), [[0.0, 0.2], [0.2, 0.4]])
    np.testing.assert_allclose(one.over("T"), [0.1, 0.3])
    assert one.over("MTV").shape == (1, 2, 1)
    assert one.has("HT")
    assert not one.has("HV")


def test_times_are_middles_of_parts() -> None:
    one = SampleMap("β", "rgb", "T", np.ones(4, np.float32), Span(2.0, 4.0))
    np.testing.assert_allclose(one.times, [2.25, 2.75, 3.25, 3.75])
    assert one.at(np.array([1.0, 2.4, 2.5, 9.0])).tolist() == [0, 0, 1, 3]
    assert SampleMap("α", "rgb", "HW", np.ones((2, 2)), SECOND).times.size == 0


def test_map_belongs_to_its_row() -> None:
    """The second of two samples alone has the stream, so that its map is the first of the stream's."""
    weights = torch.tensor([[0.25, 0.75]])
    maps = {"β": AttentionMap("rgb", "BT", weights, torch.tensor([1]), torch.tensor([False]))}
    batch = make_batch(rgb=[False, True], skeleton=[True, False])
    assert sample_maps(maps, batch, 0, nn.ModuleDict()) == ()
    (one,) = sample_maps(maps, batch, 1, nn.ModuleDict())
    assert (one.name, one.stream, one.axes, one.span) == ("β", "rgb", "T", Span(2.0, 4.0))
    np.testing.assert_array_equal(one.weights, [0.25, 0.75])
    assert one.undriven_note == "no skeleton"


def test_note_says_what_was_missing() -> None:
    uniform = np.full((2, 2), 0.5, np.float32)
    assert SampleMap("α", "rgb", "HW", uniform, SECOND).undriven_note == ""
    alone = SampleMap("α", "rgb", "HW", uniform, SECOND, driven=False, missing=("skeleton",))
    assert alone.undriven_note == "no skeleton: uniform"
    assert SampleMap("α", "rgb", "HW", uniform, SECOND, driven=False).undriven_note == "not driven: uniform"


def test_tokens_become_places() -> None:
    transform = nn.Identity()
    transform.size = (4, 6)
    transforms = nn.ModuleDict({"rgb": transform})
    rows = torch.tensor([0])
    driven = torch.tensor([True])
    maps = {
        "patches": AttentionMap("rgb", "BTN", torch.arange(6.0)[None, None], rows, driven),
        "parts": AttentionMap("rgb", "BN", torch.ones(1, 2), rows, driven, ("hand", "head")),
        "tokens": AttentionMap("rgb", "BN", torch.ones(1, 7), rows, driven),
    }
    patches, parts, tokens = sample_maps(maps, make_batch(rgb=[True]), 0, transforms)
    assert patches.axes == "THW"
    np.testing.assert_array_equal(patches.weights, [[[0, 1, 2], [3, 4, 5]]])
    assert (parts.axes, parts.names) == ("N", ("hand", "head"))
    assert tokens.axes == "N"
