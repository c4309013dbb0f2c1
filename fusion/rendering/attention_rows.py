"""Rows of a contact sheet from attention maps: places on frames, joints on skeletons, times and parts as bars."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np

from triad.fusion.data import read_clip
from triad.fusion.index import Index, Record
from triad.fusion.models import SampleMap
from triad.fusion.rendering.attention_maps import AttentionMaps, MappedStream
from triad.fusion.rendering.contact_sheet import NOTE_LENGTH, BarRow, HeatmapRow, ImageRow, Row
from triad.fusion.rendering.heat import MIN_RANGE, cut_box, heat_bar, overlay_heat, relative_weights
from triad.fusion.rendering.joint_cells import draw_joint_cells
from triad.fusion.rendering.relevance import color_bar, relevance_colors
from triad.fusion.rendering.style import format_weight
from triad.modalities.letterbox import resize
from triad.modalities.modality import Canvas, Color, get_modality

COLOR: Color = (75, 74, 120)


class AttentionRows:
    """Rows of all attention maps of a record, at the times of a sheet's columns.

    Args:
        attention: maps of the record.
        index: index of the dataset.
        record: record that is drawn.
        times: times of the columns, seconds ``[T]``.
        valid: whether each time is real, bool ``[T]``.
        frame_size: height and width of a cell, pixels.
        frames: video frames at the times, uint8 ``[T, H, W, 3]`` in that size; None if there are none.
    """

    def __init__(
        self,
        attention: AttentionMaps,
        index: Index,
        record: Record,
        times: np.ndarray,
        valid: np.ndarray,
        *,
        frame_size: tuple[int, int],
        frames: np.ndarray | None = None,
    ) -> None:
        self.attention = attention
        self.index = index
        self.record = record
        self.times = times
        self.valid = valid
        self.frame_size = frame_size
        self.frames = frames

    def build(self) -> list[Row]:
        """Return the rows of every map, by the axes that it has.

        Places are heat on what the stream's network saw; joints are discs on the skeleton and lines over time; parts
        are labelled bars, or lines over time; times alone are bars. What a map says of a stream that is not read, or of
        joints of another layout, is drawn without a picture.
        """
        rows: list[Row] = []
        for one in self.attention.maps:
            mapped = self.attention.streams.get(one.stream)
            if mapped is not None and mapped.source not in self.record["sources"]:
                mapped = None
            drawn: list[Row] = []
            if mapped is not None and one.has("HW"):
                drawn.append(self._heat_row(one, mapped))
            if one.has("V"):
                drawn += self._joint_rows(one, is_placed=bool(drawn))
            if one.has("N") or not drawn:
                drawn.append(_bar_row(one))
            rows += drawn
        return rows

    def _heat_row(self, one: SampleMap, mapped: MappedStream) -> ImageRow:
        pictures, valid = self._pictures_of(mapped)
        width = self.frame_size[1]
        size = (max(round(width * pictures[0].shape[0] / pictures[0].shape[1]), 1), width)
        weights = one.over("THW")
        relative = relative_weights(weights)[one.at(self.times)]
        strengths = np.ones(len(self.times))
        notes = _stream_notes(one)
        over_time = time_map_of(one, self.attention.maps)
        if over_time is not None:
            strengths = relative_strengths(over_time, self.times)
            notes.append(f"strength: {over_time.name}")
        cells = [
            overlay_heat(resize(picture, size), heat, float(strength))
            for picture, heat, strength in zip(pictures, relative, strengths, strict=True)
        ]
        legend = heat_bar(*format_ends(weights))
        return ImageRow(one.name, cells, COLOR, _wrapped([*notes, one.undriven_note]), valid, legend)

    def _pictures_of(self, mapped: MappedStream) -> tuple[Sequence[np.ndarray], np.ndarray]:
        if mapped.pictures is not None:
            span = self.attention.maps[0].span
            fractions = (self.times - span.start) / span.length
            positions = np.clip((fractions * len(mapped.pictures)).astype(int), 0, len(mapped.pictures) - 1)
            return mapped.pictures[positions], self.valid
        clip: Any = read_clip(self.index, self.record, mapped.source, mapped.reader, self.times, self.valid)
        modality = get_modality(clip.modality)
        pictures = modality.painter(clip, Canvas(mapped.reader.frame_size)).draw(clip, None)
        if not modality.is_backdrop:
            pictures = [255 - picture for picture in pictures]  # heat does not show on the white of what rests
        return [cut_box(picture, self.attention.view) for picture in pictures], clip.valid

    def _joint_rows(self, one: SampleMap, *, is_placed: bool) -> list[Row]:
        """Return joints on the skeleton and over time; none where each weighs all places of a heat map alike."""
        weights = one.over("MTV")  # [M, T, V]
        low = float(weights.min())
        high = float(weights.max())
        if is_placed and high - low <= MIN_RANGE * high:
            return []
        mapped = self._find_skeleton(one, weights.shape[-1])
        notes = _wrapped([*_stream_notes(one), one.undriven_note])
        rows: list[Row] = []
        labels: Sequence[str] = [f"joint {number}" for number in range(1, weights.shape[-1] + 1)]
        if mapped is not None:
            reader: Any = mapped.reader
            clip: Any = read_clip(
                self.index,
                self.record,
                mapped.source,
                reader.with_frame_size(self.frame_size),
                self.times,
                self.valid,
            )
            values = weights[:, one.at(self.times)] - low
            cells = draw_joint_cells(clip, self.frame_size, self.frames, values, high - low, signed=False)
            legend = color_bar(format_weight(low, high), format_weight(high, high), signed=False)
            rows.append(ImageRow(one.name, cells, COLOR, notes, clip.valid, legend))
            labels = reader.layout.joints
        if one.has("T") or not rows:
            by_time = weights.mean(0).T  # [V, T]
            low, high = float(by_time.min()), float(by_time.max())
            scale = f"light {format_weight(low, high)}, dark {format_weight(high, high)}"
            note = ", ".join(filter(None, (one.name, *_stream_notes(one), scale, one.undriven_note)))
            colors = relevance_colors(by_time - low, high - low, signed=False)  # [V, T, 3]
            rows.append(HeatmapRow("by joint and time", colors, labels, COLOR, note))
        return rows

    def _find_skeleton(self, one: SampleMap, num_joints: int) -> MappedStream | None:
        """Return the map's stream, or the first other one, that the record has and whose layout has these joints."""
        streams = self.attention.streams
        for name in sorted(streams, key=lambda stream: stream != one.stream):
            layout = getattr(streams[name].reader, "layout", None)
            is_there = streams[name].source in self.record["sources"]
            if is_there and layout is not None and layout.num_joints == num_joints:
                return streams[name]
        return None


