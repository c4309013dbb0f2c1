"""One dataset a file: what was downloaded → records, skeleton files and a report of what was dropped.

May import: ``modalities``, ``fusion.data``. Only these files parse the file names of datasets.
"""
