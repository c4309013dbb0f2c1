"""The pictures of a report: samples worth looking at, with what each stream took them for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fusion.evaluation import FusionCandidate, find_highlights
from fusion.evaluation.report import Picture
from fusion.index import Index
from fusion.predictions import Predictions
from fusion.rendering.contact_sheet import to_png
from fusion.rendering.explanation import Explanation
from fusion.rendering.sample_picture import render_sample
from modalities.checks import fail

COUNT, WIDTH = 5, 176
"""Columns and pixels of a cell: with the names beside them they fill a page, and can be read on it."""


def gallery(
    test: Predictions,
    systems: Sequence[FusionCandidate],
    index: Index,
    *,
    look_of: Callable[[str], Explanation] | None = None,
) -> list[Picture]:
    """A picture of each of :func:`~fusion.evaluation.find_highlights`, with its caption.

    Args:
        test: the predictions that were judged.
        systems: what said it.
        index: of the dataset that was predicted.
        look_of: where a model looks in a sample and why, see :func:`fusion.rendering.explanation.open_explainer`.

    Raises:
        InputError: if the predictions are of another dataset.
    """
    predicted = test.meta.get("dataset", index.dataset)
    if predicted != index.dataset:
        fail(f"dataset '{index.root}'", f"be that of the predictions, '{predicted}'", f"'{index.dataset}'")
    pictures = []
    for name, caption in find_highlights(test, systems):
        look = look_of(name) if look_of is not None else None
        sheet = render_sample(index, name, count=COUNT, width=WIDTH, look=look)
        pictures.append(Picture(caption, to_png(sheet)))
    return pictures
