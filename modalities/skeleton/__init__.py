"""Skeletons: joint layouts, their graphs, the reader, transforms on the device, encoders, pictures.

May import: torch, torch-geometric, OpenCV and the files of ``modalities``; never ``modalities.rgb`` or ``flow``.
"""
