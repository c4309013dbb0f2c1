"""True flow of a prepared dataset: MiniHome's, in ``truth/<id>.npz``; no model reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from triad.fusion.index import Index, Record
from triad.modalities.atomic_files import read_arrays
from triad.modalities.checks import check_choice, fail, printable
from triad.modalities.flow import FlowEvaluation, FlowFile
from triad.modalities.flow.estimators import FlowEstimator, resize_flow, scale_short_side
from triad.modalities.video import iter_frames

CURE = "prepare the dataset again (triad prepare)"
KEY = "flow"


def truth_of(index: Index, record: Record) -> Path | None:
    """Return the path of a record's true flow, or None."""
    path = index.root / "truth" / f"{record['id']}.npz"
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as archive:  # its table of contents; nothing is read
            return path if KEY in archive.files else None
    except Exception as error:  # zipfile and numpy raise half a dozen kinds for a damaged file
        fail(f"'{path}'", "be a readable .npz", f"{type(error).__name__}: {printable(error)}", CURE)


def read_truth(path: Path) -> np.ndarray:
    """Return true flow, float32 ``[T − 1, H, W, 2]``, pixels per frame interval.

    Raises:
        InputError: If the file is damaged.
    """
    return read_arrays(path, cure=CURE)[KEY].astype(np.float32)


def evaluate_dataset(
    index: Index,
    source: FlowEstimator | str,
    *,
    track: Callable[[list[Record]], Iterable[Record]] = iter,
) -> Iterator[FlowEvaluation]:
    """Yield estimated and true flow of every record whose true flow is known.

    Args:
        index: index of the dataset.
        source: name of an extracted stream of flow, or an estimator to run on the videos.
        track: wrapper of the records that shows the progress.

    Raises:
        InputError: If no record has true flow, the stream is unknown or no flow, a record lacks it, or files differ
            in size.
    """
    if isinstance(source, str):
        flows = [name for name, info in index.metainfo["streams"].items() if info["modality"] == "flow"]
        if not flows:
            fail(f"'{index.root}'", "hold extracted flow", "none", f"triad extract {index.root} --flow dis")
        check_choice(f"stream of flow in '{index.root}'", source, flows)
    records = [record for record in index.records if truth_of(index, record) is not None]
    if not records:
        fail(f"'{index.root}'", "have true flow (truth/<id>.npz, as MiniHome has)", "none")
    for record in track(records):
        path = truth_of(index, record)
        if path is not None:
            truth = read_truth(path)
            yield FlowEvaluation(record["id"], _estimate(index, record, source, truth), truth)


def _estimate(index: Index, record: Record, source: FlowEstimator | str, truth: np.ndarray) -> np.ndarray:
    num, height, width, _ = truth.shape
    size = (height, width)
    if not isinstance(source, str):
        return resize_flow(source(np.stack(list(iter_frames(index.root / record["sources"]["rgb"]["path"])))), size)
    entry = index.source(record, source)
    if entry is None:
        cure = "see which videos failed: triad extract OUT --status"
        fail(f"record '{record['id']}'", f"have stream '{source}'", sorted(record["sources"]), cure)
    file = FlowFile(entry.path)
    shape = [file.num, file.height, file.width]
    expected = [num, *scale_short_side(size, min(file.height, file.width))]  # the frames may have been scaled
    if shape != expected:
        fail(f"flow '{entry.path}'", f"be {expected} as its truth", shape, CURE)
    return resize_flow(file.read(np.arange(file.num)), size)
