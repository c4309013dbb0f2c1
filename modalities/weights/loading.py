"""Weights of a file into a network, with a report; what does not fit is refused."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from torch import Tensor, nn

from triad.modalities.checks import fail, shorten
from triad.modalities.weights.files import read_state_dict
from triad.modalities.weights.matching import match
from triad.modalities.weights.report import WeightsReport

CURE = "give the published file of this network, or re-save its weights alone: torch.save({'state_dict': weights}, …)"
_logger = logging.getLogger(__name__)
_skipped: ContextVar[bool] = ContextVar("skipped", default=False)
_collected: ContextVar[list[WeightsReport] | None] = ContextVar("collected_reports", default=None)


def load_weights(
    network: nn.Module,
    path: str | Path,
    *,
    classifier: Sequence[str] = (),
    prefixes: Sequence[str] = (),
    allow_missing: Sequence[str] = (),
    rename: Callable[[str], str] | None = None,
    strict: bool = True,
    subject: str = "weights file",
    cure: str = CURE,
) -> WeightsReport:
    """Load a file into a network and log one line about what matched.

    The key names may be the network's own, with or without a wrapper's prefix, or those of a source in
    :mod:`triad.modalities.weights.sources`. 2D kernels are inflated over time, kernels that read the input are averaged
    for another number of channels, and the classifiers and BatchNorm counters of files are left out.

    Args:
        network: network built for its own number of input channels.
        path: path of a file of ``torch.save`` or safetensors.
        classifier: prefixes of the network's classifier, which keeps its weights.
        prefixes: prefixes of the file's keys to try besides the known ones, e.g. ``"encoders.rgb."``.
        allow_missing: prefixes of keys of the network that the file may lack, such as layers that it adds.
        rename: function from a key of the file to the network's, for names that no source knows.
        strict: False to accept missing and unexpected keys as long as half of the network's tensors are found.
        subject: name of the file in errors.
        cure: advice to the user.

    Returns:
        The report. Inside :func:`collect_reports` nothing is loaded, and what does not match is not refused; inside
        :func:`skip_loading` nothing is read either.

    Raises:
        InputError: If the file is missing, holds more than tensors, or has a NaN or infinity in one that matches; if
            fewer than half of the network's tensors are in it, if one has another shape, or, with ``strict``, if a key
            is missing or unexpected.
    """
    if _skipped.get():
        return WeightsReport(path=str(path), network=type(network).__name__, source="not read")
    weights = read_state_dict(path, subject=subject, cure=cure)
    if rename is not None:
        weights = {rename(key): value for key, value in weights.items()}
    return load_tensors(
        network,
        weights,
        path=path,
        classifier=classifier,
        prefixes=prefixes,
        allow_missing=allow_missing,
        strict=strict,
        subject=subject,
        cure=cure,
    )


def load_tensors(
    network: nn.Module,
    weights: Mapping[str, Tensor],
    *,
    path: str | Path = "tensors",
    classifier: Sequence[str] = (),
    prefixes: Sequence[str] = (),
    allow_missing: Sequence[str] = (),
    strict: bool = True,
    subject: str = "weights file",
    cure: str = CURE,
) -> WeightsReport:
    """Load tensors by key into a network; arguments, result and errors are those of :func:`load_weights`."""
    tensors, report = match(
        network, weights, path=str(path), classifier=classifier, prefixes=prefixes, allow_missing=allow_missing
    )
    subject = f"{subject} '{path}'"
    _refuse_not_finite(tensors, subject)
    collected = _collected.get()
    if collected is not None:
        collected.append(report)
        return report
    _refuse(report, network, weights, strict=strict, subject=subject, cure=cure)
    network.load_state_dict(tensors, strict=False)
    _logger.info(str(report))
    return report


@contextmanager
def collect_reports() -> Iterator[list[WeightsReport]]:
    """Collect the reports of all files that are loaded in the block, where nothing is loaded or refused.

    For showing what would match, whichever class loads the file.
    """
    reports: list[WeightsReport] = []
    token = _collected.set(reports)
    try:
        yield reports
    finally:
        _collected.reset(token)


@contextmanager
def skip_loading() -> Iterator[None]:
    """Leave all files of :func:`load_weights` unread in the block.

    For models whose weights a checkpoint overwrites: the files that their training started from may be gone.
    """
    token = _skipped.set(True)
    try:
        yield
    finally:
        _skipped.reset(token)


def _refuse_not_finite(tensors: Mapping[str, Tensor], subject: str) -> None:
    for key, value in tensors.items():
        if value.is_floating_point() and not value.is_meta and not value.isfinite().all():
            cure = "take another checkpoint: the training of this one diverged"
            fail(f"'{key}' of {subject}", "be finite", "NaN or infinity", cure)


def _refuse(
    report: WeightsReport,
    network: nn.Module,
    weights: Mapping[str, Tensor],
    *,
    strict: bool,
    subject: str,
    cure: str,
) -> None:
    counts = f"{len(report.matched)} of {report.num_tensors} tensors match"
    if 2 * len(report.matched) < report.num_tensors:
        expected = [*report.missing, *report.misshapen]
        got = f"a file where {counts}: it has {shorten(sorted(weights))}; the network has {shorten(expected)}"
        fail(subject, f"be of {report.network}", got, cure)
    shapes = {key: list(value.shape) for key, value in network.state_dict().items()}
    for key, difference in report.misshapen.items():
        shape = difference.partition(", not ")[0]
        fail(f"'{key}' of {subject}", f"have shape {shapes[key]}", f"{shape} ({counts})", cure)
    if not strict:
        return
    for key in report.missing:
        fail(f"'{key}' of {subject}", f"have shape {shapes[key]}", f"nothing ({counts})", cure)
    for key in report.unexpected:
        shape = next((str(list(value.shape)) for name, value in weights.items() if name.endswith(key)), "a tensor")
        fail(f"'{key}' of {subject}", "be absent", f"{shape} ({counts})", cure)
