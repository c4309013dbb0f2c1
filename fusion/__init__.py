"""From clips and feature maps to decisions: data alignment, attention, models, heads, evaluation.

Lives here: the index and its protocols, the dataset that reads every stream on one clock and one view, pose-driven
attention, the recognizer, late and SVM fusion, predictions, statistics, the ablation and its report.
May import: ``modalities`` and the third-party libraries of ``setup.cfg``. Never imports ``tools``.
"""
