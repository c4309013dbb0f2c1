"""The reading of a file that fits a network best: which prefix wraps its keys, and whose key names they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from torch import Tensor, nn

from triad.modalities.weights.report import WeightsReport
from triad.modalities.weights.reshaping import fit_shape, input_kernels, lateral_kernels
from triad.modalities.weights.sources import SOURCES

PREFIXES = ("module.", "_orig_mod.", "model.", "backbone.", "encoder.", "network.", "base_model.")
"""Prefixes that wrappers, recognizers and training programs put before a network's own keys."""
CLASSIFIERS = (
    *("fc.", "fcn.", "new_fc.", "fc_cls.", "classifier.", "head.", "heads.", "cls_head.", "logits.", "pre_logits."),
    *("aux1.", "aux2."),
)
"""Prefixes of classifiers in published files; left out where the network has no such keys."""
OWN_NAMES = "the network's own names"


class Reading(NamedTuple):
    """One way to read the keys of a file.

    Attributes:
        source: name of the source or of the prefix.
        tensors: tensors under the network's names, and under the file's where the source does not know them.
        outside_keys: keys of the file outside the prefix.
        from_layout: endings of keys that the source's files lack because the layout gives them.
    """

    source: str
    tensors: Mapping[str, Tensor]
    outside_keys: tuple[str, ...] = ()
    from_layout: tuple[str, ...] = ()


def match(
    network: nn.Module,
    weights: Mapping[str, Tensor],
    *,
    path: str,
    classifier: Sequence[str] = (),
    prefixes: Sequence[str] = (),
    allow_missing: Sequence[str] = (),
) -> tuple[dict[str, Tensor], WeightsReport]:
    """Return the tensors to load, in the network's names and shapes, and the report.

    Args:
        network: network to compare with.
        weights: tensors of a file by key.
        path: name of the file.
        classifier: prefixes of keys that are left out on both sides.
        prefixes: prefixes to try besides the known ones.
        allow_missing: prefixes of keys of the network that the file may lack.
    """
    expected = {key: value for key, value in network.state_dict().items() if not _is_left_out(key, classifier)}
    best_reading = max(readings(weights, prefixes), key=lambda reading: _num_common(reading.tensors, expected))
    head_prefixes = [head for head in CLASSIFIERS if not any(key.startswith(head) for key in expected)]
    reads_input = input_kernels(network)
    lateral = lateral_kernels(network)
    loaded: dict[str, Tensor] = {}
    left_out = list(best_reading.outside_keys)
    unexpected: list[str] = []
    reshaped: dict[str, str] = {}
    misshapen: dict[str, str] = {}
    for key, value in best_reading.tensors.items():
        if _is_left_out(key, (*classifier, *head_prefixes)):
            left_out.append(key)
        elif key not in expected:
            unexpected.append(key)
        elif value.shape == expected[key].shape:
            loaded[key] = value
        elif fitted := fit_shape(
            value, expected[key].shape, reads_input=key in reads_input, lateral_channels=lateral.get(key, 0)
        ):
            loaded[key], reshaped[key] = fitted
        else:
            misshapen[key] = f"{list(value.shape)}, not {list(expected[key].shape)}"
    missing = [
        key
        for key in expected
        if not (key in loaded or key in misshapen or key.startswith(tuple(allow_missing)))
        and not key.endswith(best_reading.from_layout)
    ]
    report = WeightsReport(
        path=path,
        network=type(network).__name__,
        source=best_reading.source,
        matched=tuple(loaded),
        missing=tuple(missing),
        unexpected=tuple(unexpected),
        reshaped=reshaped,
        misshapen=misshapen,
        left_out=tuple(left_out),
    )
    return loaded, report


def readings(weights: Mapping[str, Tensor], prefixes: Sequence[str] = ()) -> Iterator[Reading]:
    """Return every reading of a file: under each prefix as it is, and in the names of each source that knows it."""
    for prefix, tensors, outside_keys in _unwrapped(weights, (*prefixes, *PREFIXES)):
        yield Reading(f"names under '{prefix}'" if prefix else OWN_NAMES, tensors, outside_keys)
        for source in SOURCES:
            if source.knows(tensors):
                yield Reading(source.name, source.convert(tensors), outside_keys, source.from_layout)


def _unwrapped(
    weights: Mapping[str, Tensor], prefixes: Sequence[str], depth: int = 3
) -> Iterator[tuple[str, Mapping[str, Tensor], tuple[str, ...]]]:
    """Return the tensors as they are, and under each prefix or chain of prefixes, with the keys beside it."""
    yield "", weights, ()
    if depth == 0:
        return
    for prefix in prefixes:
        inner = {key.removeprefix(prefix): value for key, value in weights.items() if key.startswith(prefix)}
        if inner:
            outside = tuple(key for key in weights if not key.startswith(prefix))
            for name, tensors, inner_keys in _unwrapped(inner, prefixes, depth - 1):
                yield prefix + name, tensors, (*outside, *inner_keys)


def _num_common(tensors: Mapping[str, Tensor], expected: Mapping[str, Tensor]) -> int:
    """Return the number of keys that both have, those of equal shape twice."""
    common = tensors.keys() & expected.keys()
    return len(common) + sum(tensors[key].shape == expected[key].shape for key in common)


def _is_left_out(key: str, classifier: Sequence[str]) -> bool:
    """Return True for keys of the classifier and of BatchNorm's counters, which old files lack and nothing reads."""
    return key.startswith(tuple(classifier)) or key.endswith("num_batches_tracked")
