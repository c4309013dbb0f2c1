"""Opening of the streams that models read: made from the video's frames, read from a file, or absent for a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from triad.fusion.inference.interfaces import Model, StreamInput
from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.live import ExternalInputs, StreamSource
from triad.modalities.modality import get_modality
from triad.modalities.stopwatch import Stopwatch


@dataclass
class OpenedStreams:
    """Streams of a video, ready to be read.

    Args:
        models: models, with readers that convert joints where the estimated layout differs.
        clocks: clock of each stream by its name in an index; None where the video lacks the stream.
        stream_sources: source of each stream that the video has.
        notes: remarks for the user.
    """

    models: list[Model]
    clocks: dict[str, Source | None] = field(default_factory=dict)
    stream_sources: dict[str, StreamSource] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def open_streams(
    models: Sequence[Model], clock: Source, external_inputs: ExternalInputs | None, stopwatch: Stopwatch
) -> OpenedStreams:
    """Open every stream that a model reads; an unavailable one is absent, and noted.

    Args:
        models: models that predict.
        clock: clock of the video's frames, with their size.
        external_inputs: estimators and files that the user gives beside the video; None for none.
        stopwatch: stopwatch of conversion and estimation.

    Raises:
        InputError: If no stream is available, or one of the external inputs does not fit.
    """
    external_inputs = external_inputs or ExternalInputs()
    opened = OpenedStreams([])
    for model in models:
        inputs, notes = _adapt_readers(model.inputs, external_inputs)
        opened.models.append(replace(model, inputs=inputs))
        opened.notes += [*notes, *filter(None, [model.note])]
    reasons: dict[str, str] = {}
    modalities: dict[str, str] = {}
    for model in opened.models:
        for stream, stream_input in model.inputs.items():
            name = stream_input.source
            modality = stream_input.reader.modality
            if modalities.setdefault(name, modality) != modality:
                got = f"{modality} of stream '{stream}'"
                fail(f"readers of source '{name}'", f"be of one modality, {modalities[name]}", got)
            if name in opened.clocks:
                continue
            live_input = get_modality(modality).live
            live_stream = live_input.open(stream_input.reader, name, clock, external_inputs, stopwatch)
            opened.clocks[name] = live_stream.clock
            opened.notes += live_stream.notes
            if live_stream.entries is not None:
                opened.stream_sources[name] = live_stream.entries
            else:
                reasons[stream] = live_stream.reason
    if not opened.stream_sources:
        stream, reason = next(iter(reasons.items()))
        got, _, cure = reason.partition("; ")
        fail(f"stream '{stream}'", "be in the video or beside it", got, cure)
    if external_inputs.skeleton is not None and not any(get_modality(name).has_joints for name in modalities.values()):
        fail("--skeleton", "be read by a model", f"models of {', '.join(opened.clocks)}", "leave it out")
    if unread := sorted(set(external_inputs.files) - set(opened.clocks)):
        fail("--file", f"name a stream that the models read: {', '.join(opened.clocks)}", f"'{unread[0]}'")
    opened.notes += [
        f"stream '{stream}' is absent, the others predict without it: {reason}" for stream, reason in reasons.items()
    ]
    return opened


def _adapt_readers(
    inputs: Mapping[str, StreamInput], external_inputs: ExternalInputs
) -> tuple[dict[str, StreamInput], list[str]]:
    """Return inputs whose readers accept what the user's estimators make, and notes about those that changed."""
    adapted = dict(inputs)
    notes = []
    for stream, stream_input in inputs.items():
        change = get_modality(stream_input.reader.modality).live.adapt(
            stream_input.reader, stream_input.source, external_inputs
        )
        if change is not None:
            reader, note = change
            adapted[stream] = replace(stream_input, reader=reader)
            notes.append(f"stream '{stream}' {note}")
    return adapted, notes
