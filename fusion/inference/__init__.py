"""Prediction on raw video: one decode, sliding windows, labels over time; and export of models to ONNX.

A window is prepared by the readers, the temporal sampler and the collation of ``test``, so both give the same scores.
"""
