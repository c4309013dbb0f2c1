"""mmpose's top-down models: any config and checkpoint."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mmengine
import numpy as np
import torch
from mmengine import Config, DefaultScope

from modalities.atomic_files import sha256_of
from modalities.checks import check_file, fail
from modalities.device import check_device
from modalities.openmmlab import import_mmpose
from modalities.safe_load import read_tensors
from modalities.skeleton.layouts import LAYOUTS
from modalities.state_dict import check_state_dict

BATCH = 32
CURE = (
    "give a config of mmpose, a path or one below its configs/, and with --pose-weights the checkpoint of that config"
)


class MmposePose:
    """Runs the config's own test pipeline and network, see ``contract.PoseModel``.

    Args:
        config: path, or path below the ``configs`` folder that mmpose brings.
        weights: its checkpoint.
        device: as torch names it.

    Raises:
        ImportError: if mmpose is not installed.
        InputError: if a file is missing, they do not belong together, or the model is not top-down or of joints that no
            2D layout has.
    """

    def __init__(self, config: str | Path, weights: str | Path, *, device: str = "cpu") -> None:
        self.version = import_mmpose().__version__  # type: ignore[attr-defined]
        from mmpose.apis import init_model

        where, path = check_device(device), _config_path(config)
        cure = f"take the checkpoint that belongs to '{path.name}'; one in training: publish it with mmpose's tools"
        content = read_tensors(weights, what="pose weights", cure=cure, arrays=True)
        with _scope(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The metainfo config file")  # it finds the one it brought
            self.network = init_model(_read(path), checkpoint=None, device=where)
        state = content.get("state_dict", content) if isinstance(content, Mapping) else content
        check_state_dict(self.network.state_dict(), state, subject=f"pose weights '{weights}'", cure=cure)
        self.network.load_state_dict(state)
        self.layout, self._joints = _layout_of(self.network.dataset_meta, path)
        self.settings = {"config": path.name, "config_sha256": _digest(self.network.cfg)}
        self.sha256, self.device = sha256_of(weights), where.type

    @property
    def provenance(self) -> dict[str, Any]:
        versions = {"mmpose": self.version, "mmengine": mmengine.__version__, "torch": torch.__version__}
        return {"model": "mmpose", **self.settings, "device": self.device, "weights": self.sha256, **versions}

    def __call__(self, frames: np.ndarray, boxes: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
        from mmengine.dataset import Compose, pseudo_collate

        owners = np.repeat(np.arange(len(frames)), [len(each) for each in boxes])
        found: list[tuple[np.ndarray, np.ndarray]] = []
        with _scope(), torch.inference_mode():
            pipeline = Compose(self.network.cfg.test_dataloader.dataset.pipeline)
            crops = (
                pipeline(self._sample(frames[owner], box))
                for owner, box in zip(owners.tolist(), np.concatenate(boxes), strict=True)
            )
            for batch in _batches(crops):
                for sample in self.network.test_step(pseudo_collate(batch)):
                    people = sample.pred_instances
                    found.append((people.keypoints[0, : self._joints], people.keypoint_scores[0, : self._joints]))
        return [
            self._of_frame([pair for owner, pair in zip(owners, found, strict=True) if owner == number])
            for number in range(len(frames))
        ]

    def _sample(self, frame: np.ndarray, box: np.ndarray) -> dict[str, Any]:
        """As mmpose's pipelines expect it: BGR, one box."""
        image = np.ascontiguousarray(frame[..., ::-1])
        return {"img": image, "bbox": box[None], "bbox_score": np.ones(1, np.float32), **self.network.dataset_meta}

    def _of_frame(self, pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
        points = np.array([pair[0] for pair in pairs], np.float32).reshape(-1, self._joints, 2)
        scores = np.array([pair[1] for pair in pairs], np.float32).reshape(-1, self._joints)
        return points, np.clip(scores, 0, 1)


@contextmanager
def _scope() -> Iterator[None]:
    """mmpose's names of modules for the block only; what it sets globally is undone."""
    with DefaultScope.overwrite_default_scope("mmpose"):
        yield


def _batches(items: Iterator[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _config_path(config: str | Path) -> Path:
    import mmpose

    brought = Path(mmpose.__file__).parent / ".mim/configs" / config
    return brought if not Path(config).exists() and brought.is_file() else check_file("--pose-config", config, CURE)


def _read(path: Path) -> Config:
    try:
        config = Config.fromfile(path)
        kind, pipeline = config.model.type, config.test_dataloader.dataset.pipeline
    except Exception as error:  # a config is a program
        fail(f"config '{path}'", "be a config of mmpose", f"{type(error).__name__}: {str(error).strip()[:120]}", CURE)
    if kind != "TopdownPoseEstimator" or not pipeline:
        fail(f"model of config '{path}'", "be a TopdownPoseEstimator", f"'{kind}'", CURE)
    return config


def _layout_of(meta: Mapping[str, Any], path: Path) -> tuple[str, int]:
    """Our layout of mmpose's joints, and how many of the first of them it has."""
    names = [meta["keypoint_id2name"][number] for number in range(meta["num_keypoints"])]
    for layout in LAYOUTS.values():
        if layout.dims == 2 and list(layout.joints) == names[: layout.num_joints]:
            return layout.name, layout.num_joints
    known = ", ".join(layout.name for layout in LAYOUTS.values() if layout.dims == 2)
    fail(f"joints of config '{path}'", f"begin with those of a 2D layout ({known})", names, CURE)


def _digest(config: Config) -> str:
    """Of what decides the result; paths on this machine do not."""
    parts = {"model": config.model.to_dict(), "pipeline": list(config.test_dataloader.dataset.pipeline)}
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
