"""Report of which parts of a weights file the encoders of a config would load, without loading them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from mmengine.config import Config
from torch import Tensor

from triad.modalities.checks import check_choice, fail
from triad.modalities.meta_device import build_on_meta
from triad.modalities.registry import MODELS
from triad.modalities.weights import WeightsReport, collect_reports, load_tensors, read_state_dict

CURE = "give a file of torch.save or safetensors"


class StreamMatch(NamedTuple):
    """Report of one stream.

    Attributes:
        stream: name of the stream.
        option: option of a config with which the file is loaded so.
        report: what matched.
    """

    stream: str
    option: str
    report: WeightsReport

    def to_json(self) -> dict[str, Any]:
        """Return the row of ``--json``."""
        return {"stream": self.stream, "option": self.option, "fits": self.report.complete, **self.report.to_json()}


def match_streams(config: Config, path: str | Path, streams: Sequence[str] = ()) -> list[StreamMatch]:
    """Return for each stream of a config what its encoder would load of a file.

    An encoder with an argument ``weights`` is compared under the names of the network that it wraps, every encoder
    under its own names, as ``model.pretrained`` does; the reading with more matches counts. Networks are built on the
    meta device, so that none takes memory.

    Args:
        config: config of :func:`triad.fusion.training.config.build_config`.
        path: path of the file.
        streams: names of the streams; none for all.

    Raises:
        InputError: If the file cannot be read, or the config has no such stream.
    """
    for name in streams:
        check_choice("stream", name, config.streams)
    tensors = read_state_dict(path, subject="weights file", cure=CURE)
    names = streams or list(config.streams)
    return [_match_stream(name, config.streams[name]["encoder"], tensors, path) for name in names]


def choose_streams(config: Config, texts: Sequence[str]) -> list[StreamMatch]:
    """Return which streams of a config start from which files, as ``train --weights`` names them.

    Args:
        config: config of :func:`triad.fusion.training.config.build_config`.
        texts: ``STREAM=FILE``, or ``FILE`` for every stream whose encoder has most of its tensors in the file.

    Raises:
        InputError: If a file cannot be read, no encoder fits it, or two files are for one stream.
    """
    chosen: dict[str, StreamMatch] = {}
    for text in texts:
        stream, equals, path = text.partition("=")
        named = bool(equals) and stream in config.streams
        matches = match_streams(config, path if named else text, [stream] if named else ())
        fitting = [match for match in matches if 2 * len(match.report.matched) >= match.report.num_tensors]
        if not fitting:
            closest = max(matches, key=lambda match: len(match.report.matched))
            got = f"{closest.report} of stream '{closest.stream}'"
            cure = f"triad weights compare '{closest.report.path}' --config CONFIG lists the differences"
            fail(f"weights file '{closest.report.path}'", "fit an encoder of the config", got, cure)
        for match in fitting:
            if match.stream in chosen:
                files = f"'{chosen[match.stream].report.path}' and '{match.report.path}'"
                fail(f"--weights of stream '{match.stream}'", "be one file", files, "name them STREAM=FILE")
            chosen[match.stream] = match
    return list(chosen.values())


def _match_stream(
    name: str, encoder: Mapping[str, Any], tensors: Mapping[str, Tensor], path: str | Path
) -> StreamMatch:
    settings = {key: value for key, value in encoder.items() if key != "weights"}
    with collect_reports() as reports:
        network = build_on_meta(partial(MODELS.build, settings))
        load_tensors(network, tensors, path=path, prefixes=[f"encoders.{name}."])
    matches = [StreamMatch(name, f"model.pretrained.{name}", reports[-1])]
    if "weights" in inspect.signature(encoder["type"].__init__).parameters:
        with collect_reports() as reports:
            build_on_meta(partial(MODELS.build, {**settings, "weights": str(path)}))
        matches += [StreamMatch(name, f"streams.{name}.encoder.weights", report) for report in reports]
    return max(matches, key=lambda match: len(match.report.matched))
