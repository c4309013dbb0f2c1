"""Evaluation of flow estimators on folders in Middlebury's format, and of stored flow against true flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from triad.modalities.checks import check_file, fail, printable
from triad.modalities.flow.estimators import FlowEstimator, resize_flow
from triad.modalities.flow.metrics import flow_scores, mean_scores
from triad.modalities.flow.storage import read_flo

FRAMES = ("frame10.png", "frame11.png")
TRUTH = "flow10.flo"
CURE = f"a sequence is a folder with {', '.join(FRAMES)} and {TRUTH}"


class FlowEvaluation(NamedTuple):
    """Estimated and true flow of a sequence.

    Shapes: ``estimate``, ``truth`` ``[..., 2]``; ``valid`` bool ``[...]``, None where the truth is known everywhere.
    """

    name: str
    estimate: np.ndarray
    truth: np.ndarray
    valid: np.ndarray | None = None


class FlowSequence(NamedTuple):
    """Two frames and the true flow between them.

    Shapes: ``frames`` uint8 ``[2, H, W, 3]``, RGB; ``truth`` float32 ``[H, W, 2]``; ``valid`` bool ``[H, W]``, whether
    the truth is known.
    """

    frames: np.ndarray
    truth: np.ndarray
    valid: np.ndarray


def find_sequences(folder: str | Path) -> list[Path]:
    """Return the folders of the sequences in ``folder``, sorted by name.

    Raises:
        InputError: If there is none, or one lacks a file.
    """
    folder = Path(folder)
    if not folder.is_dir():
        fail("folder of sequences", "exist", f"'{folder}'", CURE)
    file_names = {*FRAMES, TRUTH}
    sequences = sorted({path.parent for path in folder.glob("*/*") if path.name in file_names})
    if not sequences:
        fail(f"'{folder}'", "hold sequences in Middlebury's format", "none", CURE)
    for sequence in sequences:
        for name in (*FRAMES, TRUTH):
            check_file(f"sequence '{sequence.name}'", sequence / name, CURE)
    return sequences


def read_sequence(folder: Path) -> FlowSequence:
    """Read the frames and the true flow of a sequence.

    Raises:
        InputError: If a file is damaged or sizes differ.
    """
    frames = [_read_image(folder / name) for name in FRAMES]
    truth, valid = read_flo(folder / TRUTH)
    for name, frame in zip(FRAMES, frames, strict=True):
        if frame.shape[:2] != truth.shape[:2]:
            must = f"be {truth.shape[0]} × {truth.shape[1]} as '{TRUTH}' beside it"
            fail(f"'{folder / name}'", must, f"{frame.shape[0]} × {frame.shape[1]}", "download it again")
    return FlowSequence(np.stack(frames), truth, valid)


def _read_image(path: Path) -> np.ndarray:
    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB"))
    except Exception as error:  # Pillow raises half a dozen kinds, one of them for pictures that are too large
        fail(f"'{path}'", "be a picture", f"{type(error).__name__}: {printable(error)}", "download it again")


def evaluate_folder(
    folder: str | Path, estimator: FlowEstimator, *, track: Callable[[list[Path]], Iterable[Path]] = iter
) -> Iterator[FlowEvaluation]:
    """Estimate the flow of every sequence of a folder, see :func:`find_sequences`.

    Args:
        folder: folder that holds the sequences.
        estimator: estimator of the flow.
        track: iterator over the sequences that shows the progress.

    Raises:
        InputError: As :func:`find_sequences` and :func:`read_sequence`.
    """
    for path in track(find_sequences(folder)):
        frames, truth, valid = read_sequence(path)
        estimate = resize_flow(estimator(frames), truth.shape[:2])[0]
        yield FlowEvaluation(path.name, estimate, truth, valid)


def evaluation_document(evaluations: Iterable[FlowEvaluation]) -> dict[str, Any]:
    """Return the document of ``evaluate flow``: ``{"sequences": {name: scores}, "mean": scores}``.

    The scores are those of :func:`triad.modalities.flow.metrics.flow_scores`; all sequences weigh the same in the mean.

    Raises:
        InputError: If there is none, or shapes differ.
    """
    rows = {name: flow_scores(estimate, truth, valid=valid) for name, estimate, truth, valid in evaluations}
    return {"sequences": rows, "mean": mean_scores(rows.values())}
