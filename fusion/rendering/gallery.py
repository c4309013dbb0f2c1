"""Gallery of a report: pictures of instructive samples with the prediction of each stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from triad.fusion.evaluation import FusionCandidate, find_highlights
from triad.fusion.evaluation.report import Picture
from triad.fusion.index import Index
from triad.fusion.predictions import Predictions
from triad.fusion.rendering.contact_sheet import to_png
from triad.fusion.rendering.explanation import Explanation
from triad.fusion.rendering.sample_picture import render_sample
from triad.modalities.checks import fail

NUM_COLUMNS = 5
CELL_WIDTH = 176
"""Pixels: with the names beside them, the cells fill a page and remain legible."""


def draw_gallery(
    test: Predictions,
    candidates: Sequence[FusionCandidate],
    index: Index,
    *,
    explain: Callable[[str], Explanation] | None = None,
) -> list[Picture]:
    """Return a picture of each of :func:`~triad.fusion.evaluation.find_highlights`, with its caption.

    Args:
        test: test predictions.
        candidates: fusions of them that are compared.
        index: index of the predicted dataset.
        explain: function from the id of a record to its explanation, see
            :func:`triad.fusion.rendering.open_explainer`; None draws the samples alone.

    Raises:
        InputError: If the predictions are of another dataset.
    """
    dataset = test.meta.get("dataset", index.dataset)
    if dataset != index.dataset:
        fail(f"dataset '{index.root}'", f"be that of the predictions, '{dataset}'", f"'{index.dataset}'")
    pictures = []
    for record_id, caption in find_highlights(test, candidates):
        explanation = explain(record_id) if explain is not None else None
        sheet = render_sample(index, record_id, num_columns=NUM_COLUMNS, cell_width=CELL_WIDTH, explanation=explanation)
        pictures.append(Picture(caption, to_png(sheet)))
    return pictures
