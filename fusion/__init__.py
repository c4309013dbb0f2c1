"""From clips and feature maps to decisions.

Index and datasets, loading, models with attention and heads, training, predictions and their fusion, evaluation,
inference and pictures. It stands on ``modalities``; ``tools`` stand on it.
"""

if __name__ == "fusion":  # a second copy of every module, whose classes would be registered twice
    raise ImportError("import triad.fusion: in a clone the folder fusion is only where its sources lie")
