"""Lifters of mmpose: its own configs with narrow networks, and random weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from triad.modalities.openmmlab import import_mmpose
from triad.modalities.skeleton.lifting.mmpose_lifter import MmposeLifter

SHIPPED = "configs/body_3d_keypoint/{}/h36m/{}.py"
CONFIGS = {  # mmpose's own files, narrowed by these options
    "videopose3d": (
        SHIPPED.format("video_pose_lift", "video-pose-lift_tcn-27frm-supv_8xb128-160e_h36m"),
        {"model.backbone.stem_channels": 32, "model.head.in_channels": 32},
    ),
    "videopose3d_trajectory": (
        SHIPPED.format("video_pose_lift", "video-pose-lift_tcn-27frm-semi-supv_8xb64-200e_h36m"),
        {f"model.{key}": 32 for key in ("backbone.stem_channels", "head.in_channels")}
        | {f"model.traj_{key}": 32 for key in ("backbone.stem_channels", "head.in_channels")},
    ),
    "simple_baseline": (
        SHIPPED.format("image_pose_lift", "image-pose-lift_tcn_8xb64-200e_h36m"),
        {"model.backbone.stem_channels": 32, "model.head.in_channels": 32},
    ),
    "motionbert": (
        SHIPPED.format("motionbert", "motionbert_dstformer-243frm_8xb32-240e_h36m"),
        {"model.backbone.feat_size": 16, "model.backbone.depth": 1, "model.backbone.seq_len": 9}
        | {"model.head.in_channels": 16, "model.head.embedding_size": 16},
    ),
}


def write_config(name: str, folder: Path) -> Path:
    """Write mmpose's own config with a smaller network, as one file."""
    pytest.importorskip("mmpose")
    shipped = Path(import_mmpose().__file__).parent / ".mim" / CONFIGS[name][0]
    config = Config.fromfile(shipped, format_python_code=False)
    config.merge_from_dict(CONFIGS[name][1])
    path = folder / f"{name}.py"
    config.dump(path)
    return path


def make_lifter(name: str, folder: Path) -> MmposeLifter:
    """Return a lifter with random weights that were saved and loaded."""
    path = write_config(name, folder)
    torch.manual_seed(0)
    model = MmposeLifter(path, None).model
    for buffer in model.buffers():  # statistics of BatchNorm as they are after training
        if buffer.is_floating_point():
            buffer.uniform_(0.5, 1.5)
    torch.save({"state_dict": model.state_dict()}, folder / f"{name}.pth")
    return MmposeLifter(path, folder / f"{name}.pth")
