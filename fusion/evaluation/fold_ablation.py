"""Ablation of folds, which together test every clip once: fused and chosen fold by fold, judged as one test set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

import numpy as np

from triad.fusion.evaluation.aggregate import aggregate_folds
from triad.fusion.evaluation.fusion_candidates import FusionCandidate, Subset, select_by_subset
from triad.fusion.evaluation.joint_ablation import BY_SPLIT, SplitAblation
from triad.fusion.predictions import Predictions, align_classes


def join_fold_ablations(folds: Mapping[str, SplitAblation]) -> tuple[Predictions, list[FusionCandidate]]:
    """Return the joined test set of all folds and the candidates over it.

    In each fold a fusion was fitted on the validation predictions of that fold alone. A subset has a candidate for each
    fusion that all folds have and, where the folds chose differently, one of what each chose, ``by split``. Validation
    accuracies are means over the folds; fitted temperatures differ between them and are left out.

    Args:
        folds: ablations by protocol, over the same streams.

    Raises:
        InputError: If a sample is in two folds, or classes, dataset, streams or kinds differ.
    """
    tests = align_classes([fold.test for fold in folds.values()])
    order = np.argsort(np.concatenate([test.ids for test in tests]), kind="stable")
    selections = [select_by_subset(fold.candidates) for fold in folds.values()]
    candidates: list[FusionCandidate] = []
    for subset in selections[0]:
        by_fusion = [_by_fusion(fold.candidates, subset) for fold in folds.values()]
        for name in by_fusion[0]:
            if all(name in of_fold for of_fold in by_fusion):
                candidates.append(_join([of_fold[name] for of_fold in by_fusion], name, order))
        chosen = [selection[subset] for selection in selections]
        if len({candidate.fusion for candidate in chosen}) > 1:
            candidates.append(_join(chosen, BY_SPLIT, order))
    return aggregate_folds(tests), candidates


def _by_fusion(candidates: Sequence[FusionCandidate], subset: Subset) -> dict[str, FusionCandidate]:
    return {candidate.fusion: candidate for candidate in candidates if candidate.streams == subset}


def _join(candidates: Sequence[FusionCandidate], fusion: str, order: np.ndarray) -> FusionCandidate:
    return replace(
        candidates[0],
        fusion=fusion,
        scores=np.concatenate([candidate.scores for candidate in candidates])[order],
        present=np.concatenate([candidate.present for candidate in candidates])[order],
        validation=fmean(candidate.validation for candidate in candidates),
        temperature=None,
    )
