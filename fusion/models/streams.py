"""Encoding of streams; a stream that a sample lacks is handled here and only here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from triad.fusion.heads import pool
from triad.fusion.models.paired import PairedEncoder, StreamInput, encode_pair
from triad.fusion.models.presence import presence_of
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.valid_times import valid_at


@dataclass(frozen=True)
class StreamFeatures:
    """Features of one stream for the samples of a batch that have it.

    Args:
        samples: the samples of ``rows`` as numbers that the host knows; None if it does not.

    Shapes: ``rows`` int ``[P]``, the samples of the batch that have the stream; ``map`` ``[P, …]`` in ``axes``;
    ``valid`` bool ``[P, T]`` or ``[P, M, T]`` at the map's times; ``pooled`` ``[P, C]`` where the network pools itself;
    ``taps`` ``[P, …]``, inner maps by name.
    """

    rows: Tensor
    map: Tensor
    valid: Tensor
    axes: str
    pooled: Tensor | None = None
    taps: Mapping[str, Tensor] = field(default_factory=dict)
    samples: tuple[int, ...] | None = None

    def vector(self, temporal_bins: int = 1, statistics: Sequence[str] = ("mean",)) -> Tensor:
        """Return one vector a sample: the network's own, or the map pooled by :func:`triad.fusion.heads.pool`."""
        if self.pooled is not None:
            return self.pooled
        return pool(self.map, self.axes, self.valid, temporal_bins=temporal_bins, statistics=statistics)

    def with_map(self, feature_map: Tensor) -> StreamFeatures:
        return replace(self, map=feature_map, pooled=None)


def present_clips(entry: Mapping[str, Any]) -> StreamInput | None:
    """Return the clips of the samples that have the stream, None if no sample has it."""
    presence = presence_of(entry)
    rows = presence.rows
    if len(rows) == 0:
        return None
    return StreamInput(rows, take_rows(entry["data"], rows), take_rows(entry["valid"], rows), presence.samples)


def encode_stream(encoder: Encoder, entry: Mapping[str, Any]) -> tuple[StreamFeatures | None, Mapping[str, Tensor]]:
    """Run the encoder on the samples that have the stream; return their features and the encoder's auxiliary losses.

    Absent samples never reach the network, so that they cannot change batch statistics. If no sample has the stream,
    the features are None and the only loss is ``absent``, 0·Σ parameters: it ties the parameters to the loss, so that
    distributed training does not wait for their gradients.
    """
    clips = present_clips(entry)
    if clips is None:
        return None, _absent_loss(encoder, entry)
    persons = presence_of(entry).persons if encoder.takes_persons else None
    output = encoder(clips.data, clips.valid) if persons is None else encoder(clips.data, clips.valid, persons)
    return features_of(output, encoder.output_axes, clips), output.losses


def encode_streams(
    encoders: Mapping[str, Encoder], entries: Mapping[str, Mapping[str, Any]], paired: PairedEncoder | None = None
) -> tuple[dict[str, StreamFeatures], dict[str, Mapping[str, Tensor]]]:
    """Run the encoders of several streams, those of a pair in turn; return features and auxiliary losses by stream.

    Streams that no sample has are left out of the features, as :func:`encode_stream` says. Samples without one stream
    of a pair never reach its connections either.

    Args:
        encoders: encoders of all streams.
        entries: entries of the batch of the streams to encode.
        paired: connections between two of them; None for none.
    """
    features: dict[str, StreamFeatures] = {}
    losses: dict[str, Mapping[str, Tensor]] = {}
    pair = [name for name in entries if paired is not None and name in paired.streams]
    for name in entries:
        if name in pair:
            continue
        of_stream, losses[name] = encode_stream(encoders[name], entries[name])
        if of_stream is not None:
            features[name] = of_stream
    if paired is None or not pair:
        return features, losses
    clips = {name: present_clips(entries[name]) for name in pair}
    inputs = _with_shared_rows({name: clip for name, clip in clips.items() if clip is not None}, entries)
    for name in pair:
        losses[name] = {} if name in inputs else _absent_loss(encoders[name], entries[name])
    if len({id(clip.rows) for clip in inputs.values()}) != 1 or len(inputs) < len(paired.streams):
        tie = entries[pair[0]]["data"].new_zeros(()) + zero_loss(paired)  # perhaps no sample has both
        losses[pair[0]] = {**losses[pair[0]], "unpaired": tie}
    for name, output in encode_pair(paired, encoders, inputs).items():
        features[name] = features_of(output, encoders[name].output_axes, inputs[name])
    return features, losses


