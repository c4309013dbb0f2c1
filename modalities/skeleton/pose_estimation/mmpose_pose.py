"""mmpose's top-down models: any of its configs with a checkpoint."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

import mmengine
import numpy as np
import torch
from mmengine import Config, DefaultScope

from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import fail
from triad.modalities.device import check_device
from triad.modalities.openmmlab import import_mmpose
from triad.modalities.plain_config import check_python
from triad.modalities.safe_load import read_tensors
from triad.modalities.skeleton.layouts import LAYOUTS
from triad.modalities.state_dict import check_state_dict

BATCH_SIZE = 32
CURE = (
    "give a config of mmpose, a path or one below its configs/, and with --pose-weights the checkpoint of that config"
)


class MmposePose:
    """Model of mmpose, run with the test pipeline of its own config.

    See :class:`triad.modalities.skeleton.pose_estimation.interfaces.PoseModel`.

    Args:
        config: path of the config, or its path below mmpose's own ``configs`` folder.
        weights: path of the checkpoint of that config.
        device: device as torch names it.

    Raises:
        ImportError: If mmpose is not installed.
        InputError: If a file is missing, config and checkpoint do not fit, or the model is not top-down or of joints
            that no 2D layout has.
    """

    def __init__(self, config: str | Path, weights: str | Path, *, device: str = "cpu") -> None:
        self.version = import_mmpose().__version__  # type: ignore[attr-defined]
        from mmpose.apis import init_model

        torch_device = check_device(device)
        path = _find_config(config)
        cure = f"take the checkpoint that belongs to '{path.name}'; one in training: publish it with mmpose's tools"
        content = read_tensors(weights, subject="pose weights", cure=cure, arrays=True)
        with _mmpose_scope(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The metainfo config file")  # it finds its own
            self.network = init_model(_read_config(path), checkpoint=None, device=torch_device)
        state = content.get("state_dict", content) if isinstance(content, Mapping) else content
        check_state_dict(self.network.state_dict(), state, subject=f"pose weights '{weights}'", cure=cure)
        self.network.load_state_dict(state)
        self.layout, self._num_joints = _find_layout(self.network.dataset_meta, path)
        self.settings = {"config": path.name, "config_sha256": _digest(self.network.cfg)}
        self.sha256 = sha256_of(weights)
        self.device = torch_device.type
        self._lock = Lock()  # mmengine's default scope belongs to the whole process

    @property
    def provenance(self) -> dict[str, Any]:
        versions = {"mmpose": self.version, "mmengine": mmengine.__version__, "torch": torch.__version__}
        return {"model": "mmpose", **self.settings, "device": self.device, "weights": self.sha256, **versions}

    def __call__(self, frames: np.ndarray, boxes: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
        from mmengine.dataset import Compose, pseudo_collate

        frame_of = np.repeat(np.arange(len(frames)), [len(frame_boxes) for frame_boxes in boxes])  # [N]
        poses: list[tuple[np.ndarray, np.ndarray]] = []
        with self._lock, _mmpose_scope(), torch.inference_mode():
            pipeline = Compose(self.network.cfg.test_dataloader.dataset.pipeline)
            samples = (
                pipeline(self._make_sample(frames[frame], box))
                for frame, box in zip(frame_of.tolist(), np.concatenate(boxes), strict=True)
            )
            while batch := list(islice(samples, BATCH_SIZE)):
                for sample in self.network.test_step(pseudo_collate(batch)):
                    persons = sample.pred_instances
                    keypoints = persons.keypoints[0, : self._num_joints]
                    poses.append((keypoints, persons.keypoint_scores[0, : self._num_joints]))
        return [
            self._stack([pose for frame, pose in zip(frame_of, poses, strict=True) if frame == number])
            for number in range(len(frames))
        ]

    def _make_sample(self, frame: np.ndarray, box: np.ndarray) -> dict[str, Any]:
        """Return the input of mmpose's pipelines: BGR, one box."""
        image = np.ascontiguousarray(frame[..., ::-1])
        return {"img": image, "bbox": box[None], "bbox_score": np.ones(1, np.float32), **self.network.dataset_meta}

    def _stack(self, poses: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
        points = np.array([keypoints for keypoints, _ in poses], np.float32).reshape(-1, self._num_joints, 2)
        scores = np.array([pose_scores for _, pose_scores in poses], np.float32).reshape(-1, self._num_joints)
        return points, np.clip(scores, 0, 1)


@contextmanager
def _mmpose_scope() -> Iterator[None]:
    """Let mmpose's names of modules be found within the block only."""
    with DefaultScope.overwrite_default_scope("mmpose"):
        yield


def _find_config(config: str | Path) -> Path:
    import mmpose

    shipped = Path(mmpose.__file__).parent / ".mim/configs" / config
    return shipped if not Path(config).exists() and shipped.is_file() else check_python("--pose-config", config, CURE)


def _read_config(path: Path) -> Config:
    try:
        config = Config.fromfile(path)
        kind = config.model.type
        pipeline = config.test_dataloader.dataset.pipeline
    except Exception as error:  # a config is a program
        fail(f"config '{path}'", "be a config of mmpose", f"{type(error).__name__}: {str(error).strip()[:120]}", CURE)
    if kind != "TopdownPoseEstimator" or not pipeline:
        fail(f"model of config '{path}'", "be a TopdownPoseEstimator", f"'{kind}'", CURE)
    return config


def _find_layout(meta: Mapping[str, Any], path: Path) -> tuple[str, int]:
    """Return the layout that mmpose's joints begin with, and its number of joints."""
    names = [meta["keypoint_id2name"][number] for number in range(meta["num_keypoints"])]
    for layout in LAYOUTS.values():
        if layout.dims == 2 and list(layout.joints) == names[: layout.num_joints]:
            return layout.name, layout.num_joints
    layouts = ", ".join(layout.name for layout in LAYOUTS.values() if layout.dims == 2)
    fail(f"joints of config '{path}'", f"begin with those of a 2D layout ({layouts})", names, CURE)


def _digest(config: Config) -> str:
    """Return a digest of what decides the result, which paths on this machine do not."""
    fields = {"model": config.model.to_dict(), "pipeline": list(config.test_dataloader.dataset.pipeline)}
    return hashlib.sha256(json.dumps(fields, sort_keys=True, default=str).encode()).hexdigest()
