"""mmpose's pose lifters as lifters of this project: any of its configs with a checkpoint of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope

from modalities.atomic_files import sha256_of
from modalities.checks import InputError, check_choice, check_file, fail
from modalities.openmmlab import import_mmpose
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.lifting.interfaces import Tracks
from modalities.skeleton.lifting.windows import window_index
from modalities.skeleton.poses import Poses
from modalities.skeleton.transforms import InterpolateMissing
from modalities.video_encoders.weights import load_published

LAYOUT = "h36m17"
SERVED = {"backbone": ("TCN", "DSTFormer"), "codec": ("VideoPoseLifting", "ImagePoseLifting", "MotionBERTLabel")}
AT_ONCE = 256  # windows
CURE = "give a config of mmpose's configs/body_3d_keypoint, trained on Human3.6M"
DROPPED = ("type", "data_preprocessor", "train_cfg", "semi_loss", "init_cfg")


class MmposeLifter:
    """A ``PoseLifter`` of mmpose, with its own network, normalisation and decoding.

    Serves VideoPose3D (Pavllo et al. 2019), the simple baseline (Martinez et al. 2017, A simple yet effective baseline
    for 3d human pose estimation) and MotionBERT (Zhu et al. 2023), as mmpose 1.3 configures them for Human3.6M. None
    can be told that a joint is lost: its place is interpolated over time, and in the middle of the person where it is
    never seen; what is lost in 2D stays so in 3D. What a trajectory head finds is left out, as mmpose leaves it out.

    Args:
        config: mmpose's config file, which is Python code and is run.
        checkpoint: weights of the same model; None leaves them random, for tests.

    Raises:
        ImportError: if mmpose is not installed, saying how to install it.
        InputError: if the config is of no such model, or the checkpoint of another one.
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
            load_published(self.model, self._checkpoint, input_kernel="")
        self.model.eval()
        backbone = self.model.backbone
        self.whole = settings["backbone"]["type"] == "DSTFormer"  # a window gives all of its frames, not one
        self.frames = backbone.temp_embed.shape[1] if self.whole else int(np.prod(backbone.kernel_sizes))
        self.causal = bool(getattr(backbone, "causal", False))
        self._settings = settings

    @property
    def provenance(self) -> dict[str, Any]:
        import mmpose

        weights = None if self._checkpoint is None else {"sha256": sha256_of(self._checkpoint)}
        model = {part: self._settings[part] for part in ("backbone", "head")}
        return {"lifter": "mmpose", "version": mmpose.__version__, "layout": LAYOUT, "model": model, "weights": weights}

    def __call__(self, poses: Poses, size_hw: tuple[int, int]) -> Poses:
        tracks = Tracks(poses, get_layout(LAYOUT))
        joints = np.zeros((*tracks.scores.shape, 3), np.float32)
        for person in tracks.present:
            scores = tracks.scores[person]
            joints[person] = self._lift(filled(tracks.pixels[person], scores > 0), scores, size_hw)
        return tracks.lifted(joints, complete=False)

    def _lift(self, pixels: np.ndarray, scores: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
        """``[T, V, 2]``, ``[T, V]`` -> ``[T, V, 3]``."""
        times, joints, _ = pixels.shape
        if self.whole:  # spans that do not overlap but the last one, which ends with the recording
            starts = [*range(0, max(times - self.frames, 0), self.frames), max(times - self.frames, 0)]
            windows = [np.arange(start, min(start + self.frames, times)) for start in starts]
        else:
            windows = list(window_index(times, frames=self.frames, causal=self.causal))
        lifted = np.zeros((times, joints, 3), np.float32)
        for first in range(0, len(windows), AT_ONCE):
            some = windows[first : first + AT_ONCE]
            found = self._predict([self._encode(pixels[window], scores[window], size_hw) for window in some])
            for place, (window, skeletons) in enumerate(zip(some, found, strict=True), first):
                lifted[window if self.whole else [place]] = skeletons.reshape(-1, joints, 3)
        return lifted

    def _encode(self, pixels: np.ndarray, scores: np.ndarray, size_hw: tuple[int, int]) -> dict[str, Any]:
        """A window as the config's codec normalises it, as mmpose's inference calls it: with an unknown target."""
        camera, targets = {"w": size_hw[1], "h": size_hw[0]}, len(pixels) if self.whole else 1
        extra = {
            "camera_param": camera,
            "factor": np.zeros(len(pixels), np.float32),
            "lifting_target": np.zeros((targets, pixels.shape[1], 3), np.float32),
            "lifting_target_visible": np.ones((targets, pixels.shape[1], 1), np.float32),
        }
        keys = self.codec.auxiliary_encode_keys
        options = {key: value for key, value in extra.items() if key in keys}
        encoded = self.codec.encode(pixels, scores, **options)
        return {"camera_param": camera, "flip_indices": list(get_layout(LAYOUT).mirror_index), **encoded}

    @torch.no_grad()
    def _predict(self, encoded: list[dict[str, Any]]) -> list[np.ndarray]:
        data = torch.from_numpy(np.stack([each["keypoint_labels"] for each in encoded]).astype(np.float32))
        told = ("target_root", "factor", "camera_param", "flip_indices")
        samples = [self._sample(metainfo={key: each[key] for key in told if key in each}) for each in encoded]
        if self.codec.__class__.__name__ != "MotionBERTLabel":
            for sample in samples:
                sample.pop("camera_param", None)
        found = self.model(data, samples, mode="predict")
        return [np.asarray(sample.pred_instances.keypoints, np.float32) for sample in found]


def read_config(path: str | Path) -> dict[str, Any]:
    """The model of one of mmpose's configs, as plain values that its ``PoseLifter`` takes.

    Raises:
        InputError: if it cannot be read, or is not of a lifter that is served.
    """
    path = check_file("mmpose's config", path, CURE)
    try:
        config = Config.fromfile(path, format_python_code=False)
    except Exception as error:  # a config is Python: anything can go wrong in it
        raise InputError(f"mmpose's config '{path}' cannot be read: {type(error).__name__}: {error}; {CURE}") from error
    model = config.get("model")
    if not isinstance(model, dict) or model.get("type") != "PoseLifter":
        kind = model.get("type") if isinstance(model, dict) else None
        fail(f"model of mmpose's config '{path}'", "be a PoseLifter", kind, CURE)
    plain: dict[str, Any] = Config(model).to_dict()
    codec = plain.get("head", {}).get("decoder") or {}
    for name, kind in (("backbone", plain.get("backbone", {}).get("type")), ("codec", codec.get("type"))):
        check_choice(f"{name} of mmpose's config '{path}'", str(kind), SERVED[name])
    joints = get_layout(LAYOUT).num_joints
    if codec.get("num_keypoints") != joints:
        fail(f"joints of mmpose's config '{path}'", f"be {joints}, Human3.6M's", codec.get("num_keypoints"), CURE)
    plain["backbone"].pop("init_cfg", None)  # where training started from
    return {name: value for name, value in plain.items() if name not in DROPPED}


def filled(pixels: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Lost joints interpolated over time, those never seen in the middle of the others; somebody must be seen.

    Shapes: ``[T, V, 2]``, bool ``[T, V]`` -> ``[T, V, 2]``.
    """
    points, known = (torch.from_numpy(each)[None, None] for each in (pixels, seen))
    whole, ever = (each[0, 0].numpy() for each in InterpolateMissing()(points, known, get_layout(LAYOUT)))
    middle = whole[:, ever[0]].mean(1, keepdims=True)  # [T, 1, 2]
    return np.where(ever[..., None], whole, middle).astype(np.float32)
