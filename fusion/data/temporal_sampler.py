"""Sampling of spans and times: one span per temporal clip, in which every stream takes its own number of times."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from triad.modalities.checks import check_choice, fail
from triad.modalities.clips import (
    OUT_OF_BOUND,
    TIME_POLICIES,
    Reader,
    Source,
    Span,
    even_frame_span,
    even_spans,
    random_frame_span,
    random_span,
    sample_times,
)
from triad.modalities.registry import TRANSFORMS


@TRANSFORMS.register_module()
class TemporalSampler:
    """Temporal sampler that draws the span of a sample and the times of each stream in it.

    One policy holds for all streams of a dataset; training and test each have their own. A leaf whose network reads
    clips of constant stride reads the base ``datasets/jhmdb_dense.py``, or sets after its ``read_base``::

        dense = dict(policy="dense", clip_len=16, frame_interval=1, out_of_bound_opt="loop")
        train_dataloader.dataset.temporal_sampler.update(dense)
        val_dataloader.dataset.temporal_sampler.update(dense)
        test_dataloader.dataset.temporal_sampler.update(dense, num_clips=10)

    and ``num_frames=16`` of its streams. An I3D reads ``clip_len=64, frame_interval=1``, a SlowFast 8×8 ``clip_len=32,
    frame_interval=2`` with 32 frames, of which its slow pathway takes every fourth. Networks of flow stacks set
    ``update(policy="stack")`` in all three.

    Args:
        policy: ``segments``, ``uniform``, ``dense`` or ``stack``, see ``triad.modalities.clips.TIME_POLICIES``; None is
            ``segments`` in training and ``uniform`` at test. A test refuses ``segments``.
        length: length of a span in seconds; None takes the whole record, with ``dense`` its own length.
        min_span_ratio: smallest share of the record that a training span covers, in (0, 1]; used without ``length``,
            not by ``dense``.
        num_clips: number of spans spread evenly over the record at test time, whose scores are averaged. Without a
            ``length`` all are the whole record, and each takes another place of every segment, evenly spread (as the
            test clips of Duan et al. 2022, PYSKL, which draw them).
        clip_len: number of frames of a span of ``dense``, as in mmaction2's ``SampleFrames``. A span lasts ``clip_len``
            intervals, in which every stream takes its own ``num_frames`` at constant stride.
        frame_interval: interval of ``dense`` in frames of the record, see :func:`triad.fusion.index.clock_of`. With
            ``num_frames`` equal to ``clip_len``, the frames are those of ``SampleFrames``.
        interval: interval of ``dense`` in seconds, in place of ``frame_interval``: the same motion at any frame rate.
        out_of_bound_opt: what becomes of times past the end of a record that is shorter than the span, in mmaction2's
            words. ``repeat_last`` leaves the last entry of each stream on display and marks the times invalid, so that
            heads do not count them, though the network sees a still picture. ``loop`` begins again from the start:
            right for networks of fixed length on records as short as J-HMDB's 15 to 40 frames.

    Raises:
        InputError: If a value is out of its range, unknown, or belongs to another policy.
    """

    def __init__(
        self,
        *,
        policy: str | None = None,
        length: float | None = None,
        min_span_ratio: float = 1.0,
        num_clips: int = 1,
        clip_len: int | None = None,
        frame_interval: int | None = None,
        interval: float | None = None,
        out_of_bound_opt: str = "repeat_last",
    ) -> None:
        if policy is not None:
            check_choice("TemporalSampler.policy", policy, TIME_POLICIES)
        if length is not None and not length > 0:
            fail("TemporalSampler.length", "be a positive number of seconds or None", length)
        if not 0 < min_span_ratio <= 1:
            fail("TemporalSampler.min_span_ratio", "be in (0, 1]", min_span_ratio)
        if num_clips < 1:
            fail("TemporalSampler.num_clips", "be at least 1", num_clips)
        _check_dense(policy, clip_len=clip_len, frame_interval=frame_interval, interval=interval, length=length)
        self.policy = policy
        self.length = clip_len * interval if clip_len is not None and interval is not None else length
        self.min_span_ratio = min_span_ratio
        self.num_clips = num_clips
        self.clip_len = clip_len
        self.frame_interval = frame_interval
        self.out_of_bound_opt = check_choice("TemporalSampler.out_of_bound_opt", out_of_bound_opt, OUT_OF_BOUND)

    @property
    def counts_frames(self) -> bool:
        """Whether it needs the clock of a record's frames."""
        return self.frame_interval is not None or self.policy == "stack"

    def random_span(self, extent: Span, rng: np.random.Generator, clock: Source | None = None) -> Span:
        """Draw the span of a training sample.

        Args:
            extent: span of the record.
            rng: random generator.
            clock: clock of the record's frames; needed with ``frame_interval``.
        """
        if self.clip_len is not None and self.frame_interval is not None:
            num_frames = self.clip_len * self.frame_interval
            return random_frame_span(extent=extent, clock=_require(clock), num_frames=num_frames, rng=rng)
        length = extent.length * rng.uniform(self.min_span_ratio, 1.0) if self.length is None else self.length
        return random_span(extent=extent, length=length, rng=rng)

    def clip_span(self, extent: Span, number: int, clock: Source | None = None) -> Span:
        """Return the span of temporal clip ``number`` of a test sample.

        Args:
            extent: span of the record.
            number: number of the temporal clip.
            clock: clock of the record's frames; needed with ``frame_interval``.
        """
        if self.clip_len is not None and self.frame_interval is not None:
            return even_frame_span(
                extent=extent,
                clock=_require(clock),
                clip_len=self.clip_len,
                frame_interval=self.frame_interval,
                num_spans=self.num_clips,
                number=number,
            )
        return even_spans(extent=extent, length=self.length or extent.length, num_spans=self.num_clips)[number]

    def times(
        self,
        span: Span,
        num_frames: int,
        rng: np.random.Generator | None = None,
        number: int = 0,
        *,
        extent: Span | None = None,
        clock: Source | None = None,
        stack: int = 1,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return times by the policy, and whether they lie in the record.

        Args:
            span: span of the sample.
            num_frames: number of times.
            rng: random generator in training; None at test.
            number: number of the temporal clip; where all clips show one span, they take different times in it.
            extent: span of the record; None where no time can pass its end.
            clock: clock of the record's frames; needed with ``frame_interval`` and by the policy ``stack``.
            stack: number of fields of the longest stack of the dataset, see :func:`longest_stack`.

        Shapes: seconds, float64 ``[num_frames]``; bool ``[num_frames]``.
        """
        policy = self.policy or ("uniform" if rng is None else "segments")
        phase = (number + 0.5) / self.num_clips if self.length is None and rng is None else 0.5
        if self.counts_frames:
            clock = _require(clock)
            frames = Span(*clock.positions_at(np.array(span)).tolist())
            positions = sample_times(
                span=frames, num_frames=num_frames, policy=policy, rng=rng, phase=phase, stack_length=stack
            )
            times = clock.times_at(positions)
        else:
            times = sample_times(span=span, num_frames=num_frames, policy=policy, rng=rng, phase=phase)
        if extent is None:
            return times, np.ones(num_frames, bool)
        return OUT_OF_BOUND[self.out_of_bound_opt](times, extent)


def longest_stack(readers: Iterable[Reader]) -> int:
    """Return the number of consecutive entries of the longest stack that readers give at a time; 1 without stacks."""
    return max((getattr(reader, "stack", None) or 1 for reader in readers), default=1)


def _check_dense(
    policy: str | None,
    *,
    clip_len: int | None,
    frame_interval: int | None,
    interval: float | None,
    length: float | None,
) -> None:
    """Check that the options of ``dense`` are given if and only if it is the policy."""
    options = {"clip_len": clip_len, "frame_interval": frame_interval, "interval": interval}
    given = [name for name, value in options.items() if value is not None]
    if policy != "dense":
        if given:
            cure = "set policy='dense', or leave it out"
            fail(f"TemporalSampler.{given[0]}", "be given with the policy 'dense' alone", f"policy {policy!r}", cure)
        return
    if clip_len is None or clip_len < 1:
        fail("TemporalSampler.clip_len", "be at least 1 frame with the policy 'dense'", clip_len)
    if (frame_interval is None) == (interval is None):
        got = "neither" if interval is None else f"{frame_interval=} and {interval=}"
        fail("TemporalSampler", "have either frame_interval (frames) or interval (seconds)", got)
    if frame_interval is not None and (frame_interval < 1 or frame_interval != int(frame_interval)):
        fail("TemporalSampler.frame_interval", "be a whole number of frames from 1", frame_interval)
    if interval is not None and not interval > 0:
        fail("TemporalSampler.interval", "be a positive number of seconds", interval)
    if length is not None:
        fail("TemporalSampler.length", "be None with the policy 'dense'", length, "a span lasts clip_len intervals")


def _require(clock: Source | None) -> Source:
    if clock is None:
        fail("record", "have a clock of frames, which its temporal sampler counts", "none", "set another policy")
    return clock
