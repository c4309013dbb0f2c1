"""Estimated skeletons against true ones.

May import: numpy and the files of ``modalities``.
"""
