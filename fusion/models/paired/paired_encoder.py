"""Interface of connections between the stages of two encoders."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from triad.modalities.checks import check_shape, fail
from triad.modalities.encoder import Encoder, EncoderOutput, MapEncoder
from triad.modalities.meta_device import true_indices


class StreamInput(NamedTuple):
    """Clips of the samples that have a stream.

    Attributes:
        rows: these samples of the batch, int ``[P]``.
        data: clips, ``[P, C, T, H, W]``.
        valid: valid times, bool ``[P, T]``.
        samples: the samples as numbers that the host knows; None if it does not.
    """

    rows: Tensor
    data: Tensor
    valid: Tensor
    samples: tuple[int, ...] | None = None


class PairedEncoder(nn.Module, ABC):
    """Base of connections between the encoders of two streams.

    Both encoders run to the first stop, send each other maps, receive them, run to the next stop and so on. A sample
    that lacks one of the streams receives zeros, and nothing where no sample of the batch has both.

    Attributes:
        streams: names of the two streams.
        stops: numbers of steps that the first and the second encoder have run before each exchange.
    """

    streams: tuple[str, str]
    stops: Sequence[tuple[int, int]] = ()

    @abstractmethod
    def send(self, index: int, source: str, state: Tensor, size: Sequence[int]) -> Tensor | None:
        """Return what a stream sends to the other one at an exchange, None for nothing.

        Args:
            index: number of the exchange.
            source: name of the stream that sends.
            state: its map, of the samples that have both streams.
            size: times, rows and columns of the other stream's map.
        """
        ...

    @abstractmethod
    def receive(self, index: int, target: str, state: Tensor, message: Tensor | None) -> Tensor:
        """Return the map with which a stream goes on after an exchange.

        Args:
            index: number of the exchange.
            target: name of the stream that receives.
            state: its map, ``[P, C, T, H, W]``.
            message: what the other stream sent, zeros for samples without it; None where it sent nothing.
        """
        ...


def check_steps(module: str, streams: Sequence[str], step_shapes: Mapping[str, Sequence[tuple[int, ...]]]) -> None:
    """Check that both streams have an encoder that can be entered between its stages.

    Args:
        module: name of the class, for messages.
        streams: names of the streams.
        step_shapes: shape of the map after each step, for streams whose encoder has steps.

    Raises:
        InputError: for a stream without.
    """
    for stream in streams:
        if stream not in step_shapes:
            cure = f"choose a convolutional network over maps; such streams are {', '.join(step_shapes) or 'none'}"
            fail(f"encoder of stream '{stream}' of {module}", "be one that can be entered between stages", "none", cure)


def encode_pair(
    paired: PairedEncoder, encoders: Mapping[str, Encoder], inputs: Mapping[str, StreamInput]
) -> dict[str, EncoderOutput]:
    """Run the encoders of both streams in turn; return the output of each stream that is given.

    Args:
        paired: connections between them.
        encoders: encoders of both streams.
        inputs: clips of one or both streams. Equal objects as ``rows`` say that all samples have both.
    """
    steps = {name: _steps(encoders[name]) for name in inputs}
    states = {name: _checked(encoders[name], clip.data) for name, clip in inputs.items()}
    shared: dict[str, Tensor | None] = {}
    if len(inputs) == len(paired.streams):
        first, second = paired.streams
        positions = _common_positions(inputs[first], inputs[second])
        shared = dict(zip(paired.streams, positions, strict=True)) if positions else {}
    done = 0, 0
    for index, stops in enumerate([*paired.stops, tuple(len(steps.get(name, ())) for name in paired.streams)]):
        for name, start, stop in zip(paired.streams, done, stops, strict=True):
            for step in steps[name][start:stop] if name in steps else ():
                states[name] = step(states[name])
        done = stops[0], stops[1]
        if index < len(paired.stops):
            messages = _messages(paired, index, states, shared)
            states = {name: paired.receive(index, name, state, messages.get(name)) for name, state in states.items()}
    return {name: EncoderOutput(state) for name, state in states.items()}


def _messages(
    paired: PairedEncoder, index: int, states: Mapping[str, Tensor], shared: Mapping[str, Tensor | None]
) -> dict[str, Tensor]:
    """Return what each stream receives, zeros for its samples without the other stream."""
    messages: dict[str, Tensor] = {}
    if not shared:
        return messages
    for source, target in (paired.streams, paired.streams[::-1]):
        positions = shared[source]
        state = states[source] if positions is None else states[source][positions]
        message = paired.send(index, source, state, states[target].shape[2:])
        if message is None:
            continue
        of_target = shared[target]
        if of_target is not None:
            blank = message.new_zeros(len(states[target]), *message.shape[1:])
            message = blank.index_copy(0, of_target, message)
        messages[target] = message
    return messages


def _common_positions(first: StreamInput, second: StreamInput) -> tuple[Tensor | None, Tensor | None] | tuple[()]:
    """Return the positions of the samples that are in both, in the same order; None for all, nothing for none."""
    if first.rows is second.rows:
        return None, None
    if first.samples is not None and second.samples is not None:
        common = [sample for sample in first.samples if sample in second.samples]
        if not common:
            return ()
        positions = [[samples.index(sample) for sample in common] for samples in (first.samples, second.samples)]
        of_first, of_second = torch.tensor(positions).to(first.rows.device, non_blocking=True)
        return of_first, of_second
    same = first.rows[:, None] == second.rows[None]  # [P, Q]
    found = true_indices(same.any(1))
    if len(found) == 0:
        return ()
    return found, same.to(torch.uint8).argmax(1)[found]


def _steps(encoder: Encoder) -> Sequence:
    return encoder.steps() if isinstance(encoder, MapEncoder) else ()


def _checked(encoder: Encoder, data: Tensor) -> Tensor:
    check_shape(f"input of {type(encoder).__name__}", data, ["B", encoder.in_channels, "T", "H", "W"])
    return data
