"""mmpose's pose lifters: any of its configs for Human3.6M with a checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope

from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import InputError, check_choice, fail
from triad.modalities.openmmlab import import_mmpose
from triad.modalities.plain_config import check_python
from triad.modalities.skeleton import Poses, get_layout
from triad.modalities.skeleton.lifting.pixel_tracks import PixelTracks
from triad.modalities.skeleton.lifting.windowing import window_indices
from triad.modalities.skeleton.transforms import InterpolateMissing
from triad.modalities.weights import load_weights

LAYOUT = "h36m17"
SUPPORTED = {
    "backbone": ("TCN", "DSTFormer"),
    "codec": ("VideoPoseLifting", "ImagePoseLifting", "MotionBERTLabel"),
}
BATCH_SIZE = 256  # windows
CURE = "give a config of mmpose's configs/body_3d_keypoint, trained on Human3.6M"
DROPPED = ("type", "data_preprocessor", "train_cfg", "semi_loss", "init_cfg")
META_KEYS = ("target_root", "factor", "camera_param", "flip_indices")


class MmposeLifter:
    """A ``PoseLifter`` of mmpose with its own network, normalisation and decoding.

    It runs VideoPose3D (Pavllo et al. 2019), the simple baseline (Martinez et al. 2017, A simple yet effective baseline
    for 3d human pose estimation) and MotionBERT (Zhu et al. 2023), as mmpose 1.3 configures them for Human3.6M. None of
    them has an input for missing joints: these are interpolated over time, and put in the middle of the person where
    they are never visible; joints missing in 2D stay missing in 3D. The result of a trajectory head is ignored, as in
    mmpose.

    Args:
        config: path of mmpose's config file, which is Python code and is run.
        checkpoint: path of the weights of the same model; None leaves them random, for tests.

    Raises:
        ImportError: If mmpose is not installed, saying how to install it.
        InputError: If the config is of no such model, or the checkpoint of another one.
    """

    layout = LAYOUT

    def __init__(self, config: str | Path, checkpoint: str | Path | None) -> None:
        self._checkpoint = None if checkpoint is None else Path(checkpoint)
        settings = read_config(config)
        mmpose: Any = import_mmpose()
        from mmpose import codecs
        from mmpose.structures import PoseDataSample

        self._sample = PoseDataSample
        codec = dict(settings["head"]["decoder"])
        with DefaultScope.overwrite_default_scope("mmpose"):  # its own defaults are bare strings of that scope
            self.codec = getattr(codecs, codec.pop("type"))(**codec)
            self.model = mmpose.models.PoseLifter(**settings)
        if self._checkpoint is not None:
            load_weights(self.model, self._checkpoint)
        self.model.eval()
        backbone = self.model.backbone
        self.many_to_many = settings["backbone"]["type"] == "DSTFormer"  # all frames of a window, not one
        self.num_frames = backbone.temp_embed.shape[1] if self.many_to_many else int(np.prod(backbone.kernel_sizes))
        self.causal = bool(getattr(backbone, "causal", False))
        self._settings = settings

    @property
    def provenance(self) -> dict[str, Any]:
        import mmpose

        weights = None if self._checkpoint is None else {"sha256": sha256_of(self._checkpoint)}
        model = {name: self._settings[name] for name in ("backbone", "head")}
        return {"lifter": "mmpose", "version": mmpose.__version__, "layout": LAYOUT, "model": model, "weights": weights}

    def __call__(self, poses: Poses, size_hw: tuple[int, int]) -> Poses:
        tracks = PixelTracks(poses, get_layout(LAYOUT))
        joints = np.zeros((*tracks.scores.shape, 3), np.float32)
        for person in tracks.present:
            scores = tracks.scores[person]
            joints[person] = self._lift(fill_missing(tracks.pixels[person], scores > 0), scores, size_hw)
        return tracks.to_poses(joints, complete=False)

    def _lift(self, pixels: np.ndarray, scores: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
        """``[T, V, 2]``, ``[T, V]`` -> ``[T, V, 3]``."""
        num_times, num_joints, _ = pixels.shape
        if self.many_to_many:  # windows do not overlap but for the last one, which ends with the recording
            last_start = max(num_times - self.num_frames, 0)
            starts = [*range(0, last_start, self.num_frames), last_start]
            windows = [np.arange(start, min(start + self.num_frames, num_times)) for start in starts]
        else:
            windows = list(window_indices(num_times, frames=self.num_frames, causal=self.causal))
        joints = np.zeros((num_times, num_joints, 3), np.float32)
        for start in range(0, len(windows), BATCH_SIZE):
            batch = windows[start : start + BATCH_SIZE]
            results = self._predict([self._encode(pixels[window], scores[window], size_hw) for window in batch])
            for number, (window, skeletons) in enumerate(zip(batch, results, strict=True), start):
                joints[window if self.many_to_many else [number]] = skeletons.reshape(-1, num_joints, 3)
        return joints

    def _encode(self, pixels: np.ndarray, scores: np.ndarray, size_hw: tuple[int, int]) -> dict[str, Any]:
        """Return a window normalised by the config's codec, with an unknown target as in mmpose's inference."""
        camera = {"w": size_hw[1], "h": size_hw[0]}
        num_targets = len(pixels) if self.many_to_many else 1
        available = {
            "camera_param": camera,
            "factor": np.zeros(len(pixels), np.float32),
            "lifting_target": np.zeros((num_targets, pixels.shape[1], 3), np.float32),
            "lifting_target_visible": np.ones((num_targets, pixels.shape[1], 1), np.float32),
        }
        options = {key: value for key, value in available.items() if key in self.codec.auxiliary_encode_keys}
        encoded = self.codec.encode(pixels, scores, **options)
        return {"camera_param": camera, "flip_indices": list(get_layout(LAYOUT).mirror_index), **encoded}

    @torch.no_grad()
    def _predict(self, encoded: list[dict[str, Any]]) -> list[np.ndarray]:
        data = torch.from_numpy(np.stack([window["keypoint_labels"] for window in encoded]).astype(np.float32))
        samples = [
            self._sample(metainfo={key: window[key] for key in META_KEYS if key in window}) for window in encoded
        ]
        if self.codec.__class__.__name__ != "MotionBERTLabel":
            for sample in samples:
                sample.pop("camera_param", None)
        results = self.model(data, samples, mode="predict")
        return [np.asarray(sample.pred_instances.keypoints, np.float32) for sample in results]


def read_config(path: str | Path) -> dict[str, Any]:
    """Return the model of one of mmpose's configs as arguments of its ``PoseLifter``.

    Raises:
        InputError: If it cannot be read, or is not of a supported lifter.
    """
    path = check_python("mmpose's config", path, CURE)
    try:
        config = Config.fromfile(path, format_python_code=False)
    except Exception as error:  # a config is Python: anything can go wrong in it
        raise InputError(f"mmpose's config '{path}' cannot be read: {type(error).__name__}: {error}; {CURE}") from error
    model = config.get("model")
    if not isinstance(model, dict) or model.get("type") != "PoseLifter":
        kind = model.get("type") if isinstance(model, dict) else None
        fail(f"model of mmpose's config '{path}'", "be a PoseLifter", kind, CURE)
    settings: dict[str, Any] = Config(model).to_dict()
    codec = settings.get("head", {}).get("decoder") or {}
    for name, kind in (("backbone", settings.get("backbone", {}).get("type")), ("codec", codec.get("type"))):
        check_choice(f"{name} of mmpose's config '{path}'", str(kind), SUPPORTED[name])
    num_joints = get_layout(LAYOUT).num_joints
    if codec.get("num_keypoints") != num_joints:
        must = f"be {num_joints}, Human3.6M's"
        fail(f"joints of mmpose's config '{path}'", must, codec.get("num_keypoints"), CURE)
    settings["backbone"].pop("init_cfg", None)  # weights from which training started
    return {name: value for name, value in settings.items() if name not in DROPPED}


def fill_missing(pixels: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Return pixels with missing joints interpolated over time, or in the middle of the others if never visible.

    Args:
        pixels: pixels of one person.
        visible: True where a joint is visible; one must be.

    Shapes: ``[T, V, 2]``, bool ``[T, V]`` -> ``[T, V, 2]``.
    """
    points, mask = (torch.from_numpy(array)[None, None] for array in (pixels, visible))
    filled, ever_visible = (tensor[0, 0].numpy() for tensor in InterpolateMissing()(points, mask, get_layout(LAYOUT)))
    middle = filled[:, ever_visible[0]].mean(1, keepdims=True)  # [T, 1, 2]
    return np.where(ever_visible[..., None], filled, middle).astype(np.float32)
