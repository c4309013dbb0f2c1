"""Cure of errors about the weights of detectors: where to download them."""

from __future__ import annotations

YOLOX_CURE = (
    "give it with --detector FILE: yolox_nano.onnx of https://github.com/opencv/opencv_zoo "
    "(SHA-256 c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d) or another YOLOX as ONNX of "
    "https://github.com/Megvii-BaseDetection/YOLOX"
)
