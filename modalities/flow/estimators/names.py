"""Names of flow estimators, ``[ptlflow:]NAME[@SIDE]``, and of the streams that they make."""

from __future__ import annotations

import re

from triad.modalities.checks import fail
from triad.modalities.flow.estimators.opencv import METHODS

PTLFLOW = "ptlflow:"
"""Prefix of the names of ptlflow's models."""


def split_short_side(name: str) -> tuple[str, int | None]:
    """Return the estimator of ``NAME@SIDE`` and the short side of its frames in pixels, None without ``@SIDE``.

    Raises:
        InputError: If the side is no number of pixels.
    """
    base, at, side = name.partition("@")
    if not at:
        return name, None
    if not re.fullmatch(r"[1-9]\d{0,4}", side):
        fail(f"short side of frames in '{name}'", "be pixels, as in dis@256", f"'{side}'")
    return base, int(side)


def is_network(name: str) -> bool:
    """Return whether an estimator is a network, which needs weights."""
    base, _ = split_short_side(name)
    return base not in METHODS


def stream_of_name(name: str) -> str:
    """Return the stream of an estimator, a folder name: ``flow_ptlflow_pwcnet``, ``flow_dis_at256``."""
    return f"flow_{name.replace(':', '_').replace('@', '_at')}"


def name_of_stream(stream: str) -> str:
    """Return the estimator of a stream that :func:`stream_of_name` named."""
    name = re.sub(r"_at([1-9]\d*)$", r"@\1", stream.removeprefix("flow_"))
    prefix = PTLFLOW.replace(":", "_")
    return f"{PTLFLOW}{name.removeprefix(prefix)}" if name.startswith(prefix) else name
