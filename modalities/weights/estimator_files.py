"""Published weights files of the estimators that ``extract`` runs: flow, detectors, poses."""

from __future__ import annotations

from typing import NamedTuple

from torchvision import models

from triad.modalities.weights.published_files import PublishedFile

_RTMPOSE = "https://download.openmmlab.com/mmpose/v1/projects/rtmposev1"
_BODY = "seven datasets of bodies"


class EstimatorFile(NamedTuple):
    """Weights file of an estimator, and the options of ``extract`` that take it, ``{path}`` for its path."""

    file: PublishedFile
    options: str


def _of_torchvision(network: str, data: str, options: str) -> EstimatorFile:
    return EstimatorFile(PublishedFile(models.get_model_weights(network)["DEFAULT"].url, data), options)


ESTIMATOR_FILES = (
    _of_torchvision("raft_small", "FlyingChairs, FlyingThings3D", "--flow raft_small_fast --weights {path}"),
    _of_torchvision(
        "raft_large",
        "FlyingChairs, FlyingThings3D, Sintel, KITTI, HD1K",
        "--flow raft_large_fast --weights {path}",
    ),
    EstimatorFile(
        PublishedFile(
            "https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/yolox_nano.onnx",
            "COCO",
            digest="c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d",
        ),
        "--pose NAME --pose-weights FILE --detector {path}",
    ),
    *(
        _of_torchvision(
            network, "COCO", f"--pose NAME --pose-weights FILE --detector {network} --detector-weights {{path}}"
        )
        for network in ("fasterrcnn_mobilenet_v3_large_320_fpn", "fasterrcnn_resnet50_fpn_v2")
    ),
    EstimatorFile(
        PublishedFile(
            "https://github.com/dog-qiuqiu/Ultralight-SimplePose/raw/"
            "40f9b5d13ef53851d2c2747e2ad884cfb1476291/model/deploy.onnx",
            "COCO",
            "simplepose_coco17.onnx",
            "401b3204f5998970c17678f8acc53d798ec79ce5c7b02167067c5b71c954a786",
        ),
        "--pose simplepose --pose-weights {path} --detector yolox_nano.onnx",
    ),
    EstimatorFile(
        PublishedFile(f"{_RTMPOSE}/rtmpose-m_simcc-body7_pt-body7_420e-256x192-e48f03d0_20230504.pth", _BODY),
        "--pose rtmpose --pose-config rtmpose-m_8xb256-420e_body8-256x192.py --pose-weights {path} "
        "--detector yolox_nano.onnx",
    ),
)
"""Files by estimator; MoveNet's, of which no publisher offers ONNX, and MediaPipe's are converted by their users."""
