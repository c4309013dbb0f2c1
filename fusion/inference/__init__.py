"""A trained model on raw video: one decode, sliding windows, labels over time, an annotated film.

A window is prepared by the readers, the clock and the collation of ``test``, so that both give the same scores.

May import: everything of ``fusion`` and ``modalities``.
"""
