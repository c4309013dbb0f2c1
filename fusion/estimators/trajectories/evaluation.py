"""Classification of dense trajectories: a Fisher vector a descriptor, a linear SVM a stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from triad.fusion.datasets import get_protocol, narrow, select
from triad.fusion.estimators.trajectories.descriptor_store import DescriptorStore
from triad.fusion.index import Index, Record, single_label
from triad.fusion.late_fusion.classifiers import choose_parameters, group_folds
from triad.fusion.predictions import FUSED, Predictions, groups_of, held_out_units
from triad.modalities.checks import fail
from triad.modalities.trajectories import DESCRIPTORS, FisherVector

STREAM_DESCRIPTORS = {
    "rgb_trajectories": ("hog",),
    "flow_trajectories": ("hof", "mbhx", "mbhy"),
    FUSED: DESCRIPTORS,
}
"""Streams of the predictions and the descriptors that each reads; the fused one is the published system."""
COMMAND = "triad trajectories"
"""Name of the command that makes the predictions, which no config describes, in their ``meta``."""
STRENGTHS = (1.0, 10.0, 100.0)
"""Values of the SVM's C that are tried."""
NUM_FOLDS = 4


def evaluate_trajectories(
    store: DescriptorStore,
    index: Index,
    protocol: str,
    splits: Sequence[str],
    *,
    train_split: str = "train",
    num_gaussians: int = 64,
    seed: int = 0,
) -> dict[str, Predictions]:
    """Return the predictions of several splits, with the streams of :data:`STREAM_DESCRIPTORS`.

    PCA, mixtures and SVMs are fitted on the training split; C is chosen in cross-validation inside it, over whole
    people or source videos.

    Args:
        store: descriptors of all clips.
        index: index of the dataset.
        protocol: name of the protocol.
        splits: names of the splits to predict.
        train_split: split that everything is fitted on; ``train+val`` once all choices are made.
        num_gaussians: number of Gaussians of each mixture.
        seed: seed of the mixtures.

    Raises:
        InputError: If a split is empty or trains what it tests, or a file of the store is missing.
    """
    narrowed, parts = select_parts(index, protocol, splits, train_split)
    vectors: dict[str, dict[str, np.ndarray]] = {split: {} for split in parts}
    for descriptor in DESCRIPTORS:
        encoder = FisherVector(num_gaussians=num_gaussians, seed=seed)
        encoder.fit([store.read(record, descriptor) for record in parts[train_split]])
        for split, records in parts.items():
            vectors[split][descriptor] = encoder.transform([store.read(record, descriptor) for record in records])
    labels = _labels(parts[train_split])
    train_ids = [record["id"] for record in parts[train_split]]
    groups = held_out_units(groups_of(parts[train_split], train_ids), train_ids)
    scores: dict[str, dict[str, np.ndarray]] = {split: {} for split in splits}
    for stream, descriptors in STREAM_DESCRIPTORS.items():
        classifier = _fit_svm(_concatenate(vectors[train_split], descriptors), labels, groups)
        for split in splits:
            margins = classifier.decision_function(_concatenate(vectors[split], descriptors))
            scores[split][stream] = _over_all_classes(margins, classifier.classes_, len(narrowed.classes))
    meta = {"dataset": index.dataset, "protocol": protocol, "seed": seed, "command": COMMAND}
    return {
        split: _predictions(parts[split], narrowed.classes, scores[split], {**meta, "split": split}) for split in splits
    }


def select_parts(
    index: Index, protocol: str, splits: Sequence[str], train_split: str
) -> tuple[Index, dict[str, list[Record]]]:
    """Return the index as the protocol narrows it, and the records of each split; of training those with a label.

    Raises:
        InputError: If there is no such protocol or split, a split is empty or trains what it tests, or training has
            fewer than two classes.
    """
    for split in splits:
        if split in train_split.split("+"):
            fail("splits to predict", f"not be in the training split '{train_split}'", f"'{split}'")
    rule = get_protocol(index.dataset, protocol)
    narrowed = narrow(index, rule)
    parts = {split: select(narrowed.records, rule, split) for split in (train_split, *splits)}
    labelled = [record for record in parts[train_split] if record["label"] is not None]
    num_classes = len(set(_labels(labelled).tolist()))
    if num_classes < 2:
        fail(f"training split '{train_split}'", "have labelled clips of at least two classes", num_classes)
    return narrowed, {**parts, train_split: labelled}


def _fit_svm(vectors: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> LinearSVC:
    """Return the SVM with the C of the best mean class accuracy in cross-validation; of equals the smallest C."""
    pipeline = Pipeline([("vectors", "passthrough"), ("classifier", LinearSVC(random_state=0))])
    folds = group_folds(labels, groups, NUM_FOLDS)
    chosen = choose_parameters(pipeline, {"C": STRENGTHS}, vectors, labels, folds)
    return LinearSVC(**chosen, random_state=0).fit(vectors, labels)


def _over_all_classes(margins: np.ndarray, classes: np.ndarray, num_classes: int) -> np.ndarray:
    """Return margins over all classes, float32 ``[N, K]``; classes without a training sample lie below all others."""
    if margins.ndim == 1:  # of two classes scikit-learn gives the margin of the second
        margins = np.stack([-margins, margins], axis=1)
    scores = np.full((len(margins), num_classes), margins.min() - 1, np.float32)
    scores[:, classes] = margins
    return scores


def _concatenate(vectors: Mapping[str, np.ndarray], descriptors: Sequence[str]) -> np.ndarray:
    return np.concatenate([vectors[descriptor] for descriptor in descriptors], axis=1)


def _labels(records: Sequence[Record]) -> np.ndarray:
    labels = [single_label(record, "trajectories are classified by one class a clip") for record in records]
    return np.array([-1 if label is None else label for label in labels])


def _predictions(
    records: Sequence[Record], classes: Sequence[str], scores: Mapping[str, np.ndarray], meta: dict[str, Any]
) -> Predictions:
    ids = [record["id"] for record in records]
    return Predictions(
        ids=np.array(ids),
        labels=_labels(records),
        classes=tuple(classes),
        scores=scores,
        kinds=dict.fromkeys(scores, "margin"),
        groups=groups_of(records, ids),
        meta=meta,
    )
