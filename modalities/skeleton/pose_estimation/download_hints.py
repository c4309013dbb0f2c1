"""Cures of errors about weights: where to download them."""

from __future__ import annotations

from triad.modalities.detection.download_hints import YOLOX_CURE

POSE_CURE = (
    "give them with --pose-weights FILE: simplepose_coco17.onnx of https://github.com/dog-qiuqiu/Ultralight-SimplePose "
    "(SHA-256 401b3204f5998970c17678f8acc53d798ec79ce5c7b02167067c5b71c954a786), a MoveNet, an RTMPose or RTMO as "
    "ONNX, a YOLO-pose as Ultralytics export it or, with its --pose-config, an mmpose checkpoint, RTMPose and RTMO of "
    "https://github.com/open-mmlab/mmpose/tree/main/projects/rtmpose"
)
DETECTOR_CURE = f"{YOLOX_CURE}; or name one of torchvision's detectors with --detector-weights FILE, or whole_frame"