def _absent_loss(encoder: Encoder, entry: Mapping[str, Any]) -> dict[str, Tensor]:
    return {"absent": entry["data"].new_zeros(()) + zero_loss(encoder)}


def _with_shared_rows(
    inputs: dict[str, StreamInput], entries: Mapping[str, Mapping[str, Any]]
) -> dict[str, StreamInput]:
    """Return the clips with one object as rows of both streams where all samples have both."""
    if all(len(clip.rows) == len(entries[name]["present"]) for name, clip in inputs.items()):
        rows = next((clip.rows for clip in inputs.values()), None)
        return {name: clip._replace(rows=rows) for name, clip in inputs.items()} if rows is not None else inputs
    return inputs


def stored_features(entry: Mapping[str, Tensor], axes: str) -> StreamFeatures | None:
    """Return the features of the samples that have the stream, from those that were computed before; None if none has.

    Args:
        entry: ``map``, ``valid``, ``present`` and, of networks that pool, ``pooled``, for all samples of the batch.
        axes: axes of the map.
    """
    presence = presence_of(entry)
    rows = presence.rows
    if len(rows) == 0:
        return None
    pooled = take_rows(entry["pooled"], rows) if "pooled" in entry else None
    feature_map, valid = (take_rows(entry[key], rows) for key in ("map", "valid"))
    return StreamFeatures(rows, feature_map, valid, axes, pooled, samples=presence.samples)


def features_of(output: EncoderOutput, axes: str, clips: StreamInput) -> StreamFeatures:
    """Return the features of the samples of an encoder's input from its output."""
    num_times = output.map.shape[axes.index("T")] if "T" in axes else 1
    valid = valid_at(clips.valid, num_times)
    return StreamFeatures(clips.rows, output.map, valid, axes, output.pooled, output.taps, clips.samples)


def take_rows(values: Tensor, rows: Tensor) -> Tensor:
    """Return the values of the samples ``rows`` of a batch: ``[B, …]``, int ``[P]`` -> ``[P, …]``.

    Rows are in rising order, so that as many rows as samples are all samples, and nothing is copied.
    """
    return values if rows.shape[0] == values.shape[0] else values[rows]


def zero_loss(module: nn.Module | None) -> Tensor | float:
    """Return 0·Σ parameters: distributed training then finds a gradient, zero, where a module was not used."""
    return sum(parameter.sum() * 0 for parameter in module.parameters()) if module is not None else 0.0


def union_rows(features: Sequence[StreamFeatures], size: int) -> tuple[Tensor, tuple[int, ...] | None]:
    """Return the samples of a batch of ``size`` that have any of several streams, int ``[R]``, and their numbers.

    Where one stream is that of all samples its rows are returned as they are, so that an exported graph has no size
    that depends on values. The numbers are None where the host does not know those of a stream.
    """
    complete = next((stream for stream in features if stream.rows.shape[0] == size), None)
    if complete is not None:
        return complete.rows, complete.samples
    known: set[int] = set()
    for stream in features:
        if stream.samples is None:
            return torch.cat([one.rows for one in features]).unique(), None
        known |= {*stream.samples}
    samples = tuple(sorted(known))
    return torch.tensor(samples).to(features[0].rows.device, non_blocking=True), samples


def count_streams(rows: Sequence[Tensor], size: int) -> Tensor:
    """Return how many of several streams each sample of a batch of ``size`` has: int ``[P]`` each -> int ``[B]``."""
    count = torch.zeros(size, dtype=torch.int64, device=rows[0].device)
    for samples in rows:
        count = count.index_add(0, samples, torch.ones_like(samples))
    return count


def scatter(values: Tensor, rows: Tensor, size: int) -> Tensor:
    """Put the rows of present samples back into a batch of ``size``; zero elsewhere. ``[P, K]`` -> ``[B, K]``."""
    if len(rows) == size:
        return values
    return torch.zeros(size, *values.shape[1:], dtype=values.dtype, device=values.device).index_copy(0, rows, values)