def _bar_row(one: SampleMap) -> BarRow | HeatmapRow:
    """Return parts as labelled bars, or as lines where they change over time; else times or persons as bars."""
    notes = [*_stream_notes(one), one.undriven_note]
    if one.has("N"):
        size = one.weights.shape[one.axes.index("N")]
        labels = one.names or [str(number) for number in range(1, size + 1)]
        if one.has("T") and not (one.has("HW") or one.has("V")):
            weights = one.over("NT")
            highest = float(weights.max())
            note = ", ".join(filter(None, (*notes, f"full colour {format_weight(highest, highest)}")))
            return HeatmapRow(one.name, relevance_colors(weights, highest, signed=False), labels, COLOR, note)
        return BarRow(one.name, one.over("N"), COLOR, _wrapped(notes), labels)
    if one.has("T"):
        values = one.over("T")
        uniform = format_weight(1 / len(values), 1 / len(values))
        if abs(float(values.sum()) - 1) < 0.01:
            notes.insert(1, f"uniform: {uniform}")
        return BarRow(one.name, values, COLOR, _wrapped(notes))
    persons = one.over("M")
    labels = [f"person {number}" for number in range(1, len(persons) + 1)] if one.has("M") else [one.stream]
    return BarRow(one.name, persons, COLOR, _wrapped(notes), labels)


def time_map_of(one: SampleMap, maps: Sequence[SampleMap]) -> SampleMap | None:
    """Return the map that says how much each time of a map of places counts, where it does not itself."""
    if one.has("T"):
        return None
    return next((other for other in maps if other.stream == one.stream and other.axes == "T"), None)


def relative_strengths(over_time: SampleMap, times: np.ndarray) -> np.ndarray:
    """Return how much some times count by a map of times, the strongest of all as 1. Shapes: times and result ``[T]``.

    Args:
        over_time: map of times.
        times: times, seconds.
    """
    weights = over_time.over("T")
    return weights[over_time.at(times)] / max(float(weights.max()), 1e-12)


def format_ends(weights: np.ndarray) -> tuple[str, str]:
    """Return the least and the largest weight in words."""
    high = float(weights.max())
    return format_weight(float(weights.min()), high), format_weight(high, high)


def _stream_notes(one: SampleMap) -> list[str]:
    return [] if one.stream in one.name or one.names else [f"of {one.stream}"]


def _wrapped(notes: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for note in notes for line in wrap(note, NOTE_LENGTH))
