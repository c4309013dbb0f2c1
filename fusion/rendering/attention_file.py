"""Attention maps of a record as a file of arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.rendering.explanation import Explanation
from triad.modalities.atomic_files import write_arrays
from triad.modalities.checks import fail


def write_attention(explanation: Explanation, record_id: str, path: str | Path) -> None:
    """Write all maps of a record, and the graphs that skeleton networks hold, as ``.npz`` without pickles.

    ``maps`` names the maps. Of each, ``weights/NAME`` are the weights in the axes of ``axes/NAME`` (``M`` person, ``T``
    time, ``H`` and ``W`` place, ``V`` joint, ``N`` part; of a graph ``MTVV``, target and source), ``stream/NAME`` is
    the stream that they weigh, ``driven/NAME`` whether the stream that drives them was there, and, where there are
    such axes, ``times/NAME`` are seconds, ``joints/NAME`` and ``names/NAME`` the joints and parts. ``id``, ``span``
    (seconds), ``view`` (crop ``x, y, width, height`` in fractions of the frame) and ``missing`` (streams that the
    record lacks) describe the clip.

    Args:
        explanation: explanation of the record.
        record_id: id of the record.
        path: path of the file.

    Raises:
        InputError: If there are no maps.
    """
    arrays: dict[str, Any] = {}
    names: list[str] = []
    streams = explanation.attention.streams
    for one in explanation.attention.maps:
        names.append(one.name)
        arrays |= _entry(one.name, one.weights, one.axes, one.stream, one.driven)
        if one.has("T"):
            arrays[f"times/{one.name}"] = one.times
        if one.names:
            arrays[f"names/{one.name}"] = np.array(one.names)
        layout = getattr(streams[one.stream].reader, "layout", None) if one.stream in streams else None
        if layout is not None and one.has("V") and one.weights.shape[one.axes.index("V")] == layout.num_joints:
            arrays[f"joints/{one.name}"] = np.array(layout.joints)
    for saliency in explanation.saliencies:
        if saliency.graph is not None:
            name = f"graph of {saliency.stream}"
            names.append(name)
            arrays |= _entry(name, saliency.graph, "MTVV", saliency.stream, True)
            size = saliency.graph.shape[1]
            arrays[f"times/{name}"] = explanation.span.start + (np.arange(size) + 0.5) / size * explanation.span.length
            arrays[f"joints/{name}"] = np.array(saliency.reader.layout.joints)
    if not names:
        cure = "its model has none, or it lacks the stream that they weigh; leave out --maps"
        fail(f"sample '{record_id}'", "have attention maps", "none", cure)
    view = explanation.attention.view
    missing = explanation.attention.maps[0].missing if explanation.attention else ()
    described = {
        "maps": np.array(names),
        "id": np.array(record_id),
        "span": np.array(explanation.span),
        "view": np.array([view.x, view.y, view.width, view.height]),
        "missing": np.array(missing, dtype=np.str_),
    }
    write_arrays(path, **described, **arrays)


def _entry(name: str, weights: np.ndarray, axes: str, stream: str, driven: bool) -> dict[str, np.ndarray]:
    return {
        f"weights/{name}": weights.astype(np.float32),
        f"axes/{name}": np.array(axes),
        f"stream/{name}": np.array(stream),
        f"driven/{name}": np.array(driven),
    }
