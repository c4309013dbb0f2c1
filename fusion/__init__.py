"""From clips and feature maps to decisions.

Index and datasets, loading, models with attention and heads, training, predictions and their fusion, evaluation,
inference and pictures. It stands on ``modalities``; ``tools`` stand on it.
"""
