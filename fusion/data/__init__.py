"""From a prepared dataset to batches in which every stream shows the same time and the same view.

Lives here: the index, the protocols, ``prepare/`` (one dataset a file), MiniHome, the dataset and its collation.
May import: ``modalities`` and the rest of ``fusion.data``.
"""
