"""Poses out of frames: detectors, pose models, tracking, and the extractor that makes a stream of them.

May import: ``modalities.skeleton``, ``modalities.extraction.contract`` and the files of ``modalities``; onnxruntime,
torchvision and mmpose only where a model of theirs is built.
"""
