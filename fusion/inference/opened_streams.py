"""Streams of a video that models read: made of its frames, read from a file beside it, or absent for a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fusion.inference.interfaces import Model, StreamInput
from modalities.checks import fail
from modalities.extraction.stopwatch import Stopwatch
from modalities.live import ExternalInputs, StreamSource
from modalities.modality import get_modality
from modalities.source import Source


@dataclass
class OpenedStreams:
    """Streams of a video, ready to be read.

    Args:
        models: models with readers that convert, where joints come in another layout.
        sources: clocks by name of the stream in an index; None where the video has no such stream.
        parts: sources of the entries of those that it has.
        notes: notes for the user.
    """

    models: list[Model]
    sources: dict[str, Source | None] = field(default_factory=dict)
    parts: dict[str, StreamSource] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def open_sources(models: Sequence[Model], clock: Source, external: ExternalInputs, watch: Stopwatch) -> OpenedStreams:
    """Open every stream that a model reads; one that cannot be had is absent, and noted.

    Args:
        models: models that predict.
        clock: clock of the video's frames, with their size.
        external: files and estimators that the user gives beside the video.
        watch: stopwatch of the streams' work.

    Raises:
        InputError: if no stream is left, or something in ``external`` does not fit.
    """
    opened = OpenedStreams([])
    for model in models:
        inputs, notes = _adapt(model.inputs, external)
        opened.models.append(replace(model, inputs=inputs))
        opened.notes += notes
    reasons: dict[str, str] = {}
    for model in opened.models:
        for stream, stream_input in model.inputs.items():
            if stream_input.source in opened.sources:
                continue
            live = get_modality(stream_input.reader.modality).live
            opened_stream = live.open(stream_input.reader, stream_input.source, clock, external, watch)
            opened.sources[stream_input.source] = opened_stream.clock
            if opened_stream.entries is not None:
                opened.parts[stream_input.source] = opened_stream.entries
            else:
                reasons[stream] = opened_stream.reason
    if not opened.parts:
        stream, reason = next(iter(reasons.items()))
        got, _, cure = reason.partition("; ")
        fail(f"stream '{stream}'", "be in the video or beside it", got, cure)
    if unread := sorted(set(external.files) - set(opened.sources)):
        fail("--file", f"name a stream that the models read: {', '.join(opened.sources)}", f"'{unread[0]}'")
    opened.notes += [
        f"stream '{stream}' is absent, the others answer without it: {reason}" for stream, reason in reasons.items()
    ]
    return opened


def _adapt(inputs: Mapping[str, StreamInput], external: ExternalInputs) -> tuple[dict[str, StreamInput], list[str]]:
    """Return inputs whose readers take what the user's estimators make, and notes about those that changed."""
    adapted = dict(inputs)
    notes = []
    for stream, stream_input in inputs.items():
        change = get_modality(stream_input.reader.modality).live.adapt(stream_input.reader, external)
        if change is not None:
            reader, note = change
            adapted[stream] = replace(stream_input, reader=reader)
            notes.append(f"stream '{stream}' {note}")
    return adapted, notes
