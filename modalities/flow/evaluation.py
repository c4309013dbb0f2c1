"""Flow against its truth: estimators on Middlebury-format folders, stored flow on whatever truth is at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from modalities.checks import check_file, fail
from modalities.flow.error import flow_scores, mean_scores
from modalities.flow.estimator import FlowEstimator
from modalities.flow.estimators.resized import flow_at
from modalities.flow.middlebury import read_flo

FRAMES, TRUTH = ("frame10.png", "frame11.png"), "flow10.flo"
CURE = f"a sequence is a folder with {', '.join(FRAMES)} and {TRUTH}"


class FlowEvaluation(NamedTuple):
    """Flow and its truth.

    Shapes: ``estimate``, ``truth`` ``[..., 2]``, ``known`` bool ``[...]`` or None where all is known.
    """

    name: str
    estimate: np.ndarray
    truth: np.ndarray
    known: np.ndarray | None = None


def find_sequences(folder: str | Path) -> list[Path]:
    """Folders of Middlebury's format in ``folder``, by name; one that lacks a file is an error, not left out.

    Raises:
        InputError: if there is none, or one lacks a file.
    """
    folder = Path(folder)
    if not folder.is_dir():
        fail("folder of sequences", "be there", f"'{folder}'", CURE)
    names = {*FRAMES, TRUTH}
    found = sorted({path.parent for path in folder.glob("*/*") if path.name in names})
    if not found:
        fail(f"'{folder}'", "hold sequences in Middlebury's format", "none", CURE)
    for sequence in found:
        for name in (*FRAMES, TRUTH):
            check_file(f"sequence '{sequence.name}'", sequence / name, CURE)
    return found


def read_sequence(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frames uint8 ``[2, H, W, 3]`` RGB, flow float32 ``[H, W, 2]``, where it is known bool ``[H, W]``.

    Raises:
        InputError: if a file is damaged or sizes differ.
    """
    frames = [_picture(folder / name) for name in FRAMES]
    truth, known = read_flo(folder / TRUTH)
    for name, frame in zip(FRAMES, frames, strict=True):
        if frame.shape[:2] != truth.shape[:2]:
            (height, width), size = frame.shape[:2], f"{truth.shape[0]} × {truth.shape[1]}"
            fail(f"'{folder / name}'", f"be {size} as '{TRUTH}' beside it", f"{height} × {width}", "download it again")
    return np.stack(frames), truth, known


def _picture(path: Path) -> np.ndarray:
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert("RGB"))
    except (OSError, SyntaxError, ValueError) as error:  # SyntaxError: a PNG whose parts are damaged
        fail(f"'{path}'", "be a picture", f"{type(error).__name__}: {error}", "download it again")


def evaluate_folder(
    folder: str | Path, estimator: FlowEstimator, *, track: Callable[[list[Path]], Iterable[Path]] = iter
) -> Iterable[FlowEvaluation]:
    """What an estimator makes of every sequence of a folder, see :func:`find_sequences`.

    Args:
        folder: holds the sequences.
        estimator: makes the flow.
        track: shows how far it is.

    Raises:
        InputError: as :func:`find_sequences` and :func:`read_sequence`.
    """
    for sequence in track(find_sequences(folder)):
        frames, truth, known = read_sequence(sequence)
        yield FlowEvaluation(sequence.name, flow_at(estimator(frames), truth.shape[:2])[0], truth, known)


def evaluation_document(judged: Iterable[FlowEvaluation]) -> dict[str, Any]:
    """The document of ``evaluate flow``: ``{"sequences": {name: scores}, "mean": scores}``.

    See :func:`modalities.flow.error.flow_scores`; every sequence weighs the same in the mean.

    Raises:
        InputError: if there is none, or shapes differ.
    """
    rows = {each.name: flow_scores(each.estimate, each.truth, known=each.known) for each in judged}
    return {"sequences": rows, "mean": mean_scores(rows.values())}
